package segment_test

import (
	"bytes"
	"testing"

	"waymark/index/corpus"
	"waymark/index/segment"
	"waymark/search"
)

func generated(n int) (docs []search.Document) {
	c := corpus.New()
	for range n {
		docs = append(docs, c.Next())
	}
	return docs
}

// BenchmarkBuild measures building segments of 2,500 records in memory.
func BenchmarkBuild(b *testing.B) {
	docs := generated(2500)
	var builder segment.Builder
	for b.Loop() {
		if _, err := builder.Build(docs); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(docs)*b.N)/b.Elapsed().Seconds(), "records/s")
}

// BenchmarkMerge measures merging eight segments of 2,500 records.
func BenchmarkMerge(b *testing.B) {
	docs := generated(20_000)
	var builder segment.Builder
	var sources []segment.Source
	for i := range 8 {
		data, err := builder.Build(docs[i*2500 : (i+1)*2500])
		if err != nil {
			b.Fatal(err)
		}
		s, err := segment.Load("bench", data)
		if err != nil {
			b.Fatal(err)
		}
		sources = append(sources, segment.Source{Segment: s, Dead: func(uint32) bool { return false }})
	}
	for b.Loop() {
		if err := segment.Merge(new(bytes.Buffer), sources); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(docs)*b.N)/b.Elapsed().Seconds(), "records/s")
}
