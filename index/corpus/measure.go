package corpus

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"

	"waymark/library"
	"waymark/search"
)

// Class is a kind of question with examples of it.
type Class struct {
	Name    string
	Queries []search.Query
}

// perClass is how many different questions a class has.
const perClass = 20

// Classes gives questions about the documents generated so far, the same ones
// at each run.
func (c *Corpus) Classes() []Class {
	byShare := func(share float64, n int) (words []string) {
		for i := range n {
			words = append(words, c.Word(share, i))
		}
		return words
	}
	rare, few, some, many, most := byShare(0.0005, perClass), byShare(0.01, perClass), byShare(0.05, perClass), byShare(0.2, 4), byShare(0.6, 2)
	rnd := rand.New(rand.NewPCG(7, 7))
	class := func(name string, ask func(i int) search.Query) Class {
		cl := Class{Name: name}
		for i := range perClass {
			cl.Queries = append(cl.Queries, ask(i))
		}
		return cl
	}
	text := func(words ...string) search.Query { return search.Query{Text: strings.Join(words, " ")} }
	common := func(i int) string { return most[i%len(most)] }
	return []Class{
		class("rare word", func(i int) search.Query { return text(rare[i]) }),
		class("common word", func(i int) search.Query { return text(common(i)) }),
		class("three words", func(i int) search.Query { return text(common(i), many[i%len(many)], some[i]) }),
		class("any of three words", func(i int) search.Query { return text(many[i%len(many)], "OR", some[i], "OR", few[i]) }),
		class("phrase", func(i int) search.Query { return text(`"` + common(i) + " " + some[i] + `"`) }),
		class("prefix", func(i int) search.Query { return text(rare[i][:4] + "*") }),
		class("typo", func(i int) search.Query { return text(typo(some[i], rnd)) }),
		class("word and filter", func(i int) search.Query {
			return text(common(i)).With(library.FieldCountry, "C1").With(library.FieldTopic, "T2")
		}),
		class("browse", func(int) search.Query { return search.Query{} }),
		class("browse and filter", func(i int) search.Query {
			return search.Query{}.With(library.FieldCountry, []string{"C0", "C1", "C7"}[i%3])
		}),
		class("page 50", func(i int) search.Query { return text(common(i)).At(50) }),
	}
}

// Beginnings gives what readers of the documents so far may have written when a
// completion is asked for: the first one to eight letters of words, rare and
// common, and of authors' names.
func (c *Corpus) Beginnings() (texts []string) {
	for i := range 60 {
		word := c.Word([]float64{0.0005, 0.01, 0.05, 0.2}[i%4], i)
		if i%3 == 0 {
			word = name(fmt.Sprint("A", i*i*5))
		}
		texts = append(texts, word[:min(1+i%8, len(word))])
	}
	return texts
}

// typo doubles a letter so that no word is left.
func typo(word string, rnd *rand.Rand) string {
	i := 1 + rnd.IntN(len(word)-2)
	return word[:i] + "x" + word[i:]
}

// Latency is how long a question took, in milliseconds.
type Latency struct {
	P50 float64 `json:"p50"`
	P95 float64 `json:"p95"`
	P99 float64 `json:"p99"`
}

// Measure asks questions in turn, as many times in all, with a number of
// clients at once.
func Measure(queries []search.Query, times, clients int, ask func(search.Query) error) (Latency, error) {
	took := make([]time.Duration, times)
	errs := make([]error, clients)
	var all sync.WaitGroup
	for client := range clients {
		all.Go(func() {
			for i := client; i < times && errs[client] == nil; i += clients {
				start := time.Now()
				errs[client] = ask(queries[i%len(queries)])
				took[i] = time.Since(start)
			}
		})
	}
	all.Wait()
	for _, err := range errs {
		if err != nil {
			return Latency{}, err
		}
	}
	slices.Sort(took)
	at := func(p float64) float64 { return float64(took[int(p*float64(times-1))].Microseconds()) / 1000 }
	return Latency{at(0.5), at(0.95), at(0.99)}, nil
}
