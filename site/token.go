package site

import (
	"net/http"
	"strconv"
	"time"

	"waymark/access"
	"waymark/library"
	"waymark/locale"
)

// tokenRow is one token of a person; its secret is not known any more.
type tokenRow struct {
	ID, Name, Scope, Expires, Used string
}

// option is one value that a form offers.
type option struct {
	Value, Label string
	Chosen       bool
}

// tokens puts the person's tokens on their page, and the scopes they can give.
func (s *Site) tokens(r *http.Request, l *locale.Language, c access.Caller, p *accountPage) error {
	list, err := s.Entrance.Porter.Kept.Tokens.Tokens(r.Context(), c.Person.ID)
	if err != nil {
		return err
	}
	for _, t := range list {
		row := tokenRow{ID: string(t.ID), Name: t.Name, Expires: l.Day(t.Expires), Used: l.T("account.never")}
		if !t.Used.IsZero() {
			row.Used = l.Day(t.Used)
		}
		var scopes []string
		for _, x := range t.Scopes {
			scopes = append(scopes, l.T("scope."+string(x)))
		}
		row.Scope = l.List(scopes)
		p.Tokens = append(p.Tokens, row)
	}
	for _, x := range access.Scopes() {
		if x.Role() <= c.Person.Role {
			p.Scopes = append(p.Scopes, option{string(x), l.T("scope." + string(x)), x == access.ScopeRead})
		}
	}
	return nil
}

// addToken makes a token and shows its secret, once.
func (s *Site) addToken(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	c, ok := s.personal(w, r, l)
	if !ok {
		return nil
	}
	days, _ := strconv.Atoi(r.PostFormValue("days")) // 0 is refused below
	secret, token, err := s.Entrance.Porter.AddToken(r.Context(), c.Person, r.PostFormValue("name"),
		[]access.Scope{access.Scope(r.PostFormValue("scope"))}, time.Duration(days)*24*time.Hour)
	if err != nil {
		return s.accountProblem(w, r, l, c, err)
	}
	access.Note("token "+string(token.ID), c.Viewer, c.Person.ID)
	return s.showAccount(w, r, l, c, func(p *accountPage) int { p.NewToken = secret; return http.StatusOK })
}

func (s *Site) removeToken(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	c, ok := s.personal(w, r, l)
	if !ok {
		return nil
	}
	if err := s.Entrance.Porter.Kept.Tokens.RemoveToken(r.Context(), c.Person.ID, library.ID(r.PathValue("id"))); err != nil {
		return err
	}
	http.Redirect(w, r, "/"+l.Tag+"/account#tokens", http.StatusSeeOther)
	return nil
}
