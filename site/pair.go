package site

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
	"strings"

	"waymark/library"
	"waymark/locale"
	"waymark/serve"
)

// pairPage is pages/pair.html: two records side by side that may be one work.
type pairPage struct {
	deskFrame
	Heading string
	Action  string
	A, B    pairSide
	Why     string
	Rows    []pairField
	Kinds   []choice // relations in which the second may stand to the first
}

type pairSide struct {
	ID    library.ID
	Title text
	URL   string
	From  string
}

// pairField is a field of both records. Pick tells that a merge takes one of
// the two; of others it takes both.
type pairField struct {
	Name, Label string
	A, B        []string
	Same, Pick  bool
}

// pair shows two records side by side.
func (s *Site) pair(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	v := serve.Viewer(r)
	ids := []library.ID{library.ID(r.PathValue("a")), library.ID(r.PathValue("b"))}
	var both [2]*library.Resource
	for i, id := range ids {
		rec, err := s.Catalogue.Record(r.Context(), v, id)
		if err != nil {
			return err
		}
		both[i] = rec.Resource
	}
	a, b := both[0].Fields(), both[1].Fields()
	names, err := s.labels(r, l, a, b)
	if err != nil {
		return err
	}
	p := pairPage{deskFrame: s.deskFrame(r, l, l.T("desk.pair")), Heading: l.T("desk.pair"), Action: r.URL.Path}
	sides := []*pairSide{&p.A, &p.B}
	for i, rec := range both {
		title, lang := rec.Title(l.Tag)
		*sides[i] = pairSide{ID: rec.ID, Title: plain(title, lang), URL: p.URL("/r/" + string(rec.ID))}
		if len(rec.Sources) > 0 {
			sides[i].From = rec.Sources[0].Name
		}
	}
	if pair, err := s.Desk.Pair(r.Context(), v, ids[0], ids[1]); err == nil {
		p.Why = l.List(pair.Reasons)
	}
	for _, name := range fieldNames(a, b) {
		p.Rows = append(p.Rows, pairField{name, names.name(name), names.values(name, a[name]), names.values(name, b[name]), slices.Equal(a[name], b[name]),
			library.Picked(name) && len(a[name]) > 0 && len(b[name]) > 0})
	}
	for _, kind := range []library.RelationType{library.TranslationOf, library.Supersedes, library.PartOf} {
		p.Kinds = append(p.Kinds, choice{Value: string(kind), Label: l.T("desk.relation." + string(kind))})
	}
	return s.show(w, http.StatusOK, "pair", p)
}

// fieldNames gives the names of the fields that any of some records has: titles
// first, abstracts last.
func fieldNames(all ...library.Fields) []string {
	seen := map[string]bool{}
	for _, f := range all {
		for name := range f {
			seen[name] = true
		}
	}
	rank := func(name string) int {
		return map[string]int{"title": -1, "abstract": 1}[strings.SplitN(name, ".", 2)[0]]
	}
	return slices.SortedFunc(maps.Keys(seen), func(a, b string) int { return cmp.Or(rank(a)-rank(b), strings.Compare(a, b)) })
}

// decide does with a pair what the button says.
func (s *Site) decide(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	v := serve.Viewer(r)
	a, b, why := library.ID(r.PathValue("a")), library.ID(r.PathValue("b")), r.PostFormValue("why")
	var err error
	done := []string{"queue", queuePairs, "n", "1", "done"}
	switch r.PostFormValue("do") {
	case "different":
		_, err = s.Desk.Different(r.Context(), v, a, b, why)
		done = append(done, "different")
	case "relate":
		_, err = s.Desk.Relate(r.Context(), v, b, library.RelationType(r.PostFormValue("kind")), a, why)
		done = append(done, "related")
	case "merge":
		keep, drop, other := a, b, "b"
		if r.PostFormValue("keep") == "b" {
			keep, drop, other = b, a, "a"
		}
		var picks []string
		for name, choice := range r.PostForm {
			if field, ok := strings.CutPrefix(name, "pick:"); ok && choice[0] == other {
				picks = append(picks, field)
			}
		}
		slices.Sort(picks)
		_, err = s.Desk.Merge(r.Context(), v, keep, drop, why, picks...)
		done = append(done, "merged", "unmerge", string(drop))
	default:
		err = &library.Error{Kind: library.Invalid, Field: "do", Err: library.Errorf(library.Invalid, "a pair is merged, related or different")}
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/"+l.Tag+"/desk"+query(done...), http.StatusSeeOther)
	return nil
}

// unmerge takes a merge back.
func (s *Site) unmerge(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	v := serve.Viewer(r)
	if _, err := s.Desk.Unmerge(r.Context(), v, library.ID(r.PostFormValue("id")), ""); err != nil {
		return err
	}
	http.Redirect(w, r, "/"+l.Tag+"/desk"+query("queue", queuePairs, "done", "undone", "n", "1"), http.StatusSeeOther)
	return nil
}
