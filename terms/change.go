package terms

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"waymark/library"
	"waymark/vocabulary"
)

// tries is how often a change is made again because something else in the
// library was changed at the same moment.
const tries = 10

func permit(v library.Viewer) error {
	if !v.MayGovern() {
		return library.Errorf(library.Forbidden, "vocabularies are for administrators")
	}
	return nil
}

// Add adds a term. It answers Conflict when its list has the code already.
func (k *Keeper) Add(ctx context.Context, v library.Viewer, a vocabulary.Amendment, note string) error {
	_, err := k.change(ctx, v, "add a term", note, func() ([]vocabulary.Amendment, error) {
		if _, there := k.written(a.List, a.Code); there {
			return nil, library.Errorf(library.Conflict, "%s has the term %s already", a.List, a.Code)
		}
		return []vocabulary.Amendment{a}, nil
	})
	return err
}

// Save changes a term of which version was read. A label that it had before
// stays another name of it, so that what was written with it is still found.
func (k *Keeper) Save(ctx context.Context, v library.Viewer, a vocabulary.Amendment, version int64, note string) error {
	return k.alter(ctx, v, "change a term", note, a.List, a.Code, version, func(before vocabulary.Term) vocabulary.Term {
		after := a.Term
		after.Variants = slices.Clone(after.Variants)
		for _, lang := range before.Labels.Languages() {
			if old := before.Labels[lang]; old != "" && old != after.Labels[lang] && !slices.Contains(after.Variants, vocabulary.Variant{Lang: lang, Text: old}) {
				after.Variants = append(after.Variants, vocabulary.Variant{Lang: lang, Text: old})
			}
		}
		return after
	})
}

// Merge makes a term lead to another of its list; into nothing, it stands by
// itself again.
func (k *Keeper) Merge(ctx context.Context, v library.Viewer, list, code, into string, version int64, note string) error {
	action := "merge a term"
	if into == "" {
		action = "take a merge of terms back"
	}
	return k.alter(ctx, v, action, note, list, code, version, func(t vocabulary.Term) vocabulary.Term {
		t.Into = into
		return t
	})
}

// Deprecate marks a term as one to be offered no more, or takes that back.
func (k *Keeper) Deprecate(ctx context.Context, v library.Viewer, list, code string, deprecated bool, version int64, note string) error {
	action := "deprecate a term"
	if !deprecated {
		action = "offer a term again"
	}
	return k.alter(ctx, v, action, note, list, code, version, func(t vocabulary.Term) vocabulary.Term {
		t.Deprecated = deprecated
		return t
	})
}

// alter changes one term that is there.
func (k *Keeper) alter(ctx context.Context, v library.Viewer, action, note, list, code string, version int64, do func(vocabulary.Term) vocabulary.Term) error {
	_, err := k.change(ctx, v, action, note, func() ([]vocabulary.Amendment, error) {
		before, there := k.written(list, code)
		if !there {
			return nil, library.Errorf(library.NotFound, "%s has no term %s", list, code)
		}
		if stands := k.kept[idOf(list, code)].version; stands != version {
			return nil, library.Errorf(library.Conflict, "the term %s was changed from version %d, but stands at %d", code, version, stands)
		}
		return []vocabulary.Amendment{{List: list, Term: do(before)}}, nil
	})
	return err
}

// written gives a term as it was written, also when it was merged.
func (k *Keeper) written(list, code string) (vocabulary.Term, bool) {
	l := k.Vocabularies.List(list)
	if l == nil {
		return vocabulary.Term{}, false
	}
	every := l.Every()
	i := slices.IndexFunc(every, func(t vocabulary.Term) bool { return t.Code == code })
	if i < 0 {
		return vocabulary.Term{}, false
	}
	return every[i], true
}

// change commits what make gives, checked together with all that is kept. It
// looks again when the library has moved in between.
func (k *Keeper) change(ctx context.Context, v library.Viewer, action, note string, make func() ([]vocabulary.Amendment, error)) (edit library.Edit, err error) {
	if err := permit(v); err != nil {
		return edit, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	for range tries {
		if err := k.level(ctx); err != nil {
			return edit, err
		}
		as, err := make()
		if err != nil || len(as) == 0 {
			return edit, err
		}
		if edit, err = k.edit(v, action, note, as); err != nil {
			return edit, err
		}
		edit, err = k.Store.Commit(ctx, edit)
		switch {
		case err == nil:
			return edit, k.level(ctx)
		case library.KindOf(err) != library.Conflict:
			return edit, fmt.Errorf("keep %d terms: %w", len(as), err)
		}
	}
	return edit, library.Errorf(library.Busy, "the library is being changed too fast to keep a term")
}

// edit makes the edit of some amendments.
func (k *Keeper) edit(v library.Viewer, action, note string, as []vocabulary.Amendment) (library.Edit, error) {
	all := k.amendments()
	seen := k.shelf.Seq()
	edit := library.Edit{At: k.Now(), Actor: v.Name, Action: action, Note: subject(as) + note, Seen: &seen}
	for i, a := range as {
		as[i].Order = 0
		body, err := json.Marshal(a)
		if err != nil {
			return edit, library.Errorf(library.Internal, "write the term %s: %w", a.Code, err)
		}
		all = slices.DeleteFunc(all, func(b vocabulary.Amendment) bool { return b.List == a.List && b.Code == a.Code })
		id := idOf(a.List, a.Code)
		edit.Changes = append(edit.Changes, library.Change{Read: k.kept[id].version,
			Entry: library.Entry{ID: id, Kind: Kind, Status: library.Published, Audience: library.Public, Body: body}})
	}
	return edit, k.Vocabularies.Check(append(all, as...))
}

// subject says what an edit is about, for those who read its note alone.
func subject(as []vocabulary.Amendment) string {
	if len(as) > 1 {
		return as[0].List + ": "
	}
	return as[0].List + "/" + as[0].Code + ": "
}

// Revision is one version of a term.
type Revision struct {
	Version   int64
	At        time.Time
	Who, Did  string
	Why       string
	Amendment vocabulary.Amendment
}

// History gives the versions of a term, the last first: none for one that is
// as its file has it.
func (k *Keeper) History(ctx context.Context, v library.Viewer, list, code string) ([]Revision, error) {
	if err := permit(v); err != nil {
		return nil, err
	}
	if k.Version(list, code) == 0 {
		return nil, nil
	}
	edits, err := k.Store.Revisions(ctx, v, idOf(list, code))
	if err != nil {
		return nil, fmt.Errorf("read the history of the term %s: %w", code, err)
	}
	var all []Revision
	for _, e := range edits {
		for _, c := range e.Changes {
			r := Revision{Version: c.Entry.Version, At: e.At, Who: e.Actor, Did: e.Action, Why: e.Note}
			if err := json.Unmarshal(c.Entry.Body, &r.Amendment); err != nil {
				return nil, library.Errorf(library.Internal, "read the term %s: %w", code, err)
			}
			_, r.Why, _ = strings.Cut(r.Why, ": ")
			all = append(all, r)
		}
	}
	slices.SortFunc(all, func(a, b Revision) int { return int(b.Version - a.Version) })
	return all, nil
}

// Report says what an import did, by code.
type Report struct {
	Added, Changed []string
	Same           int
}

// Import takes terms from elsewhere for those of their codes, in one edit; terms
// that it does not name stay as they are. With dry nothing is written.
func (k *Keeper) Import(ctx context.Context, v library.Viewer, as []vocabulary.Amendment, note string, dry bool) (Report, error) {
	var rep Report
	errDry := library.Errorf(library.Internal, "nothing is to be written")
	_, err := k.change(ctx, v, "import terms", note, func() ([]vocabulary.Amendment, error) {
		rep = Report{}
		var out []vocabulary.Amendment
		for _, a := range as {
			before, there := k.written(a.List, a.Code)
			switch {
			case there && same(before, a.Term):
				rep.Same++
				continue
			case there:
				rep.Changed = append(rep.Changed, a.Code)
			default:
				rep.Added = append(rep.Added, a.Code)
			}
			out = append(out, a)
		}
		if !dry || len(out) == 0 {
			return out, nil
		}
		if _, err := k.edit(v, "import terms", note, out); err != nil {
			return nil, err
		}
		return nil, errDry
	})
	if err == error(errDry) {
		err = nil
	}
	return rep, err
}

// same tells whether two terms say the same; the order of other names says
// nothing.
func same(a, b vocabulary.Term) bool {
	plain := func(t vocabulary.Term) vocabulary.Term {
		t.Order = 0
		t.Variants = slices.Clone(t.Variants)
		slices.SortFunc(t.Variants, vocabulary.CompareVariants)
		t.Members = slices.Sorted(slices.Values(t.Members))
		return t
	}
	a, b = plain(a), plain(b)
	return reflect.DeepEqual(a.Labels, b.Labels) && slices.Equal(a.Variants, b.Variants) && slices.Equal(a.Members, b.Members) &&
		a.Broader == b.Broader && a.Scheme == b.Scheme && a.Audience == b.Audience && a.Deprecated == b.Deprecated && a.Into == b.Into &&
		a.Alpha3 == b.Alpha3 && a.M49 == b.M49
}
