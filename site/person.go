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
	Roles     []choice
	Audiences string
	Topics    string
	Countries string
	Done      string
	Problem   string
}

// personOf answers only administrators, with the person of the address.
func (s *Site) personOf(w http.ResponseWriter, r *http.Request, l *locale.Language) (c access.Caller, p access.Person, ok bool, err error) {
	if c, ok, err = s.govern(w, r, l); ok {
		p, err = s.Entrance.Porter.Kept.People.Person(r.Context(), library.ID(r.PathValue("id")))
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
		person, err = s.Entrance.Porter.Kept.People.SavePerson(r.Context(), person)
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
	access.Note("change to "+person.Role.String()+", "+joined(person.Audiences), c.Viewer, person.ID)
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

// act is something done to a person with one button. Nobody does it to themselves.
type act func(ctx context.Context, porter *access.Porter, p access.Person) error

func keepOut(ctx context.Context, porter *access.Porter, p access.Person) error {
	_, err := porter.Disable(ctx, p, true)
	return err
}

func letIn(ctx context.Context, porter *access.Porter, p access.Person) error {
	_, err := porter.Disable(ctx, p, false)
	return err
}

func endAll(ctx context.Context, porter *access.Porter, p access.Person) error {
	return porter.SignOutEverywhere(ctx, p.ID)
}

func remove(ctx context.Context, porter *access.Porter, p access.Person) error {
	return porter.Kept.People.RemovePerson(ctx, p.ID)
}

// acts answers the buttons on the page of a person.
func (s *Site) acts(name string, do act) handler {
	return func(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
		c, person, ok, err := s.personOf(w, r, l)
		if !ok {
			return err
		}
		if person.ID == c.Person.ID {
			return library.Errorf(library.Forbidden, "nobody does this to themselves")
		}
		if err := do(r.Context(), s.Entrance.Porter, person); err != nil {
			return err
		}
		access.Note(name, c.Viewer, person.ID)
		to := "/" + l.Tag + "/people"
		if name != "remove" {
			to += "/" + string(person.ID) + "?saved"
		}
		http.Redirect(w, r, to, http.StatusSeeOther)
		return nil
	}
}
