package evidence

import (
	"encoding/json"
	"fmt"
	"io"

	"waymark/library"
)

// Collection is an evidence map with its studies as JSON holds it: what
// WriteJSON writes, and what the demonstration is kept in.
type Collection struct {
	Map       *Map
	Framework *Framework // nil for the built-in one
	Studies   []*Study
	Gaps      []*Gap
}

// ReadJSON reads a collection. It answers Invalid for what is none.
func ReadJSON(r io.Reader) (Collection, error) {
	var in struct {
		Map       *Map       `json:"map"`
		Framework *Framework `json:"framework"`
		Studies   []struct {
			ID    library.ID `json:"id"`
			Study Study      `json:"study"`
		} `json:"studies"`
		Gaps []*Gap `json:"gaps"`
	}
	if err := json.NewDecoder(r).Decode(&in); err != nil {
		return Collection{}, invalid("file", "the file is no evidence map as JSON: %w", err)
	}
	if in.Map == nil {
		return Collection{}, invalid("file", "the file has no map")
	}
	c := Collection{Map: in.Map, Framework: in.Framework, Gaps: in.Gaps}
	for i := range in.Studies {
		s := in.Studies[i].Study
		if s.ID = in.Studies[i].ID; !s.ID.Valid() {
			return Collection{}, invalid("file", "study %d of the file has no identifier", i+1)
		}
		c.Studies = append(c.Studies, &s)
	}
	return c, nil
}

// Adopt gives the changes that bring a collection into a library with what the
// view shows; what is there already is left alone. Everything is checked
// before anything is given, and newID makes the identifiers that are missing.
func (v View) Adopt(c Collection, builtIn Framework, newID func() (library.ID, error)) ([]library.Change, error) {
	a := &adoption{newID: newID}
	f := c.Framework
	if f == nil {
		f = &builtIn
	}
	if err := f.Check(); err != nil {
		return nil, err
	}
	if _, there := v.Framework(fmt.Sprintf("%s/%d", f.Code, f.Number)); !there {
		if last := v.last(f.Code); last != nil {
			if err := f.Succeeds(last); err != nil {
				return nil, err
			}
		}
		a.add(&f.Head, f.Entry)
	}
	if err := c.Map.Check(f); err != nil {
		return nil, err
	}
	_, there := v.Map(c.Map.Code)
	if !there {
		a.add(&c.Map.Head, c.Map.Entry)
	}
	for _, s := range c.Studies {
		if err := s.Check(v.Words, f); err != nil {
			return nil, err
		}
		if _, known := v.Study(s.ID); !known {
			a.add(&s.Head, s.Entry)
		}
	}
	for _, g := range c.Gaps {
		if err := g.Check(v.Words); err != nil {
			return nil, err
		}
		if !v.says(g) {
			a.add(&g.Head, g.Entry)
		}
	}
	return a.changes, a.err
}

// adoption gathers the changes of new entries.
type adoption struct {
	newID   func() (library.ID, error)
	changes []library.Change
	err     error
}

func (a *adoption) add(h *library.Head, entry func() (library.Entry, error)) {
	if a.err != nil {
		return
	}
	if h.ID == "" {
		if h.ID, a.err = a.newID(); a.err != nil {
			return
		}
	}
	if h.Status == "" {
		h.Status, h.Audience = library.Published, library.Public
	}
	e, err := entry()
	if err != nil {
		a.err = err
		return
	}
	a.changes = append(a.changes, library.Change{Entry: e})
}

// last gives the newest version of a framework.
func (v View) last(code string) (last *Framework) {
	for _, f := range v.Frameworks {
		if f.Code == code && (last == nil || f.Number > last.Number) {
			last = f
		}
	}
	return last
}

// says tells whether the gap is on record.
func (v View) says(g *Gap) bool {
	for _, have := range v.Gaps {
		if have.Map == g.Map && have.Row == g.Row && have.Column == g.Column && have.Kind == g.Kind && have.Statement == g.Statement {
			return true
		}
	}
	return false
}
