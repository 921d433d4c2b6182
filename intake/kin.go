package intake

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"waymark/format"
	"waymark/library"
	"waymark/match"
)

// relative is a record that is a translation of another, or its original, by the
// word of a source.
type relative struct {
	other    library.ID
	original bool // the other is
}

// awaited is the same of a record that named one which had not come yet.
type awaited struct {
	by       library.ID
	original bool // the one that is to come
}

// kinKeys gives the keys of the works that a draft names, originals first.
func (p *plan) kinKeys(d format.Draft) (originals, translations []library.Key) {
	keys := func(names []string) (keys []library.Key) {
		for _, name := range names {
			keys = append(keys, library.Key{Scheme: library.KeyRecord, Value: p.source + " " + name})
			if i := strings.Index(name, "doi.org/10."); i >= 0 {
				doi := match.Identifier{Scheme: "doi", Value: name[i+len("doi.org/"):]}.Plain()
				keys = append(keys, library.Key(match.Key(doi)))
			} else if !strings.Contains(name, "#") { // else the page may hold other works too
				keys = append(keys, library.LinkKeys([]string{name})...)
			}
		}
		return keys
	}
	return keys(d.Originals), keys(d.Translations)
}

// seek looks up the works that drafts name.
func (p *plan) seek(ctx context.Context, drafts []format.Draft) error {
	var keys []library.Key
	for _, d := range drafts {
		originals, translations := p.kinKeys(d)
		keys = append(append(keys, originals...), translations...)
	}
	if len(keys) == 0 {
		return nil
	}
	if err := p.look(ctx, library.KindResource, keys); err != nil {
		return fmt.Errorf("look for %d works that others name: %w", len(keys), err)
	}
	var ids []library.ID
	for _, k := range keys {
		if len(p.byKey[k]) <= match.Common {
			ids = append(ids, p.byKey[k]...)
		}
	}
	return p.load(ctx, ids)
}

// kin gives the records that a draft, read as r, names, and those that named it
// before it came.
func (p *plan) kin(d format.Draft, r *library.Resource) (list []relative) {
	add := func(id library.ID, original bool) {
		other := p.resources[id]
		if other == nil || id == r.ID || other.Status == library.Withdrawn || slices.ContainsFunc(list, func(k relative) bool { return k.other == id }) {
			return
		}
		list = append(list, relative{id, original})
	}
	if len(p.awaited) == 0 && len(d.Originals)+len(d.Translations) == 0 {
		return nil
	}
	originals, translations := p.kinKeys(d)
	for _, k := range originals {
		for _, id := range p.byKey[k] {
			add(id, true)
		}
	}
	for _, k := range translations {
		for _, id := range p.byKey[k] {
			add(id, false)
		}
	}
	for _, k := range p.keys(r) {
		for _, a := range p.awaited[k] {
			add(a.by, !a.original)
		}
	}
	return list
}

// awaiting gives the records that named r before it came.
func (p *plan) awaiting(r *library.Resource) (ids []library.ID) {
	if len(p.awaited) == 0 {
		return nil
	}
	for _, k := range p.keys(r) {
		for _, a := range p.awaited[k] {
			ids = append(ids, a.by)
		}
	}
	return ids
}

// propose leaves it to a curator to relate a record with its kin, unless that
// was done or asked before, and waits for those that it names and that may come.
func (p *plan) propose(ctx context.Context, d format.Draft, r *library.Resource, list []relative) error {
	originals, translations := p.kinKeys(d)
	for _, k := range originals {
		p.awaited[k] = append(p.awaited[k], awaited{r.ID, true})
	}
	for _, k := range translations {
		p.awaited[k] = append(p.awaited[k], awaited{r.ID, false})
	}
	for _, k := range list {
		other := p.resources[k.other]
		if other.ID == r.ID || r.RelatedTo(other.ID) || other.RelatedTo(r.ID) {
			continue
		}
		from, to := r, other
		if !k.original {
			from, to = other, r
		}
		pair := library.NewPair(from, to, match.Verdict{Reasons: []string{"their source calls one a translation of the other"}, Relation: match.TranslationOf})
		asked, err := p.paired(ctx, pair.Key())
		if err != nil {
			return err
		}
		if asked {
			continue
		}
		if pair.ID, err = p.newID(); err != nil {
			return err
		}
		p.pairs = append(p.pairs, pair)
	}
	return nil
}

// paired tells whether a pair is there, or was proposed by this plan.
func (p *plan) paired(ctx context.Context, key library.Key) (bool, error) {
	if p.proposed[key] {
		return true, nil
	}
	p.proposed[key] = true
	found, err := p.im.Store.Lookup(ctx, library.House(), library.KindPair, []library.Key{key}, 1)
	if err != nil {
		return false, fmt.Errorf("look for the pair of two records: %w", err)
	}
	return len(found[key]) > 0, nil
}
