package index

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"waymark/library"
	"waymark/search"
)

// benchRecords is the size of the generated library.
const benchRecords = 100_000

// generator makes a library with a fixed seed: titles of 6 to 14 words and
// abstracts of 70 to 170 (about 130 words a record), drawn by Zipf's law
// (s = 1.07) from 60,000 words; one or two of 200 countries and 20 regions,
// one to three of 40 topics, one of 20 categories, one of 8 languages, one to
// three of 20,000 authors (all by Zipf), and one of 60 years.
type generator struct {
	rnd                                    *rand.Rand
	words, country, region, topic, authors *rand.Zipf
	wordList                               []string
}

func newGenerator() *generator {
	rnd := rand.New(rand.NewPCG(2026, 11))
	zipf := func(s float64, n int) *rand.Zipf { return rand.NewZipf(rnd, s, 1, uint64(n-1)) }
	g := &generator{rnd: rnd, words: zipf(1.07, 60_000), country: zipf(1.1, 200), region: zipf(1.2, 20), topic: zipf(1.1, 40), authors: zipf(1.05, 20_000)}
	for i := range 60_000 {
		g.wordList = append(g.wordList, spell(i))
	}
	return g
}

// spell writes a number as a word that can be spoken, so that words have the
// lengths of words and stemmers have something to do.
func spell(n int) string {
	const consonants, vowels = "bdfgklmnprstvz", "aeiou"
	var b strings.Builder
	for n += 70; n > 0; n /= 70 {
		b.WriteByte(consonants[n%14])
		b.WriteByte(vowels[n/14%5])
	}
	return b.String() + "n"
}

func (g *generator) text(least, most int) string {
	words := make([]string, least+g.rnd.IntN(most-least+1))
	for i := range words {
		words[i] = g.wordList[g.words.Uint64()]
	}
	return strings.Join(words, " ")
}

func (g *generator) some(prefix string, z *rand.Zipf, most int) []string {
	var values []string
	for range 1 + g.rnd.IntN(most) {
		if v := fmt.Sprint(prefix, z.Uint64()); !slices.Contains(values, v) {
			values = append(values, v)
		}
	}
	return values
}

func (g *generator) document(n int) search.Document {
	lang := []string{"en", "en", "en", "fr", "es", "ru", "ar", "de"}[g.rnd.IntN(8)]
	d := search.Document{
		ID: library.ID(fmt.Sprintf("01ARZ3NDEKTSV4RRFF%08d", n)), Status: library.Published, Audience: library.Public,
		Titles:    []search.Passage{{Lang: lang, Text: g.text(6, 14)}},
		Abstracts: []search.Passage{{Lang: lang, Text: g.text(70, 170)}},
		Authors:   []search.Passage{{Text: g.text(2, 3)}},
		Date:      library.Date(fmt.Sprint(1965 + g.rnd.IntN(60))),
		Values: map[library.Field][]string{
			library.FieldCountry: g.some("C", g.country, 2), library.FieldRegion: g.some("R", g.region, 2), library.FieldTopic: g.some("T", g.topic, 3),
			library.FieldCategory: g.some("K", g.region, 1), library.FieldLanguage: {lang}, library.FieldAuthor: g.some("A", g.authors, 3),
		},
	}
	d.Title = d.Titles[0].Text
	return d
}

// BenchmarkSearch reports, over 100,000 generated records, the latency of each
// class of query in microseconds (p50-µs, p95-µs), each with the exact counts
// of seven facets, and what the facets cost of it.
func BenchmarkSearch(b *testing.B) {
	g := newGenerator()
	engine := NewMemory()
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	start := time.Now()
	for done := 0; done < benchRecords; {
		batch := search.Batch{Seq: int64(done)}
		for range 1000 {
			batch.Documents = append(batch.Documents, g.document(done))
			done++
		}
		if err := engine.Apply(b.Context(), batch); err != nil {
			b.Fatal(err)
		}
	}
	took := time.Since(start)
	runtime.GC()
	runtime.ReadMemStats(&after)
	b.Logf("%d records, generated and indexed at %.0f records/s, %d MB", benchRecords, benchRecords/took.Seconds(), (after.HeapAlloc-before.HeapAlloc)>>20)
	common, rare := wordOf(engine, 0.6), wordOf(engine, 0.0005)
	mid, third := wordOf(engine, 0.2), wordOf(engine, 0.1)
	for _, c := range []struct {
		name string
		q    search.Query
	}{
		{"rare word", search.Query{Text: rare}},
		{"common word", search.Query{Text: common}},
		{"three words", search.Query{Text: common + " " + mid + " " + third}},
		{"phrase", search.Query{Text: `"` + common + " " + mid + `"`}},
		{"prefix", search.Query{Text: rare[:4] + "*"}},
		{"either word", search.Query{Text: mid + " OR " + third}},
		{"common word and facet", search.Query{Text: common}.With(library.FieldCountry, "C1").With(library.FieldTopic, "T2")},
		{"browse", search.Query{}},
		{"browse and facet", search.Query{}.With(library.FieldCountry, "C1")},
		{"browse by title, page 50", search.Query{Sort: search.ByTitle}.At(50)},
		{"common word, page 50", search.Query{Text: common}.At(50)},
	} {
		b.Run(c.name, func(b *testing.B) {
			var times []time.Duration
			total := 0
			for b.Loop() {
				start := time.Now()
				res, err := engine.Search(b.Context(), library.Viewer{}, c.q)
				if err != nil {
					b.Fatal(err)
				}
				times = append(times, time.Since(start))
				total = res.Total
			}
			slices.Sort(times)
			at := func(p float64) float64 { return float64(times[int(p*float64(len(times)-1))].Microseconds()) }
			b.ReportMetric(at(0.5), "p50-µs")
			b.ReportMetric(at(0.95), "p95-µs")
			b.ReportMetric(float64(total), "hits")
			b.ReportMetric(facetCost(engine, c.q), "facets-µs")
		})
	}
}

// wordOf finds a word that about this share of the documents has.
func wordOf(m *Memory, share float64) string {
	best, off := "", 2.0
	for term, ps := range m.terms {
		if strings.Contains(term, stemMark) {
			continue
		}
		got := float64(len(ps.docs)) / float64(len(m.docs))
		if d := max(got/share, share/got); best == "" || d < off {
			best, off = term, d
		}
	}
	return best
}

// facetCost times the counting alone, over the query's matches.
func facetCost(m *Memory, q search.Query) float64 {
	docs, _ := m.sight(library.Viewer{}).match(q.Expression())
	const rounds = 20
	start := time.Now()
	for range rounds {
		cs := m.choices(q)
		admit(cs, docs)
		for i := range cs {
			cs[i].facet()
		}
	}
	return float64(time.Since(start).Microseconds()) / rounds
}
