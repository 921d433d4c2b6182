package access

import (
	"context"

	"waymark/library"
)

// What administrators do. Each method answers Forbidden to others, and notes
// in the log what was done.

// permit lets only administrators pass; with a person, not to themselves.
func permit(by library.Viewer, person library.ID) error {
	switch {
	case !by.MayGovern():
		return library.Errorf(library.Forbidden, "this is for administrators")
	case person != "" && person == by.Person:
		return library.Errorf(library.Forbidden, "nobody does this to themselves, so that somebody can take it back")
	}
	return nil
}

// People gives up to limit persons by address after one, all for limit 0.
func (p *Porter) People(ctx context.Context, by library.Viewer, after string, limit int) ([]Person, error) {
	if err := permit(by, ""); err != nil {
		return nil, err
	}
	return p.Kept.People.Persons(ctx, after, limit)
}

// Person gives one person.
func (p *Porter) Person(ctx context.Context, by library.Viewer, id library.ID) (Person, error) {
	if err := permit(by, ""); err != nil {
		return Person{}, err
	}
	return p.Kept.People.Person(ctx, id)
}

// Invite keeps a new person.
func (p *Porter) Invite(ctx context.Context, by library.Viewer, person Person) (Person, error) {
	if err := permit(by, ""); err != nil {
		return Person{}, err
	}
	person, err := p.Add(ctx, person)
	if err == nil {
		Note("add as "+person.Role.String(), by, person.ID)
	}
	return person, err
}

// Change keeps what a person may do and see. Of their own, administrators
// change all but the role.
func (p *Porter) Change(ctx context.Context, by library.Viewer, person Person) (Person, error) {
	if err := permit(by, ""); err != nil {
		return Person{}, err
	}
	if person.ID == by.Person && person.Role != by.Role {
		return Person{}, permit(by, person.ID)
	}
	if err := p.distinct(ctx, person); err != nil {
		return Person{}, err
	}
	person, err := p.Kept.People.SavePerson(ctx, person)
	if err == nil {
		Note("change to "+person.Role.String(), by, person.ID)
	}
	return person, err
}

// KeepOut keeps a person out or lets them in again.
func (p *Porter) KeepOut(ctx context.Context, by library.Viewer, id library.ID, out bool) error {
	return p.act(ctx, by, id, map[bool]string{true: "keep out", false: "let in"}[out], func(person Person) error {
		_, err := p.Disable(ctx, person, out)
		return err
	})
}

// EndOf ends every session of a person.
func (p *Porter) EndOf(ctx context.Context, by library.Viewer, id library.ID) error {
	return p.act(ctx, by, id, "end sessions", func(person Person) error { return p.SignOutEverywhere(ctx, person.ID) })
}

// Forget forgets a person with everything that lets them in.
func (p *Porter) Forget(ctx context.Context, by library.Viewer, id library.ID) error {
	return p.act(ctx, by, id, "forget", func(person Person) error { return p.Kept.People.RemovePerson(ctx, person.ID) })
}

func (p *Porter) act(ctx context.Context, by library.Viewer, id library.ID, name string, do func(Person) error) error {
	if err := permit(by, id); err != nil {
		return err
	}
	person, err := p.Kept.People.Person(ctx, id)
	if err == nil {
		err = do(person)
	}
	if err == nil {
		Note(name, by, id)
	}
	return err
}

// RemoveRule forgets a rule; what it gave is gone at the next request.
func (p *Porter) RemoveRule(ctx context.Context, by library.Viewer, id library.ID) error {
	if err := permit(by, ""); err != nil {
		return err
	}
	err := p.Kept.Rules.RemoveRule(ctx, id)
	if err == nil {
		Note("remove the rule "+string(id), by, "")
	}
	return err
}
