// Package corpus generates libraries with a fixed seed, for measuring search
// engines at any size.
package corpus

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"waymark/library"
	"waymark/search"
)

// Corpus generates the documents of a library, the same ones at each run:
// titles of 6 to 14 words and abstracts of 70 to 170 (about 130 words a
// record), drawn by Zipf's law (s = 1.07) from 60,000 words; one or two of 200
// countries and 20 regions, one to three of 40 topics, one of 20 categories,
// one of 8 languages, one to three of 20,000 authors (all by Zipf), and one of
// 60 years.
type Corpus struct {
	rnd                                    *rand.Rand
	words, country, region, topic, authors *rand.Zipf
	list                                   []string
	docs                                   []int // by word: documents that have it
	seen                                   []int // by word: the last document that had it
	made                                   int
}

const (
	distinctWords = 60_000
	distinctNames = 20_000
)

// New gives a corpus at its first document.
func New() *Corpus {
	rnd := rand.New(rand.NewPCG(2026, 11))
	zipf := func(s float64, n int) *rand.Zipf { return rand.NewZipf(rnd, s, 1, uint64(n-1)) }
	c := &Corpus{rnd: rnd, words: zipf(1.07, distinctWords), country: zipf(1.1, 200), region: zipf(1.2, 20), topic: zipf(1.1, 40),
		authors: zipf(1.05, distinctNames), docs: make([]int, distinctWords), seen: make([]int, distinctWords)}
	for i := range distinctWords {
		c.list = append(c.list, spell(i))
	}
	return c
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

func (c *Corpus) text(least, most int) string {
	var b strings.Builder
	for i := range least + c.rnd.IntN(most-least+1) {
		if i > 0 {
			b.WriteByte(' ')
		}
		w := c.words.Uint64()
		b.WriteString(c.list[w])
		if c.seen[w] != c.made {
			c.seen[w] = c.made
			c.docs[w]++
		}
	}
	return b.String()
}

func (c *Corpus) some(prefix string, z *rand.Zipf, most int) []string {
	var values []string
	for range 1 + c.rnd.IntN(most) {
		if v := fmt.Sprint(prefix, z.Uint64()); !slices.Contains(values, v) {
			values = append(values, v)
		}
	}
	return values
}

// Next generates the next document.
func (c *Corpus) Next() search.Document {
	c.made++
	lang := []string{"en", "en", "en", "fr", "es", "ru", "ar", "de"}[c.rnd.IntN(8)]
	d := search.Document{
		ID: library.ID(fmt.Sprintf("01ARZ3NDEKTSV4RRFF%08d", c.made)), Sight: search.Sight{Status: library.Published, Audience: library.Public},
		Titles:    []search.Passage{{Lang: lang, Text: c.text(6, 14)}},
		Abstracts: []search.Passage{{Lang: lang, Text: c.text(70, 170)}},
		Date:      library.Date(fmt.Sprint(1965 + c.rnd.IntN(60))),
		Values: map[library.Field][]string{
			library.FieldCountry: c.some("C", c.country, 2), library.FieldRegion: c.some("R", c.region, 2), library.FieldTopic: c.some("T", c.topic, 3),
			library.FieldCategory: c.some("K", c.region, 1), library.FieldLanguage: {lang}, library.FieldAuthor: c.some("A", c.authors, 3),
		},
	}
	for _, a := range d.Values[library.FieldAuthor] {
		d.Authors = append(d.Authors, search.Author{Value: a, Names: []search.Passage{{Text: name(a)}}})
	}
	d.Title = d.Titles[0].Text
	return d
}

// File generates the text of a file: pages of 200 to 400 words in a language.
func (c *Corpus) File(lang string, pages int) search.FileText {
	f := search.FileText{File: fmt.Sprintf("%064x", c.made)}
	for n := range pages {
		f.Pages = append(f.Pages, search.PageText{Number: n + 1, Passage: search.Passage{Lang: lang, Text: c.text(200, 400)}})
	}
	return f
}

// name gives the two names of an author.
func name(author string) string {
	n := 0
	for _, r := range author[1:] {
		n = 10*n + int(r-'0')
	}
	return spell(7*n+5000) + " " + spell(13*n+60_000)
}

// Word gives the word whose share of the documents so far is nearest to one,
// leaving out some that are nearer.
func (c *Corpus) Word(share float64, but int) string {
	order := make([]int, 0, distinctWords)
	for w, n := range c.docs {
		if n > 0 {
			order = append(order, w)
		}
	}
	far := func(w int) float64 { return math.Abs(math.Log(float64(c.docs[w]) / float64(c.made) / share)) }
	slices.SortStableFunc(order, func(a, b int) int {
		switch x, y := far(a), far(b); {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	})
	return c.list[order[min(but, len(order)-1)]]
}
