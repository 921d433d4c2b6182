package store

import (
	"crypto/rand"
	"fmt"
	mathrand "math/rand/v2"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"waymark/library"
)

// resources makes small resources such as an import brings: a title of nine
// words, frequent and rare as words are, an author, a date.
func resources(b *testing.B, n int) []library.Entry {
	b.Helper()
	source := mathrand.New(mathrand.NewPCG(1, 2))
	words := mathrand.NewZipf(source, 1.2, 20, 20_000)
	entries := make([]library.Entry, n)
	for i := range entries {
		id, err := library.NewID(at.Add(time.Duration(i)*time.Millisecond), rand.Reader)
		if err != nil {
			b.Fatal(err)
		}
		title := ""
		for range 9 {
			word := words.Uint64()
			title += strings.Repeat(string(rune('a'+word%26)), int(2+word%7)) + strconv.FormatUint(word, 36) + " "
		}
		r := &library.Resource{ID: id, Status: library.Published, Audience: library.Public, Date: "2019", Languages: []string{"en"},
			Titles: library.Text{"en": title}, Countries: []string{"KE"},
			Contributors: []library.Contributor{{Agent: library.ID(fmt.Sprintf("01ARZ3NDEKTSV4RRFFQ%07d", i%5_000)), Role: library.Author}}}
		if entries[i], err = r.Entry(); err != nil {
			b.Fatal(err)
		}
	}
	return entries
}

// BenchmarkImport commits 100,000 small resources in edits of 500.
func BenchmarkImport(b *testing.B) {
	const n, size = 100_000, 500
	entries := resources(b, n)
	b.ResetTimer()
	for range b.N {
		s := openFile(b, filepath.Join(b.TempDir(), "l.db"))
		for i := 0; i < n; i += size {
			if _, err := s.Commit(b.Context(), fresh(entries[i:i+size]...)); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(b.N*n)/b.Elapsed().Seconds(), "entries/s")
}

// BenchmarkUse measures single acts on a library of 100,000 resources.
func BenchmarkUse(b *testing.B) {
	const n = 100_000
	entries := resources(b, n)
	s := openFile(b, filepath.Join(b.TempDir(), "l.db"))
	ids := make([]library.ID, n)
	for i := 0; i < n; i += 500 {
		if _, err := s.Commit(b.Context(), fresh(entries[i:i+500]...)); err != nil {
			b.Fatal(err)
		}
	}
	for i, e := range entries {
		ids[i] = e.ID
	}
	i := 0
	for _, act := range []struct {
		name string
		do   func() error
	}{
		{"Entry", func() error { _, err := s.Entry(b.Context(), reader, ids[i*7919%n]); return err }},
		{"Entries20", func() error {
			at := i * 7919 % (n - 20)
			_, err := s.Entries(b.Context(), reader, ids[at:at+20])
			return err
		}},
		{"Find", func() error {
			_, err := s.Find(b.Context(), reader, library.KindResource, entries[i*7919%n].Keys, 50)
			return err
		}},
		{"Scan1000", func() error {
			_, err := s.Scan(b.Context(), reader, library.KindResource, ids[i*7919%n], 1000)
			return err
		}},
		{"Commit1", func() error {
			e := entries[i%n]
			_, err := s.Commit(b.Context(), edit(library.Change{Read: int64(1 + i/n), Entry: e}))
			return err
		}},
	} {
		i = 0
		b.Run(act.name, func(b *testing.B) {
			for range b.N {
				if err := act.do(); err != nil {
					b.Fatal(err)
				}
				i++
			}
		})
	}
}
