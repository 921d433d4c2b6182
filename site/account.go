package site

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"

	"waymark/access"
	"waymark/library"
	"waymark/locale"
	"waymark/serve"
)

// accountPage is pages/account.html: what the library knows of a person, and
// what lets them in.
type accountPage struct {
	frame
	Address     string
	Role        string
	Audiences   string
	Limits      string // a curator's
	Local       bool   // a password and passkeys can be kept here
	TakesKeys   bool
	KeyScript   string
	Passkeys    []keyRow
	HasPassword bool
	Sessions    []sessionRow
	Tokens      []tokenRow
	Scopes      []option
	NewToken    string   // the secret of one just made
	Done        string   // what was just done
	Oftens      []option // how the person is told by e-mail; empty where nobody is
	Tongues     []option
	Problem     string
}

// sessionRow is one browser in which the person is signed in.
type sessionRow struct {
	Way, Began, Seen string
	Current          bool
}

// personal answers only who is signed in; others are led to sign in first.
func (s *Site) personal(w http.ResponseWriter, r *http.Request, l *locale.Language) (access.Caller, bool) {
	c := serve.Caller(r)
	if !c.SignedIn() {
		back := ""
		if r.Method == http.MethodGet {
			back = r.URL.RequestURI()
		}
		http.Redirect(w, r, "/"+l.Tag+"/sign-in"+backQuery(back), http.StatusSeeOther)
	}
	return c, c.SignedIn()
}

func backQuery(back string) string {
	if back == "" {
		return ""
	}
	return "?" + url.Values{"back": {back}}.Encode()
}

func (s *Site) account(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	c, ok := s.personal(w, r, l)
	if !ok {
		return nil
	}
	return s.showAccount(w, r, l, c, func(*accountPage) int { return http.StatusOK })
}

// showAccount shows the page after change has put in what is new.
func (s *Site) showAccount(w http.ResponseWriter, r *http.Request, l *locale.Language, c access.Caller, change func(*accountPage) int) error {
	p := accountPage{frame: s.frame(r, l, l.T("account.title"), "/account"), Address: c.Person.Address,
		Role: l.T("role." + c.Person.Role.String()), HasPassword: c.Person.Password != ""}
	p.Canonical, p.NoIndex = "", true
	p.Audiences = s.audienceNames(l, c.Viewer.Audiences)
	p.Limits = s.limits(l, c.Person)
	sessions, err := s.Entrance.Porter.Kept.Sessions.Sessions(r.Context(), c.Person.ID)
	if err != nil {
		return err
	}
	for _, x := range sessions {
		p.Sessions = append(p.Sessions, sessionRow{Way: s.way(l, x.Way), Began: l.Day(x.Began), Seen: l.Day(x.Seen), Current: x.Digest == c.Session})
	}
	if p.Local, err = s.Entrance.Porter.Local(r.Context(), c.Person); err != nil {
		return err
	}
	if err := s.passkeys(r, l, c, &p); err != nil {
		return err
	}
	if err := s.wish(r, l, &p); err != nil {
		return err
	}
	if err := s.tokens(r, l, c, &p); err != nil {
		return err
	}
	return s.show(w, change(&p), "account", p)
}

// way names how somebody came in.
func (s *Site) way(l *locale.Language, way string) string {
	switch way {
	case "password", "link", "passkey":
		return l.T("signin.way." + way)
	}
	if provider, err := s.Entrance.Porter.Provider(way); err == nil {
		return provider.Label
	}
	return way
}

// audienceNames names audiences; only those that every library has have names
// in the reader's language.
func (s *Site) audienceNames(l *locale.Language, list []library.Audience) string {
	names := []string{l.T("audience.public")}
	for _, a := range list {
		if a == library.Staff {
			names = append(names, l.T("audience.staff"))
		} else {
			names = append(names, string(a))
		}
	}
	return l.List(names)
}

// limits names the topics and countries that a curator is limited to.
func (s *Site) limits(l *locale.Language, p access.Person) string {
	var names []string
	for _, t := range p.Topics {
		names = append(names, s.Vocabularies.Topics.Label(t, l.Tag))
	}
	for _, c := range p.Countries {
		names = append(names, s.Vocabularies.Countries.Label(c, l.Tag))
	}
	return l.List(names)
}

// endSessions signs the person out everywhere, here too.
func (s *Site) endSessions(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	c, ok := s.personal(w, r, l)
	if !ok {
		return nil
	}
	if err := s.Entrance.Porter.SignOutEverywhere(r.Context(), c.Person.ID); err != nil {
		return err
	}
	s.Entrance.End(w, r)
	http.Redirect(w, r, "/"+l.Tag+"/sign-in", http.StatusSeeOther)
	return nil
}

// setPassword changes the person's password, which the old one must confirm,
// and ends every other session.
func (s *Site) setPassword(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	c, ok := s.personal(w, r, l)
	if !ok {
		return nil
	}
	porter, person := s.Entrance.Porter, c.Person
	if local, err := porter.Local(r.Context(), person); err != nil || !local && person.Password == "" {
		return cmp.Or(err, error(access.ErrRefused))
	}
	if person.Password != "" {
		if err := porter.Confirm(r.Context(), s.Entrance.From(r), person, r.PostFormValue("password")); err != nil {
			return s.accountProblem(w, r, l, c, err)
		}
	}
	person, err := porter.SetPassword(r.Context(), person, r.PostFormValue("new"))
	if err != nil {
		return s.accountProblem(w, r, l, c, err)
	}
	token, err := porter.Begin(r.Context(), person, "password")
	if err != nil {
		return err
	}
	access.Note("password", c.Viewer, person.ID)
	return s.welcome(w, r, l, token, "")
}

// accountProblem shows the account with what could not be done.
func (s *Site) accountProblem(w http.ResponseWriter, r *http.Request, l *locale.Language, c access.Caller, err error) error {
	key := ""
	switch e, _ := asError(err); {
	case errors.Is(err, access.ErrRefused):
		key = "account.password.wrong"
	case errors.Is(err, access.ErrTooMany):
		key = "signin.many"
	case e != nil && e.Kind == library.Invalid && e.Field == "password":
		key = "account.password.rule"
	case e != nil && e.Kind == library.Invalid:
		key = "account.invalid"
	default:
		return err
	}
	return s.showAccount(w, r, l, c, func(p *accountPage) int { p.Problem = l.T(key); return serve.Status(err) })
}
