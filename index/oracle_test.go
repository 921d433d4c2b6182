package index

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"waymark/analysis"
	"waymark/library"
	"waymark/search"
)

var cases = flag.Int("cases", 4000, "queries to compare with the oracle")

// oracle answers a query by looking at every document: slow, and plain enough
// to be believed. It shares no code with the engine but its weights.
type oracle map[string]search.Document // by key

func (o oracle) remove(id library.ID) {
	maps.DeleteFunc(o, func(_ string, d search.Document) bool { return d.ID == id })
}

func (o oracle) search(v library.Viewer, q search.Query) search.Result {
	var seen []search.Document
	for _, d := range o {
		if d.Sees(v) {
			seen = append(seen, d)
		}
	}
	asked := q.Expression()
	ranks := map[library.ID]float64{}
	var matches []search.Document
	for _, d := range seen {
		if isMatch(d, asked) && (q.Among == nil || slices.Contains(q.Among, d.ID)) {
			matches = append(matches, d)
		}
	}
	if !asked.Nothing() {
		for _, d := range matches {
			ranks[d.ID] = rank(seen, d, asked, func(search.Document) bool { return true })
		}
	}
	res := search.Result{Facets: map[library.Field][]search.Count{}}
	for _, f := range library.Facets() {
		counts := map[string]int{}
		for _, d := range matches {
			if admitted(d, q, f) {
				for _, v := range slices.Compact(slices.Sorted(slices.Values(valuesIn(d, f)))) {
					counts[v]++
				}
			}
		}
		for _, v := range slices.Sorted(maps.Keys(counts)) {
			res.Facets[f] = append(res.Facets[f], search.Count{Value: v, Count: counts[v]})
		}
		slices.SortStableFunc(res.Facets[f], func(a, b search.Count) int { return b.Count - a.Count })
	}
	matches = slices.DeleteFunc(matches, func(d search.Document) bool { return !admitted(d, q, "") })
	slices.SortFunc(matches, func(a, b search.Document) int {
		order := 0
		switch q.Order() {
		case search.Newest:
			order = cmp.Compare(b.Date, a.Date)
		case search.ByTitle:
			order = cmp.Compare(a.Title, b.Title)
		case search.Added: // by ID
		default:
			if math.Abs(ranks[a.ID]-ranks[b.ID]) > 1e-9 {
				order = cmp.Compare(ranks[b.ID], ranks[a.ID])
			}
		}
		return cmp.Or(order, cmp.Compare(b.ID, a.ID))
	})
	res.Total = len(matches)
	start := min((q.Number()-1)*search.PageSize, len(matches))
	for _, d := range matches[start:min(start+search.PageSize, len(matches))] {
		h := search.Hit{ID: d.ID, Found: pagesWith(d, asked)}
		if q.Order() == search.Relevance {
			h.Score = math.Mod(ranks[d.ID], 1<<14)
		}
		res.Hits = append(res.Hits, h)
	}
	return res
}

// pagesWith counts the pages on which something stands that the query asks for.
func pagesWith(d search.Document, asked search.Expression) (n int) {
	for _, page := range d.Text() {
		if slices.ContainsFunc(asked.Wanted(), func(e search.Expression) bool { return onPage(page, e) }) {
			n++
		}
	}
	return n
}

func onPage(page search.Passage, e search.Expression) bool {
	words, optional := piecesOf(e)
	one := search.Document{Abstracts: []search.Passage{page}}
	return slices.ContainsFunc(append(words, optional...), func(l piece) bool {
		exact, stemmed := l.occurrences(one)
		return !l.inTitle && exact[3]+stemmed[3] > 0
	})
}

// oracleWords gives the words that a document must have and those that only
// raise its rank. The test's words are whole in every script but Chinese.
func oracleWords(text string) (words, optional []string) {
	for field := range strings.FieldsSeq(text) {
		for _, w := range chinesePairs(analysis.Fold(field)) {
			function := false
			for _, lang := range []string{"en", "fr", "es", "ru", "ar"} {
				function = function || analysis.StopWord(w, lang)
			}
			if list := &words; !slices.Contains(append(slices.Clone(words), optional...), w) {
				if function {
					list = &optional
				}
				*list = append(*list, w)
			}
		}
	}
	if len(words) == 0 {
		return optional, nil
	}
	return words, optional
}

func chinesePairs(word string) []string {
	runes := []rune(word)
	if len(runes) < 3 || runes[0] < 0x4e00 || runes[0] > 0x9fff {
		return []string{word}
	}
	var pairs []string
	for i := range len(runes) - 1 {
		pairs = append(pairs, string(runes[i:i+2]))
	}
	return pairs
}

func passagesOf(d search.Document) [5][]search.Passage {
	var authors []search.Passage
	for _, a := range d.Authors {
		authors = append(authors, a.Names...)
	}
	return [5][]search.Passage{d.Titles, d.Concepts, authors, d.Abstracts, d.Text()}
}

// admitted tells whether the filters but that of one field admit a document.
func admitted(d search.Document, q search.Query, but library.Field) bool {
	for _, f := range library.Facets() {
		if f == but {
			continue
		}
		if f == library.FieldYear {
			if !q.Years.Contains(d.Date.Year()) {
				return false
			}
			continue
		}
		wanted := q.Values(f)
		if len(wanted) > 0 && !slices.ContainsFunc(d.Values[f], func(v string) bool { return slices.Contains(wanted, v) }) {
			return false
		}
	}
	return true
}

func valuesIn(d search.Document, f library.Field) []string {
	if f == library.FieldYear {
		if d.Date == "" {
			return nil
		}
		return []string{string(d.Date[:4])}
	}
	return d.Values[f]
}

// world makes random libraries of few words and values, so that they meet often.
type world struct{ *rand.Rand }

var vocabularyOf = map[string][]string{
	"en": strings.Fields("trafficking trafficked traffic victims victim the of in children child Protection organ organisation study café"),
	"fr": strings.Fields("traite victimes victime la des enfants protection étude identification l'identification"),
	"es": strings.Fields("trata víctimas victima de la niños protección estudio organización"),
	"ru": strings.Fields("торговля торговли людьми жертв жертвы и в ребёнок ребенок защита"),
	"ar": strings.Fields("الاتجار بالأشخاص ضحايا الضحايا في حماية الحماية أطفال"),
	"zh": strings.Fields("贩运人口 人口 保护受害人 儿童 人"),
	"de": strings.Fields("Menschenhandel Schutz der Opfer"),
	"":   strings.Fields("IOM UNHCR 2015 A/RES/64/293 trafficking"),
}

func (w world) pick(list []string) string { return list[w.IntN(len(list))] }

func (w world) lang() string { return w.pick(slices.Sorted(maps.Keys(vocabularyOf))) }

func (w world) text(most int) search.Passage {
	p := search.Passage{Lang: w.lang()}
	var words []string
	for range 1 + w.IntN(most) {
		words = append(words, w.pick(vocabularyOf[p.Lang]))
	}
	p.Text = strings.Join(words, " ")
	return p
}

func (w world) passages(most, words int) []search.Passage {
	var ps []search.Passage
	for range w.IntN(most + 1) {
		ps = append(ps, w.text(words))
	}
	return ps
}

func (w world) document(id int) search.Document {
	d := search.Document{
		ID: numbered(id), Sight: search.Sight{Status: library.Published, Audience: library.Public},
		Titles: []search.Passage{w.text(6)}, Concepts: w.passages(2, 3), Authors: []search.Author{{Value: "author0", Names: w.passages(2, 2)}}, Abstracts: w.passages(2, 20),
		Date: library.Date(w.pick([]string{"", "2009", "2010", "2010-05", "2015", "2019-12-31"})), Values: map[library.Field][]string{},
	}
	d.Title = analysis.Fold(d.Titles[0].Text)
	for i := range w.IntN(3) {
		d.Texts = append(d.Texts, w.file(fmt.Sprint("file", i)))
	}
	if w.IntN(6) == 0 {
		d.Audience = library.Staff
	}
	if w.IntN(8) == 0 {
		d.Status = library.Draft
	}
	for _, f := range library.Facets()[:7] {
		for range w.IntN(4) {
			d.Values[f] = append(d.Values[f], string(f)+strconv.Itoa(w.IntN(5)))
		}
	}
	return d
}

// numbered gives the ID of the test's resource of a number.
func numbered(n int) library.ID { return library.ID(fmt.Sprintf("01ARZ3NDEKTSV4RRFFQ69%05d", n)) }

// resource makes the documents of a resource: one, or one for those who may
// not see a file of the board's and one for those who may.
func (w world) resource(id int) []search.Document {
	d := w.document(id)
	if w.IntN(4) > 0 {
		return []search.Document{d}
	}
	more := d
	d.Without, more.With = "board", "board"
	more.Texts = append(slices.Clone(more.Texts), w.file("board"))
	more.Values = maps.Clone(d.Values)
	more.Values[library.FieldHeld] = []string{"held" + strconv.Itoa(w.IntN(5))}
	return []search.Document{d, more}
}

func (w world) file(name string) search.FileText {
	f := search.FileText{File: name}
	for n := range w.IntN(5) {
		f.Pages = append(f.Pages, search.PageText{Number: 2*n + 1, Passage: w.text(40)})
	}
	return f
}

func (w world) query() search.Query {
	q := search.Query{Text: w.asking(2)}
	if w.IntN(3) == 0 {
		q = q.Meaning(w.also(q.Expression()))
	}
	for range w.IntN(4) {
		f := library.Facets()[w.IntN(7)]
		q = q.With(f, string(f)+strconv.Itoa(w.IntN(6)))
	}
	if w.IntN(3) == 0 {
		q.Years = search.Years{From: 2009 + w.IntN(3), To: 2010 + w.IntN(10)}
	}
	return q.By([]search.Sort{"", search.Newest, search.ByTitle, search.Added}[w.IntN(4)]).At(1 + w.IntN(3))
}

func (w world) viewer() library.Viewer {
	return []library.Viewer{{}, {}, {Audiences: []library.Audience{library.Staff, "board"}}, {Role: library.Curator}, library.House()}[w.IntN(5)]
}

// TestAgainstOracle: on random libraries that grow, change and shrink, the
// engine gives what the oracle gives: total, hits, order, ranks and counts.
func TestAgainstOracle(t *testing.T) {
	const libraries = 40
	if testing.Short() { // the race detector makes each case ten times slower
		*cases = min(*cases, 480)
	}
	for seed := range libraries {
		w := world{rand.New(rand.NewPCG(uint64(seed), 7))}
		engine, truth := NewMemory(), oracle{}
		folder := ""
		if seed%2 == 1 { // on disk, written and merged again and again
			folder = t.TempDir()
			engine = openSmall(t, folder)
		}
		seq := int64(0)
		for range 4 {
			var b search.Batch
			for range w.IntN(60) {
				ds := w.resource(w.IntN(90))
				if slices.ContainsFunc(b.Documents, func(o search.Document) bool { return o.ID == ds[0].ID }) {
					continue
				}
				b.Documents = append(b.Documents, ds...)
				truth.remove(ds[0].ID)
				for _, d := range ds {
					truth[d.Key()] = d
				}
			}
			for _, key := range slices.Sorted(maps.Keys(truth)) {
				d, there := truth[key]
				if there && w.IntN(10) == 0 && !slices.ContainsFunc(b.Documents, func(o search.Document) bool { return o.ID == d.ID }) {
					b.Remove = append(b.Remove, d.ID)
					truth.remove(d.ID)
				}
			}
			seq++
			b.Seq = seq
			for range 1 + w.IntN(2) { // applying again changes nothing
				if err := engine.Apply(t.Context(), b); err != nil {
					t.Fatal(err)
				}
			}
			if folder != "" && w.IntN(2) == 0 {
				closeEngine(t, engine)
				engine = openSmall(t, folder)
			}
			for range *cases / libraries / 4 {
				q := w.query()
				if w.IntN(6) == 0 { // among some that are there and some that are not
					q.Among = []library.ID{numbered(200)}
					for range w.IntN(30) {
						q.Among = append(q.Among, numbered(w.IntN(90)))
					}
				}
				compare(t, engine, truth, w.viewer(), q)
				if t.Failed() {
					t.Fatalf("seed %d", seed)
				}
			}
		}
		if engine.Seq() != seq {
			t.Errorf("Seq is %d, want %d", engine.Seq(), seq)
		}
		closeEngine(t, engine)
	}
}

// openSmall opens an index that writes every few documents.
func openSmall(t testing.TB, folder string) *Embedded {
	t.Helper()
	e, err := Open(folder, "test")
	if err != nil {
		t.Fatal(err)
	}
	e.limits = limits{docs: 10, bytes: 1 << 20, edits: 3} // and every search on all processors
	return e
}

func closeEngine(t testing.TB, e *Embedded) {
	t.Helper()
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
}

func compare(t *testing.T, engine *Embedded, truth oracle, v library.Viewer, q search.Query) {
	t.Helper()
	got, err := engine.Search(context.Background(), v, q)
	if err != nil {
		t.Fatal(err)
	}
	want := truth.search(v, q)
	about := fmt.Sprintf("%q for %+v", q.Encode(), v)
	if got.Total != want.Total {
		t.Errorf("%s: total %d, want %d", about, got.Total, want.Total)
	}
	same := slices.EqualFunc(got.Hits, want.Hits, func(a, b search.Hit) bool {
		return a.ID == b.ID && math.Abs(a.Score-b.Score) < 1e-9 && (q.Expression().Nothing() || a.Found == b.Found && len(a.Pages) == min(a.Found, search.BestPages))
	})
	if !same {
		t.Errorf("%s: hits\n%v, want\n%v", about, got.Hits, want.Hits)
	}
	for _, f := range library.Facets() {
		if !slices.Equal(got.Facets[f], want.Facets[f]) {
			t.Errorf("%s: %s\n%v, want\n%v", about, f, got.Facets[f], want.Facets[f])
		}
	}
}

// TestHiddenLeavesNoTrace: what a viewer may not see changes nothing at all in
// what the viewer gets, ranks included.
func TestHiddenLeavesNoTrace(t *testing.T) {
	w := world{rand.New(rand.NewPCG(5, 5))}
	var open, both []search.Document
	for i := range 120 {
		d := w.document(i)
		both = append(both, d)
		if d.Sees(library.Viewer{}) {
			open = append(open, d)
		}
	}
	without, with := NewMemory(), NewMemory()
	for engine, docs := range map[*Embedded][]search.Document{without: open, with: both} {
		if err := engine.Apply(t.Context(), search.Batch{Documents: docs, Seq: 1}); err != nil {
			t.Fatal(err)
		}
	}
	for range 300 {
		q := w.query()
		a, errA := without.Search(t.Context(), library.Viewer{}, q)
		b, errB := with.Search(t.Context(), library.Viewer{}, q)
		if errA != nil || errB != nil || fmt.Sprint(a) != fmt.Sprint(b) {
			t.Fatalf("%q: %v %v\n%v\n%v", q.Encode(), errA, errB, a, b)
		}
	}
}

// FuzzSearch: no text makes a search fail.
func FuzzSearch(f *testing.F) {
	w := world{rand.New(rand.NewPCG(3, 3))}
	engine := NewMemory()
	var b search.Batch
	for i := range 50 {
		b.Documents = append(b.Documents, w.document(i))
	}
	if err := engine.Apply(f.Context(), b); err != nil {
		f.Fatal(err)
	}
	f.Add("trafficking 贩运人口 l'identification \xff \x00")
	f.Fuzz(func(t *testing.T, text string) {
		if _, err := engine.Search(t.Context(), library.Viewer{}, search.Query{Text: text}); err != nil {
			t.Error(err)
		}
	})
}

// TestSearchWhileApplying is for the race detector: searches see whole batches.
func TestSearchWhileApplying(t *testing.T) {
	w := world{rand.New(rand.NewPCG(9, 9))}
	engine := NewMemory()
	done := make(chan error)
	go func() {
		for i := range 200 {
			one, other := w.document(2*i), w.document(2*i+1)
			one.Status, one.Audience, other.Status, other.Audience = library.Published, library.Public, library.Published, library.Public
			if err := engine.Apply(context.Background(), search.Batch{Documents: []search.Document{one, other}, Seq: int64(i + 1)}); err != nil {
				done <- err
				return
			}
		}
		done <- nil
	}()
	for {
		res, err := engine.Search(t.Context(), library.Viewer{}, search.Query{})
		if err != nil {
			t.Fatal(err)
		}
		if res.Total%2 != 0 {
			t.Fatalf("a search saw half a batch: %d documents", res.Total)
		}
		select {
		case err := <-done:
			if err != nil {
				t.Fatal(err)
			}
			return
		default:
		}
	}
}
