package index

import (
	"cmp"
	"context"
	"slices"
	"sort"
	"strings"
	"unicode/utf8"

	"waymark/index/segment"
	"waymark/library"
	"waymark/search"
	"waymark/vocabulary"
)

// Complete implements search.Index.
func (e *Embedded) Complete(ctx context.Context, v library.Viewer, words string, terms []vocabulary.FieldTerm, limit int) (search.Completions, error) {
	if err := cmp.Or(ctx.Err(), e.failed()); err != nil {
		return search.Completions{}, err
	}
	snap := e.acquire()
	defer snap.release()
	var c search.Completions
	err := segment.Guard(e.folder, func() {
		s := snap.sight(ctx, v)
		w := s.whole()
		for _, t := range terms {
			c.Counts = append(c.Counts, w.counts[t.Field][t.Code])
		}
		c.Authors = s.authors(w, words, 2*limit)
		c.Titles = s.titles(words, limit)
	})
	e.note(err)
	return c, err
}

// shortBeginning is up to how many letters the authors of a beginning, who are
// many, are remembered until the next change.
const shortBeginning = 2

// authors gives the visible authors with a name that begins with words, those
// with most documents first.
func (s *sight) authors(w *whole, words string, limit int) []search.Count {
	if len(words) < 2 { // one Latin letter begins too many names to tell anything
		return nil
	}
	short := utf8.RuneCountInString(words) <= shortBeginning
	if short {
		if known, ok := w.authors.Load(words); ok {
			return known.([]search.Count)
		}
	}
	seen := map[string]bool{}
	var out []search.Count
	for _, v := range s.views {
		v.part.Names(words, func(author string) bool {
			if n := w.counts[library.FieldAuthor][author]; n > 0 && !seen[author] {
				seen[author] = true
				out = append(out, search.Count{Value: author, Count: n})
			}
			return true
		})
	}
	slices.SortFunc(out, func(a, b search.Count) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Value, b.Value))
	})
	out = out[:min(len(out), limit)]
	if short {
		w.authors.Store(words, out)
	}
	return out
}

// titles gives the visible documents whose title begins with words, in the
// order of titles, and then those that have the words in their title, the last
// of which may be begun only, newest first.
func (s *sight) titles(words string, limit int) (ids []library.ID) {
	room := newArena()
	defer room.free()
	type titled struct {
		title string
		id    library.ID
	}
	var first []titled
	for _, v := range s.views {
		visible, order := v.visible(s.sees, room), v.part.ByTitle().Docs
		i := sort.Search(v.part.Docs(), func(i int) bool { return v.part.Title(order.At(i)) >= words })
		for n := 0; i < v.part.Docs() && n < limit; i++ {
			doc := order.At(i)
			title := v.part.Title(doc)
			if !strings.HasPrefix(title, words) {
				break
			}
			if visible[doc>>6]>>(doc&63)&1 == 1 {
				first = append(first, titled{title, v.part.ID(doc)})
				n++
			}
		}
	}
	slices.SortFunc(first, func(a, b titled) int { return cmp.Or(cmp.Compare(a.title, b.title), cmp.Compare(b.id, a.id)) })
	for _, t := range first[:min(len(first), limit)] {
		ids = append(ids, t.id)
	}
	last := words[strings.LastIndexByte(words, ' ')+1:]
	if len(ids) == limit || utf8.RuneCountInString(last) <= shortBeginning {
		return ids
	}
	for _, id := range s.titlesWith(words, limit+len(ids), room) {
		if len(ids) < limit && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

func (s *sight) titlesWith(words string, limit int, room *arena) (ids []library.ID) {
	p := newPlan(search.Expression{Operator: search.Prefix, Text: words, Field: search.FieldTitle})
	var lines []*line
	for _, v := range s.views {
		m := s.matches(v, p, room)
		lines = append(lines, newLine(v, m.sets[p.root.number], search.Newest))
	}
	for _, h := range merged(lines, search.Newest, limit) {
		ids = append(ids, h.part.ID(h.doc))
	}
	return ids
}
