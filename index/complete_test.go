package index

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"waymark/analysis"
	"waymark/library"
	"waymark/search"
	"waymark/vocabulary"
)

// TestComplete compares completions with what a look at every document gives,
// for viewers who see different ones: no author, title or count of a hidden
// document is offered.
func TestComplete(t *testing.T) {
	w := world{rand.New(rand.NewPCG(8, 8))}
	names := []string{"International Organization for Migration", "Rebecca Surtees", "Organización Internacional", "Ольга Петрова", "Xanthippe Orga"}
	e := openSmall(t, t.TempDir())
	defer closeEngine(t, e)
	truth := oracle{}
	for seq := range int64(30) {
		var docs []search.Document
		for range 6 {
			d := w.document(w.IntN(120))
			d.Title = strings.Join(analysis.Words(d.Titles[0].Text), " ")
			author := w.IntN(len(names))
			if author == len(names)-1 { // whom only staff may know of
				d.Audience = library.Staff
			}
			d.Values[library.FieldAuthor] = []string{fmt.Sprint("A", author)}
			d.Authors = []search.Author{{Value: fmt.Sprint("A", author), Names: []search.Passage{{Text: names[author]}}}}
			docs = append(docs, d)
			truth[d.Key()] = d
		}
		apply(t, e, seq+1, docs)
	}
	topic := vocabulary.FieldTerm{Field: library.FieldTopic, Code: "topic1"}
	for _, begun := range []string{"traf", "or", "org", "orga", "migration", "пет", "xan", "victim of", "la", "zzz", "t", "children "} {
		for range 8 {
			v := w.viewer()
			begun := strings.TrimSpace(begun)
			got, err := e.Complete(t.Context(), v, begun, []vocabulary.FieldTerm{topic}, 4)
			if err != nil {
				t.Fatal(err)
			}
			authors, topics := map[string]int{}, 0
			inTitle := map[library.ID]bool{}
			for _, d := range truth {
				if !d.Sees(v) {
					continue
				}
				author := d.Authors[0]
				if len(begun) > 1 && vocabulary.Begins(author.Names[0].Text, begun) {
					authors[author.Value]++
				}
				if slices.Contains(d.Values[library.FieldTopic], "topic1") {
					topics++
				}
				inTitle[d.ID] = strings.HasPrefix(d.Title, begun) || len([]rune(begun[strings.LastIndexByte(begun, ' ')+1:])) > 2 && isMatch(d, titlePrefix(begun))
			}
			if got.Counts[0] != topics {
				t.Errorf("%q: %d documents of the topic, want %d", begun, got.Counts[0], topics)
			}
			if len(got.Authors) != len(authors) {
				t.Errorf("%q: authors %v, want %v", begun, got.Authors, authors)
			}
			for _, a := range got.Authors {
				if authors[a.Value] != a.Count {
					t.Errorf("%q: %s has %d documents, want %d", begun, a.Value, a.Count, authors[a.Value])
				}
			}
			want := 0
			for _, is := range inTitle {
				if is {
					want++
				}
			}
			if len(got.Titles) != min(want, 4) {
				t.Errorf("%q: %d titles, want %d of %d", begun, len(got.Titles), min(want, 4), want)
			}
			for _, id := range got.Titles {
				if !inTitle[id] {
					t.Errorf("%q: offers %q", begun, truth[string(id)].Title)
				}
			}
		}
	}
}

// titlePrefix asks for words in titles, the last of which may be begun only.
func titlePrefix(begun string) search.Expression {
	words := strings.Fields(begun)
	e := search.Expression{Operator: search.All, Parts: []search.Expression{{Operator: search.Prefix, Text: words[len(words)-1], Field: search.FieldTitle}}}
	for _, word := range words[:len(words)-1] {
		e.Parts = append(e.Parts, search.Expression{Operator: search.Words, Text: word, Field: search.FieldTitle})
	}
	return e
}
