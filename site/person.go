package site

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"waymark/access"
	"waymark/library"
	"waymark/locale"
	"waymark/vocabulary"
)

// personPage is pages/person.html: what one person may do and see.
type personPage struct {
	frame
	Person    access.Person
	Self      bool // it is the administrator's own
	Roles     []option
	Audiences string
	Topics    string
	Countries string
	Done      string
	Problem   string
}

// personOf gives who asks, and the person of the address.
func (s *Site) personOf(w http.ResponseWriter, r *http.Request, l *locale.Language) (c access.Caller, p access.Person, ok bool, err error) {
	if c, ok = s.personal(w, r, l); ok {
		p, err = s.Entrance.Porter.Person(r.Context(), c.Viewer, library.ID(r.PathValue("id")))
	}
	return c, p, ok && err == nil, err
}

func (s *Site) person(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	c, person, ok, err := s.personOf(w, r, l)
	if !ok {
		return err
	}
	p := s.personFrame(r, l, c, person)
	if r.URL.Query().Has("saved") {
		p.Done = l.T("people.saved")
	}
	return s.show(w, http.StatusOK, "person", p)
}

func (s *Site) personFrame(r *http.Request, l *locale.Language, c access.Caller, person access.Person) personPage {
	p := personPage{frame: s.frame(r, l, person.Called(), "/people/"+string(person.ID)), Person: person, Self: person.ID == c.Person.ID,
		Roles: roles(l, person.Role), Audiences: joined(person.Audiences),
		Topics: inWords(s.Vocabularies.Topics, person.Topics, l), Countries: inWords(s.Vocabularies.Countries, person.Countries, l)}
	p.Canonical, p.NoIndex = "", true
	return p
}

// inWords writes codes as names that codes reads again: a name may hold a comma.
func inWords(list *vocabulary.List, codes []string, l *locale.Language) string {
	var names []string
	for _, code := range codes {
		name := list.Label(code, l.Tag)
		if t, ok := list.Find(name); !ok || t.Code != code {
			name = code
		}
		names = append(names, name)
	}
	return strings.Join(names, "; ")
}

// codes reads names or codes, separated by semicolons.
func codes(list *vocabulary.List, field, text string) ([]string, error) {
	var out []string
	for _, name := range strings.FieldsFunc(text, func(r rune) bool { return r == ';' || r == '؛' || r == '；' }) {
		if name = strings.TrimSpace(name); name == "" {
			continue
		}
		t, ok := list.Find(name)
		if !ok {
			return nil, &library.Error{Kind: library.Invalid, Field: field, Err: fmt.Errorf("there is no %s %q", field, name)}
		}
		out = append(out, t.Code)
	}
	return out, nil
}

// savePerson changes what a person may do and see.
func (s *Site) savePerson(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	c, person, ok, err := s.personOf(w, r, l)
	if !ok {
		return err
	}
	before := person
	if person, err = s.changed(r, person, person.ID == c.Person.ID); err == nil {
		person, err = s.Entrance.Porter.Change(r.Context(), c.Viewer, person)
	}
	if err != nil {
		p := s.personFrame(r, l, c, before)
		switch library.KindOf(err) {
		case library.Invalid:
			p.Problem = l.T("account.invalid")
			return s.show(w, http.StatusBadRequest, "person", p)
		case library.Conflict:
			p.Problem = l.T("people.conflict")
			return s.show(w, http.StatusConflict, "person", p)
		}
		return err
	}
	http.Redirect(w, r, "/"+l.Tag+"/people/"+string(person.ID)+"?saved", http.StatusSeeOther)
	return nil
}

// changed gives the person as the form has it. Nobody changes their own role:
// so there is always somebody who can take it back.
func (s *Site) changed(r *http.Request, p access.Person, self bool) (access.Person, error) {
	var err error
	if p.Version, err = strconv.ParseInt(r.PostFormValue("version"), 10, 64); err != nil {
		return p, library.Errorf(library.Invalid, "the form does not say which version it changes")
	}
	p.Name = strings.TrimSpace(r.PostFormValue("name"))
	if !self {
		if p.Role, err = library.ParseRole(r.PostFormValue("role")); err != nil {
			return p, err
		}
	}
	if p.Audiences, err = access.ParseAudiences(r.PostFormValue("audiences")); err != nil {
		return p, err
	}
	if p.Topics, err = codes(s.Vocabularies.Topics, "topic", r.PostFormValue("topics")); err != nil {
		return p, err
	}
	p.Countries, err = codes(s.Vocabularies.Countries, "country", r.PostFormValue("countries"))
	return p, err
}

// act is something done to a person with one button.
type act func(ctx context.Context, by library.Viewer, id library.ID) error

func (s *Site) keepOut(ctx context.Context, by library.Viewer, id library.ID) error {
	return s.Entrance.Porter.KeepOut(ctx, by, id, true)
}

func (s *Site) letIn(ctx context.Context, by library.Viewer, id library.ID) error {
	return s.Entrance.Porter.KeepOut(ctx, by, id, false)
}

func (s *Site) endOf(ctx context.Context, by library.Viewer, id library.ID) error {
	return s.Entrance.Porter.EndOf(ctx, by, id)
}

func (s *Site) forget(ctx context.Context, by library.Viewer, id library.ID) error {
	return s.Entrance.Porter.Forget(ctx, by, id)
}

// acts answers a button on the page of a person, and leads to the page that
// after names, or back to the person.
func (s *Site) acts(do act, after string) handler {
	return func(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
		c, ok := s.personal(w, r, l)
		if !ok {
			return nil
		}
		if err := do(r.Context(), c.Viewer, library.ID(r.PathValue("id"))); err != nil {
			return err
		}
		to := after
		if to == "" {
			to = "/people/" + r.PathValue("id") + "?saved"
		}
		http.Redirect(w, r, "/"+l.Tag+to, http.StatusSeeOther)
		return nil
	}
}
