package evidence

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"waymark/library"
)

// Keeper is what coding reads and changes, each for a viewer. Commit is atomic
// and answers Conflict when an entry has changed since it was read.
type Keeper interface {
	Entry(ctx context.Context, v library.Viewer, id library.ID) (library.Entry, error)
	Entries(ctx context.Context, v library.Viewer, ids []library.ID) ([]library.Entry, error)
	Revisions(ctx context.Context, v library.Viewer, id library.ID) ([]library.Edit, error)
	Commit(ctx context.Context, e library.Edit) (library.Edit, error)
}

// Desk is where curators code studies. Its methods answer Forbidden to others,
// and to curators for what lies outside their topics and countries.
type Desk struct {
	Base    *Base
	Store   Keeper
	Now     func() time.Time
	Entropy io.Reader // for new IDs
}

// Change is what a person makes of a part of the evidence: all that it is to
// say from now on, and the version of the entry from which they made it.
type Change struct {
	ID     library.ID // of the entry; empty for a new one
	Base   int64      // 0 for a new one
	Fields library.Fields
}

// tries is how often an act begins anew when others change the same entries at
// the same moment.
const tries = 5

// commit makes an edit and keeps it, anew when others were quicker. An edit
// without changes is not kept.
func (d *Desk) commit(ctx context.Context, edit func() (library.Edit, error)) error {
	for try := 1; ; try++ {
		e, err := edit()
		if err != nil || len(e.Changes) == 0 {
			return err
		}
		if _, err = d.Store.Commit(ctx, e); err == nil || library.KindOf(err) != library.Conflict || try == tries {
			return err
		}
	}
}

func (d *Desk) edit(v library.Viewer, action, note string) library.Edit {
	return library.Edit{At: d.Now(), Actor: v.Name, Action: action, Note: note}
}

// add puts an entry into an edit.
func add(e *library.Edit, read int64, entry func() (library.Entry, error)) error {
	one, err := entry()
	e.Changes = append(e.Changes, library.Change{Read: read, Entry: one})
	return err
}

func curators(v library.Viewer) error {
	if v.Role < library.Curator || v.Name == "" {
		return library.Errorf(library.Forbidden, "this is for curators")
	}
	return nil
}

// may tells whether the viewer may change a study: their topics are asked of
// its publications, their countries of the study itself.
func may(v library.Viewer, s *Study, publications []*library.Resource) bool {
	r := &library.Resource{Status: s.Status, Audience: s.Audience, Countries: s.Countries}
	for _, p := range publications {
		r.Topics = append(r.Topics, p.Topics...)
	}
	return v.MayEdit(r)
}

// publications reads those records of a study that the viewer sees.
func (d *Desk) publications(ctx context.Context, v library.Viewer, s *Study) ([]*library.Resource, error) {
	view, err := d.Base.View(ctx, v)
	if err != nil {
		return nil, err
	}
	ids := make([]library.ID, len(s.Publications))
	for i, p := range s.Publications {
		ids[i] = view.Now(p.Resource)
	}
	entries, err := d.Store.Entries(ctx, v, ids)
	if err != nil {
		return nil, fmt.Errorf("read the publications of study %s: %w", s.ID, err)
	}
	out := make([]*library.Resource, len(entries))
	for i, e := range entries {
		if out[i], err = library.ResourceOf(e); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Own gives a study that the viewer may change, with the view that it stands
// in, and a copy of it to be changed.
func (d *Desk) Own(ctx context.Context, v library.Viewer, id library.ID) (View, *Study, error) {
	if err := curators(v); err != nil {
		return View{}, nil, err
	}
	view, err := d.Base.View(ctx, v)
	if err != nil {
		return View{}, nil, err
	}
	s, ok := view.Study(id)
	if !ok {
		return View{}, nil, notFound("there is no study %s", id)
	}
	records, err := d.publications(ctx, v, s)
	if err != nil {
		return View{}, nil, err
	}
	if !may(v, s, records) {
		return View{}, nil, beyond(id)
	}
	own := *s
	return view, &own, nil
}

func beyond(id library.ID) error {
	return library.Errorf(library.Forbidden, "the study %s is outside this curator's topics and countries", id)
}

// Begin gives a study of a publication as it would be, to be described: with
// what the record says and the framework of the first map.
func (d *Desk) Begin(ctx context.Context, v library.Viewer, publication library.ID) (*Study, error) {
	if err := curators(v); err != nil {
		return nil, err
	}
	view, err := d.Base.View(ctx, v)
	if err != nil {
		return nil, err
	}
	e, err := d.Store.Entry(ctx, v, publication)
	if err != nil {
		return nil, fmt.Errorf("read the publication of a new study: %w", err)
	}
	r, err := library.ResourceOf(e)
	if err != nil {
		return nil, err
	}
	if !v.MayEdit(r) {
		return nil, library.Errorf(library.Forbidden, "the record %s is outside this curator's topics and countries", publication)
	}
	m, ok := view.Map("")
	if !ok {
		return nil, notFound("there is no evidence map to code for")
	}
	return &Study{Framework: m.Framework, Titles: r.Titles, Year: r.Date.Year(), Countries: r.Countries, Languages: r.Languages, State: "completed",
		Publications: []Publication{{Resource: r.ID}}}, nil
}

// Describe keeps how a study is described: a new one as a draft, until publish
// is asked for. What others changed meanwhile stays, field by field; it answers
// Conflict with a *library.Clash where both changed the same.
func (d *Desk) Describe(ctx context.Context, v library.Viewer, c Change, publish bool) (id library.ID, err error) {
	err = d.commit(ctx, func() (library.Edit, error) {
		edit := d.edit(v, "code", "description")
		s, err := d.described(ctx, v, &c)
		if err != nil {
			return edit, err
		}
		if id = s.ID; publish {
			s.Status = library.Published
		}
		return edit, add(&edit, s.Version, s.Entry)
	})
	return id, err
}

func (d *Desk) described(ctx context.Context, v library.Viewer, c *Change) (*Study, error) {
	var s *Study
	fields := c.Fields
	if c.Base == 0 {
		first := library.ID(fields.First(FieldPublication))
		begun, err := d.Begin(ctx, v, first)
		if err != nil {
			return nil, err
		}
		s = begun
		s.Status, s.Audience = library.Draft, library.Public
		if s.ID, err = library.NewID(d.Now(), d.Entropy); err != nil {
			return nil, err
		}
	} else {
		_, own, err := d.Own(ctx, v, c.ID)
		if err != nil {
			return nil, err
		}
		s = own
		if fields, err = d.rebase(ctx, v, s, *c); err != nil {
			return nil, err
		}
	}
	if err := s.SetFields(fields); err != nil {
		return nil, err
	}
	if err := d.bind(ctx, v, s, fields.First("reread") != ""); err != nil {
		return nil, err
	}
	return s, d.check(ctx, v, s)
}

// bind ties a study to its publications as they stand: it keeps the hash of
// those that are new, or of all when they were read again, and is for no more
// readers than they are.
func (d *Desk) bind(ctx context.Context, v library.Viewer, s *Study, reread bool) error {
	records, err := d.publications(ctx, v, s)
	if err != nil {
		return err
	}
	if !may(v, s, records) {
		return beyond(s.ID)
	}
	for i := range s.Publications {
		p := &s.Publications[i]
		at := slices.IndexFunc(records, func(r *library.Resource) bool { return r.ID == p.Resource })
		if at < 0 && p.Hash == "" {
			return fault(FieldPublication, "desk.fault.relation", "there is no publication %s", p.Resource)
		}
		if at >= 0 && (reread || p.Hash == "") {
			p.Hash = FingerprintOf(records[at])
		}
		if at >= 0 && records[at].Audience != library.Public {
			s.Audience = records[at].Audience // the study tells of its publication
		}
	}
	return nil
}

func (d *Desk) check(ctx context.Context, v library.Viewer, s *Study) error {
	view, err := d.Base.View(ctx, v)
	if err != nil {
		return err
	}
	f, ok := view.Framework(s.Framework)
	if !ok {
		return notFound("the framework %s of study %s is not to be seen", s.Framework, s.ID)
	}
	return s.Check(view.Words, f)
}

// rebase brings the description of a study to the version that stands.
func (d *Desk) rebase(ctx context.Context, v library.Viewer, s *Study, c Change) (library.Fields, error) {
	if s.Version == c.Base {
		return c.Fields, nil
	}
	was, last, err := d.at(ctx, v, s.ID, c.Base)
	if err != nil {
		return nil, err
	}
	merged, clashes := library.Rebase(was.Fields(), c.Fields, s.Fields())
	if len(clashes) == 0 {
		return merged, nil
	}
	return nil, clash(&library.Clash{Version: s.Version, Fields: clashes, Merged: merged, Theirs: s.Fields(), Actor: last.Actor, At: last.At})
}

func clash(c *library.Clash) error { return &library.Error{Kind: library.Conflict, Err: c} }

// at gives a study as it stood in a version, and the last edit of it.
func (d *Desk) at(ctx context.Context, v library.Viewer, id library.ID, version int64) (*Study, library.Edit, error) {
	revisions, err := d.Store.Revisions(ctx, v, id)
	if err != nil {
		return nil, library.Edit{}, err
	}
	for _, old := range revisions {
		if e := old.Changes[0].Entry; e.Version == version {
			s, err := library.ReadEntry[Study](e)
			return s, revisions[len(revisions)-1], err
		}
	}
	return nil, library.Edit{}, library.Errorf(library.Invalid, "%s has no version %d to change", id, version)
}

// Withdraw takes a study off the map. It answers Conflict when it changed since
// it was looked at, Invalid when gaps or claims rest on its findings.
func (d *Desk) Withdraw(ctx context.Context, v library.Viewer, id library.ID, base int64) error {
	view, s, err := d.Own(ctx, v, id)
	if err != nil {
		return err
	}
	if s.Version != base {
		return library.Errorf(library.Conflict, "study %s has changed since it was looked at", id)
	}
	if view.restsOn(id, 0) {
		return fault("finding", "desk.fault.rests", "gaps or claims rest on findings of study %s", id)
	}
	s.Status = library.Withdrawn
	edit := d.edit(v, "withdraw", "study")
	err = add(&edit, s.Version, s.Entry)
	if err == nil {
		_, err = d.Store.Commit(ctx, edit)
	}
	return err
}

// restsOn tells whether a gap or claim names a finding of a study, from a place
// in its list on.
func (v View) restsOn(study library.ID, from int) bool {
	names := func(refs []FindingRef) bool {
		return slices.ContainsFunc(refs, func(r FindingRef) bool { return r.Study == study && r.Finding >= from })
	}
	return slices.ContainsFunc(v.Gaps, func(g *Gap) bool { return names(g.Findings) }) ||
		slices.ContainsFunc(v.Claims, func(c *Claim) bool { return names(c.Supporting) || names(c.Contradicting) })
}

// AsClash gives the clash that an error tells of.
func AsClash(err error) (*library.Clash, bool) { return errors.AsType[*library.Clash](err) }
