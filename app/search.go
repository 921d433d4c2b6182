package app

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"waymark/library"
	"waymark/search"
)

type searchCommand struct {
	Words    []string `arg:"" optional:"" help:"Words that must all be found."`
	Country  []string `help:"Country, by code or name in any of the six languages." placeholder:"SD"`
	Region   []string `help:"Region, by code or name." placeholder:"NAME"`
	Topic    []string `help:"Topic, by code or name." placeholder:"NAME"`
	Category []string `help:"Category, by code or name." placeholder:"NAME"`
	Held     []string `help:"What of the publication the library holds: text." placeholder:"NAME"`
	Author   []string `help:"Author, by name or acronym." placeholder:"NAME"`
	Language []string `help:"Language of the publication." placeholder:"es"`
	Year     string   `help:"Year or years of publication." placeholder:"2009..2016"`
	Sort     string   `help:"Order: relevance, newest or title." placeholder:"ORDER"`
	Page     int      `help:"Page of ten." default:"1"`
	Exact    bool     `help:"Only the words as written: no other names of what they mean, no other spellings."`
	Complete bool     `help:"Complete the words instead: places, topics, authors and titles that begin so."`
	JSON     bool     `name:"json" help:"Answer in JSON."`
}

// answer is what search --json prints.
type answer struct {
	Total  int                             `json:"total"`
	Hits   []answerHit                     `json:"hits"`
	Facets map[library.Field][]answerValue `json:"facets"`
	TookMS float64                         `json:"took_ms"` // in the engine

	Suggestion string   `json:"suggestion,omitempty"` // the words put right, when they find nothing
	Corrected  bool     `json:"corrected,omitempty"`  // the answer is that to the suggestion
	Also       []string `json:"also,omitempty"`       // names that were searched beside the words
}

// answerCompletion is one line of search --complete.
type answerCompletion struct {
	Field library.Field `json:"field,omitempty"` // none for a publication
	Value string        `json:"value"`
	Label string        `json:"label"`
	Count int           `json:"count"`
}

type answerHit struct {
	ID         library.ID `json:"id"`
	Title      string     `json:"title"`
	Year       int        `json:"year,omitempty"`
	Score      float64    `json:"score"`
	Authors    []string   `json:"authors,omitempty"`
	Countries  []string   `json:"countries,omitempty"`
	Regions    []string   `json:"regions,omitempty"`
	Topics     []string   `json:"topics,omitempty"`
	Category   string     `json:"category,omitempty"`
	Languages  []string   `json:"languages,omitempty"`
	OtherForms []string   `json:"other_forms,omitempty"`
}

type answerValue struct {
	Value string `json:"value"`
	Label string `json:"label"`
	Count int    `json:"count"`
}

// terminalLanguage is the language of labels on the terminal.
const terminalLanguage = "en"

// Run searches as an anonymous reader does and prints a page of hits.
func (c *searchCommand) Run(ctx context.Context, cfg *Config, s streams) (err error) {
	q, err := c.query()
	if err != nil {
		return err
	}
	h, err := cfg.openSearch(ctx)
	if err != nil {
		return err
	}
	defer h.close(&err)
	if err := h.follower.CatchUp(ctx); err != nil {
		return err
	}
	if c.Complete {
		completions, err := h.complete(ctx, q.Text)
		if err != nil {
			return err
		}
		if c.JSON {
			return printJSON(s, completions)
		}
		for _, one := range completions {
			fmt.Fprintf(s.out, "%6d  %-9s  %s\n", one.Count, cmp.Or(string(one.Field), "title"), one.Label)
		}
		return nil
	}
	a, err := h.answer(ctx, q)
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(s, a)
	}
	printAnswer(s, q, a)
	return nil
}

func printJSON(s streams, v any) error {
	out := json.NewEncoder(s.out)
	out.SetEscapeHTML(false)
	out.SetIndent("", "  ")
	return out.Encode(v)
}

// complete completes words as an anonymous reader's.
func (h *house) complete(ctx context.Context, text string) ([]answerCompletion, error) {
	var viewer library.Viewer
	found, err := h.searcher.Complete(ctx, viewer, text, terminalLanguage)
	if err != nil {
		return nil, err
	}
	completions := []answerCompletion{}
	for _, one := range found {
		label := one.Label
		if one.Field == "" {
			records, err := h.catalogue.Records(ctx, viewer, []library.ID{library.ID(one.Value)})
			if err != nil {
				return nil, err
			}
			for _, r := range records {
				label, _ = r.Title(terminalLanguage)
			}
		}
		completions = append(completions, answerCompletion{one.Field, one.Value, label, one.Count})
	}
	return completions, nil
}

// query gives the query of the flags, which have the names of the parameters
// of an address.
func (c *searchCommand) query() (search.Query, error) {
	exact := map[bool]string{true: "1"}
	return search.Parse(url.Values{
		"q":       {strings.Join(c.Words, " ")},
		"kind":    {library.KindPublication},
		"country": c.Country, "region": c.Region, "topic": c.Topic, "category": c.Category, "held": c.Held,
		"author": c.Author, "language": c.Language, "exact": {exact[c.Exact]},
		"year": {c.Year}, "sort": {c.Sort}, "page": {strconv.Itoa(c.Page)},
	})
}

func (h *house) answer(ctx context.Context, q search.Query) (answer, error) {
	var viewer library.Viewer
	found, err := h.searcher.Find(ctx, viewer, q, terminalLanguage)
	if err != nil {
		return answer{}, err
	}
	a := answer{Total: found.Total, Hits: []answerHit{}, Facets: map[library.Field][]answerValue{},
		TookMS: float64(found.Took.Microseconds()) / 1000, Suggestion: found.Suggestion, Corrected: found.Corrected, Also: found.Also}
	scores := map[library.ID]float64{}
	var ids []library.ID
	for _, hit := range found.Hits {
		scores[hit.ID] = hit.Score
		ids = append(ids, hit.ID)
	}
	records, err := h.catalogue.Records(ctx, viewer, ids)
	if err != nil {
		return answer{}, err
	}
	for _, r := range records {
		title, _ := r.Title(terminalLanguage)
		hit := answerHit{ID: r.ID, Title: title, Year: r.Date.Year(), Score: scores[r.ID], Countries: r.Countries,
			Regions: r.Regions, Topics: r.Topics, Category: r.Category, Languages: r.Languages, OtherForms: r.Forms()}
		for _, agent := range r.Named(r.Creators()) {
			hit.Authors = append(hit.Authors, agent.Label(terminalLanguage))
		}
		a.Hits = append(a.Hits, hit)
	}
	for f, values := range found.Facets {
		list := []answerValue{}
		for _, v := range values {
			list = append(list, answerValue{v.Value, v.Label, v.Count})
		}
		a.Facets[f] = list
	}
	return a, nil
}

// printAnswer writes hits for a person: a number, the title, and a line of
// what tells it from others.
func printAnswer(s streams, q search.Query, a answer) {
	first := (q.Number()-1)*search.PageSize + 1
	switch {
	case a.Total == 0 && a.Suggestion != "":
		fmt.Fprintf(s.out, "Nothing was found. Did you mean: %s\n", a.Suggestion)
		return
	case a.Total == 0:
		fmt.Fprintln(s.out, "Nothing was found. Use fewer words or filters; without words, search browses the whole library.")
		return
	case len(a.Hits) == 0:
		fmt.Fprintf(s.out, "%d publications, and none on page %d: the last page is %d.\n", a.Total, q.Number(), (a.Total+search.PageSize-1)/search.PageSize)
		return
	}
	if a.Corrected {
		fmt.Fprintf(s.out, "Nothing was found for %s. These are the results for: %s\n", q.Text, a.Suggestion)
	}
	if len(a.Also) > 0 {
		fmt.Fprintf(s.out, "Also searched (not with --exact): %s\n", strings.Join(a.Also, " · "))
	}
	fmt.Fprintf(s.out, "%d to %d of %d\n", first, first+len(a.Hits)-1, a.Total)
	for i, hit := range a.Hits {
		var facts []string
		for _, f := range []string{year(hit.Year), strings.Join(hit.Authors, "; "), strings.Join(hit.Countries, " "), strings.Join(hit.Languages, " ")} {
			if f != "" {
				facts = append(facts, f)
			}
		}
		fmt.Fprintf(s.out, "\n%3d  %s\n     %s\n     /r/%s\n", first+i, hit.Title, strings.Join(facts, " · "), hit.ID)
	}
}

func year(y int) string {
	if y == 0 {
		return ""
	}
	return strconv.Itoa(y)
}
