package index

import (
	"slices"
	"testing"
	"time"

	"waymark/index/corpus"
	"waymark/library"
	"waymark/search"
)

// benchRecords is the size of the generated library.
const benchRecords = 100_000

// BenchmarkSearch reports, over 100,000 generated records on disk, the latency
// of some classes of query in microseconds (p50-µs, p95-µs), each with the
// exact counts of seven facets. `waymark bench search` measures all of them.
func BenchmarkSearch(b *testing.B) {
	engine, err := Open(b.TempDir(), "test")
	if err != nil {
		b.Fatal(err)
	}
	defer engine.Close()
	words := corpus.New()
	start := time.Now()
	for n := 0; n < benchRecords; {
		var batch search.Batch
		for range 5000 {
			batch.Documents = append(batch.Documents, words.Next())
			n++
		}
		batch.Seq = int64(n)
		if err := engine.Apply(b.Context(), batch); err != nil {
			b.Fatal(err)
		}
	}
	b.Logf("%d segments", len(engine.current.Load().views))
	b.Logf("indexed %.0f records/s, generation included", benchRecords/time.Since(start).Seconds())
	rare, common, mid := words.Word(0.0005, 0), words.Word(0.6, 0), words.Word(0.05, 0)
	for _, c := range []struct {
		name string
		q    search.Query
	}{
		{"rare word", search.Query{Text: rare}},
		{"common word", search.Query{Text: common}},
		{"three words", search.Query{Text: common + " " + mid + " " + words.Word(0.2, 0)}},
		{"phrase", search.Query{Text: `"` + common + " " + mid + `"`}},
		{"prefix", search.Query{Text: rare[:4] + "*"}},
		{"common word and facets", search.Query{Text: common}.With(library.FieldCountry, "C1").With(library.FieldTopic, "T2")},
		{"browse", search.Query{}},
		{"browse and facet", search.Query{}.With(library.FieldCountry, "C1")},
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
		})
	}
}
