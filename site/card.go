package site

import (
	"net/http"
	"slices"
	"strings"

	"waymark/analysis"
	"waymark/catalogue"
	"waymark/library"
	"waymark/locale"
	"waymark/search"
)

// text is a piece of writing with the language that it is in.
type text struct {
	Lang  string
	Dir   string
	Spans []span
}

// String gives the text without marks.
func (t text) String() string {
	var b strings.Builder
	for _, s := range t.Spans {
		b.WriteString(s.Text)
	}
	return b.String()
}

// span is a run of a text; a match is marked.
type span struct {
	Text  string
	Match bool
}

// card is a publication in a list.
type card struct {
	L         *locale.Language
	URL       string
	Title     text
	Abstract  text
	Category  link
	Year      link
	Authors   []link
	Within    []link // of a section: its entry and its guide
	Places    []link
	Topics    []link
	Languages []link
	Through   string // member countries by which the record stands in a region's list
	Passages  []pagePassage
	Found     string // "12 pages"
	Inside    string // address of the search within the publication
	Locked    string // that its reader may not open it
	Cite      string
	Keep      link // adds it to the reading list, or takes it off
}

const (
	excerpt  = 320 // runes of an abstract among search results
	abstract = 700 // runes of an abstract on a topic's page
)

// matcher tells which tokens of a text a query asks for: words as they are and
// by their stems, beginnings of words, and phrases where they stand whole.
func matcher(s, lang string, wanted []search.Expression) func(analysis.Token) bool {
	words, stems := map[string]bool{}, map[string]bool{}
	var beginnings []string
	var phrases [][]analysis.Token
	for _, e := range wanted {
		asked := analysis.Essential(e.Text)
		if e.Operator == search.Phrase {
			phrases = append(phrases, asked)
			continue
		}
		if last := len(asked) - 1; e.Operator == search.Prefix && last >= 0 {
			beginnings = append(beginnings, asked[last].Exact)
			asked = asked[:last]
		}
		for _, t := range asked {
			if analysis.StopWord(t.Exact, lang) {
				continue
			}
			words[t.Exact] = true
			if e.Operator == search.Words {
				stems[analysis.Stem(t.Exact, lang)] = true
			}
		}
	}
	whole := wholePhrases(s, lang, phrases)
	return func(t analysis.Token) bool {
		begins := func(head string) bool { return strings.HasPrefix(t.Exact, head) }
		return words[t.Exact] || stems[t.Stem] && t.Stem != "" || stems[t.Exact] || whole[place{t.Exact, t.Position}] || slices.ContainsFunc(beginnings, begins)
	}
}

// place is where a word stands in a text.
type place struct {
	word     string
	position int
}

// wholePhrases gives the places of the words of phrases where they stand behind
// each other in a text.
func wholePhrases(s, lang string, phrases [][]analysis.Token) map[place]bool {
	if len(phrases) == 0 {
		return nil
	}
	stands, first := map[place]bool{}, map[string][]int{}
	for _, t := range analysis.Tokens(s, lang) {
		stands[place{t.Exact, t.Position}] = true
		first[t.Exact] = append(first[t.Exact], t.Position)
	}
	whole := map[place]bool{}
	for _, phrase := range phrases {
		if len(phrase) == 0 {
			continue
		}
		for _, start := range first[phrase[0].Exact] {
			at := func(t analysis.Token) place { return place{t.Exact, start + t.Position - phrase[0].Position} }
			if slices.ContainsFunc(phrase, func(t analysis.Token) bool { return !stands[at(t)] }) {
				continue
			}
			for _, t := range phrase {
				whole[at(t)] = true
			}
		}
	}
	return whole
}

// marked gives a text with the words of the query marked.
func marked(s, lang string, wanted []search.Expression) text {
	t := plain(s, lang)
	if len(wanted) == 0 {
		return t
	}
	t.Spans = nil
	for _, sp := range analysis.Highlight(s, lang, matcher(s, lang, wanted)) {
		t.Spans = append(t.Spans, span{s[sp.Start:sp.End], sp.Match})
	}
	return t
}

func plain(s, lang string) text {
	return text{Lang: lang, Dir: locale.Direction(lang), Spans: []span{{Text: s}}}
}

// passage gives the piece of at most n runes that holds most of the query's
// words, with an ellipsis where it was cut.
func passage(s, lang string, wanted []search.Expression, n int) text {
	s = strings.Join(strings.Fields(s), " ")
	start, end := analysis.Passage(s, lang, n, matcher(s, lang, wanted))
	t := marked(s[start:end], lang, wanted)
	if start > 0 {
		t.Spans = append([]span{{Text: "… "}}, t.Spans...)
	}
	if end < len(s) {
		t.Spans = append(t.Spans, span{Text: " …"})
	}
	return t
}

// cards shows the hits of a list, in order.
func (s *Site) cards(r *http.Request, l *locale.Language, records []catalogue.Record, wanted []search.Expression, runes int) []card {
	cards := make([]card, len(records))
	for i, rec := range records {
		cards[i] = s.card(l, rec, wanted, runes)
		cards[i].Keep = keep(r, l, rec.ID)
	}
	return cards
}

func (s *Site) card(l *locale.Language, r catalogue.Record, wanted []search.Expression, runes int) card {
	title, lang := r.Title(l.Tag)
	address := "/" + l.Tag + "/r/" + string(r.ID)
	c := card{L: l, URL: address, Cite: address + "/cite", Title: marked(title, lang, wanted),
		Authors: s.authors(l, r), Topics: s.links(l, library.FieldTopic, r.Topics),
		Languages: s.links(l, library.FieldLanguage, r.Languages)}
	if r.Locked {
		c.Locked = l.T("resource.locked")
	}
	if abstract, lang := r.Abstract(l.Tag); abstract != "" {
		c.Abstract = passage(abstract, lang, wanted, runes)
	}
	c.Places = append(s.links(l, library.FieldCountry, r.Countries), s.links(l, library.FieldRegion, r.Regions)...)
	if r.Category != "" {
		c.Category = s.links(l, library.FieldCategory, []string{r.Category})[0]
	}
	if years := s.links(l, library.FieldYear, r.Values(library.FieldYear)); len(years) > 0 {
		c.Year = years[0]
	}
	return c
}

// links gives the pages of a field's values.
func (s *Site) links(l *locale.Language, f library.Field, values []string) []link {
	var links []link
	for _, v := range s.Vocabularies.Canonical(f, values) {
		label := v
		if list := s.Vocabularies.Field(f); list != nil {
			label = list.Label(v, l.Tag)
		}
		links = append(links, link{Label: label, URL: "/" + l.Tag + "/" + section(f) + "/" + v})
	}
	return links
}

func (s *Site) authors(l *locale.Language, r catalogue.Record) []link {
	return agentLinks(l, r.Named(r.Creators()))
}

// agentLinks gives the pages of persons and organisations.
func agentLinks(l *locale.Language, agents []*library.Agent) []link {
	var links []link
	for _, a := range agents {
		links = append(links, link{Label: a.Label(l.Tag), URL: "/" + l.Tag + "/" + section(library.FieldAuthor) + "/" + string(a.ID)})
	}
	return links
}

// pager leads through the pages of a list.
type pager struct {
	L              *locale.Language
	Previous, Next string // addresses, empty at the ends
	Pages          []link // a Label of "" is a gap
	Number, Last   int
}

// lastPage gives the number of pages of a list, at least 1.
func lastPage(total int) int {
	return min(max((total+search.PageSize-1)/search.PageSize, 1), search.MaxPage)
}

// newPager leads through a list: the first and last page and those around.
func newPager(l *locale.Language, total, number int, at func(page int) string) pager {
	p := pager{L: l, Number: number, Last: lastPage(total)}
	if number > 1 {
		p.Previous = at(number - 1)
	}
	if number < p.Last {
		p.Next = at(number + 1)
	}
	shown := 0
	near := []int{1, number - 2, number - 1, number, number + 1, number + 2, p.Last}
	for _, n := range near {
		if n <= shown || n > p.Last {
			continue
		}
		if n > shown+1 {
			p.Pages = append(p.Pages, link{})
		}
		p.Pages = append(p.Pages, link{Label: l.Number(n), URL: at(n), Current: n == number})
		shown = n
	}
	return p
}
