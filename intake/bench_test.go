package intake

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"strings"
	"testing"

	"waymark/format"
	"waymark/library"
)

// works generates records as a large harvest has them: titles of 6 to 14 words
// by Zipf's law over 60,000 words, abstracts of 120, one to three of 20,000
// persons, a year, countries, a DOI for half of them; one in fifty is an
// earlier one with another case and a typing error.
func works(n int) iter.Seq2[format.Draft, error] {
	return func(yield func(format.Draft, error) bool) {
		rnd := rand.New(rand.NewPCG(7, 7))
		words, names := rand.NewZipf(rnd, 1.07, 1, 59_999), rand.NewZipf(rnd, 1.05, 1, 19_999)
		spell := func(n uint64) string {
			const consonants, vowels = "bdfgklmnprstvz", "aeiou"
			var b strings.Builder
			for n += 70; n > 0; n /= 70 {
				b.WriteByte(consonants[n%14])
				b.WriteByte(vowels[n/14%5])
			}
			return b.String() + "n"
		}
		text := func(least, most int) string {
			list := make([]string, least+rnd.IntN(most-least+1))
			for i := range list {
				list[i] = spell(words.Uint64())
			}
			return strings.Join(list, " ")
		}
		var titles []string
		for i := range n {
			title := text(6, 14)
			if i > 100 && i%50 == 0 {
				title = strings.ToUpper(titles[rnd.IntN(len(titles))])
			}
			titles = append(titles, title)
			d := format.Draft{Line: i + 1, Titles: library.Text{"en": title}, Abstracts: library.Text{"en": text(110, 130)},
				Date: format.Value{Text: fmt.Sprint(1970 + rnd.IntN(55))}, Languages: []format.Value{{Text: "English"}},
				Countries: []format.Value{{Text: []string{"Sudan", "Libya", "Ukraine", "Niger", "Chad"}[rnd.IntN(5)]}}}
			for range 1 + rnd.IntN(3) {
				d.Authors = append(d.Authors, format.Value{Text: spell(names.Uint64()) + " " + spell(names.Uint64()%500)})
			}
			if i%2 == 0 {
				d.Identifiers = []library.Identifier{{Scheme: "doi", Value: fmt.Sprintf("10.1234/x.%d", i)}}
			}
			if !yield(d, nil) {
				return
			}
		}
	}
}

// BenchmarkImport reports records a second into a library on disk that grows
// to 30,000 records.
func BenchmarkImport(b *testing.B) {
	for b.Loop() {
		const n = 30_000
		d := newDesk(b)
		rep, err := d.im.Import(b.Context(), "harvest", works(n))
		if err != nil || rep.Read != n {
			b.Fatal(rep.Read, err)
		}
		b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), "records/s")
		b.Logf("added %d, joined %d, suspected %d", rep.Added, len(rep.Joined), len(rep.Suspected))
	}
}
