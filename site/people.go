package site

import (
	"net/http"
	"net/url"
	"strings"

	"waymark/access"
	"waymark/library"
	"waymark/locale"
	"waymark/serve"
)

// peoplePage is pages/people.html: who may sign in, and the rules.
type peoplePage struct {
	frame
	People  []personRow
	Next    string // the people after these
	Roles   []option
	Rules   []ruleRow
	Kinds   []option
	Problem string
}

// personRow is one person in the list.
type personRow struct {
	Name, URL, Address, Role, Audiences, Last string
	Disabled                                  bool
}

// ruleRow is one rule; ID is empty for one of the settings file.
type ruleRow struct {
	ID, Kind, Value, Audiences string
}

// peoplePerPage is how many people one page lists.
const peoplePerPage = 100

func (s *Site) people(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	if _, ok := s.personal(w, r, l); !ok {
		return nil
	}
	return s.showPeople(w, r, l, http.StatusOK, "")
}

func (s *Site) showPeople(w http.ResponseWriter, r *http.Request, l *locale.Language, status int, problem string) error {
	p := peoplePage{frame: s.frame(r, l, l.T("people.title"), "/people"), Roles: roles(l, library.Reader), Problem: problem}
	p.Canonical, p.NoIndex = "", true
	porter := s.Entrance.Porter
	people, err := porter.People(r.Context(), serve.Viewer(r), r.URL.Query().Get("after"), peoplePerPage)
	if err != nil {
		return err
	}
	for _, x := range people {
		audiences, err := porter.Audiences(r.Context(), x)
		if err != nil {
			return err
		}
		row := personRow{Name: x.Called(), URL: p.URL("/people/" + string(x.ID)), Address: x.Address, Role: l.T("role." + x.Role.String()),
			Audiences: s.audienceNames(l, audiences), Last: l.T("account.never"), Disabled: x.Disabled}
		if !x.SignedIn.IsZero() {
			row.Last = l.Day(x.SignedIn)
		}
		p.People = append(p.People, row)
	}
	if len(people) == peoplePerPage {
		p.Next = p.URL("/people?" + url.Values{"after": {people[len(people)-1].Address}}.Encode())
	}
	rules, err := porter.Rules(r.Context())
	if err != nil {
		return err
	}
	for _, rule := range rules {
		p.Rules = append(p.Rules, s.ruleRow(l, rule))
	}
	for _, kind := range []string{"domain", "group", "person"} {
		p.Kinds = append(p.Kinds, option{kind, l.T("people.rule." + kind), kind == "domain"})
		for _, provider := range porter.Providers {
			if kind == "group" { // of this provider alone
				p.Kinds = append(p.Kinds, option{"group " + provider.Name, l.T("people.rule.group") + " (" + provider.Label + ")", false})
			}
		}
	}
	return s.show(w, status, "people", p)
}

func (s *Site) ruleRow(l *locale.Language, r access.Rule) ruleRow {
	row := ruleRow{ID: string(r.ID), Audiences: joined(r.Audiences)}
	switch {
	case r.Domain != "":
		row.Kind, row.Value = l.T("people.rule.domain"), r.Domain
	case r.Address != "":
		row.Kind, row.Value = l.T("people.rule.person"), r.Address
	default:
		row.Kind, row.Value = l.T("people.rule.group"), r.Group
		if r.Provider != "" {
			row.Value += " (" + r.Provider + ")"
		}
	}
	return row
}

// joined writes audiences as a person writes them.
func joined(list []library.Audience) string {
	var names []string
	for _, a := range list {
		names = append(names, string(a))
	}
	return strings.Join(names, ", ")
}

// roles gives the roles to choose from.
func roles(l *locale.Language, chosen library.Role) []option {
	var list []option
	for _, x := range library.Roles() {
		list = append(list, option{x.String(), l.T("role." + x.String()), x == chosen})
	}
	return list
}

// peopleProblem shows the people again with what could not be done.
func (s *Site) peopleProblem(w http.ResponseWriter, r *http.Request, l *locale.Language, err error) error {
	switch library.KindOf(err) {
	case library.Invalid:
		return s.showPeople(w, r, l, http.StatusBadRequest, l.T("account.invalid"))
	case library.Conflict:
		return s.showPeople(w, r, l, http.StatusConflict, l.T("people.conflict"))
	}
	return err
}

// addPerson lets somebody sign in.
func (s *Site) addPerson(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	c, ok := s.personal(w, r, l)
	if !ok {
		return nil
	}
	var err error
	person := access.Person{Address: r.PostFormValue("address"), Name: strings.TrimSpace(r.PostFormValue("name"))}
	if person.Role, err = library.ParseRole(r.PostFormValue("role")); err == nil {
		person.Audiences, err = access.ParseAudiences(r.PostFormValue("audiences"))
	}
	if err == nil {
		person, err = s.Entrance.Porter.Invite(r.Context(), c.Viewer, person)
	}
	if err != nil {
		return s.peopleProblem(w, r, l, err)
	}
	http.Redirect(w, r, "/"+l.Tag+"/people/"+string(person.ID), http.StatusSeeOther)
	return nil
}

// addRule keeps a rule.
func (s *Site) addRule(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	c, ok := s.personal(w, r, l)
	if !ok {
		return nil
	}
	var err error
	var rule access.Rule
	value := r.PostFormValue("value")
	kind, provider, _ := strings.Cut(r.PostFormValue("kind"), " ")
	if provider != "" {
		if _, err := s.Entrance.Porter.Provider(provider); err != nil {
			return s.peopleProblem(w, r, l, &library.Error{Kind: library.Invalid, Field: "rule", Err: err})
		}
		rule.Provider = provider
	}
	switch kind {
	case "domain":
		rule.Domain = value
	case "group":
		rule.Group = value
	case "person":
		rule.Address = value
	}
	if rule.Audiences, err = access.ParseAudiences(r.PostFormValue("audiences")); err == nil {
		err = s.Entrance.Porter.AddRule(r.Context(), c.Viewer, rule)
	}
	if err != nil {
		return s.peopleProblem(w, r, l, err)
	}
	http.Redirect(w, r, "/"+l.Tag+"/people#rules", http.StatusSeeOther)
	return nil
}

// removeRule forgets a rule.
func (s *Site) removeRule(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	c, ok := s.personal(w, r, l)
	if !ok {
		return nil
	}
	if err := s.Entrance.Porter.RemoveRule(r.Context(), c.Viewer, library.ID(r.PathValue("id"))); err != nil {
		return err
	}
	http.Redirect(w, r, "/"+l.Tag+"/people#rules", http.StatusSeeOther)
	return nil
}
