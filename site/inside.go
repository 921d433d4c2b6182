package site

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"

	"waymark/catalogue"
	"waymark/library"
	"waymark/locale"
	"waymark/search"
	"waymark/serve"
)

// pagePassage is what a page of a file says about a reader's words.
type pagePassage struct {
	Label string // "page 12"
	URL   string
	Text  text
}

// inside is the search within one publication.
type inside struct {
	Box      searchBox
	Asked    bool
	Count    string // "12 pages"
	Passages []pagePassage
}

const onPage = 220 // runes of a passage of a page

// passages shows what pages of a publication's files say about words.
func (s *Site) passages(ctx context.Context, l *locale.Language, r *library.Resource, pages []search.PageHit, wanted []search.Expression) []pagePassage {
	numbers := map[string][]int{}
	for _, p := range pages {
		numbers[p.File] = append(numbers[p.File], p.Page)
	}
	texts := map[search.PageHit]string{}
	files := map[string]library.File{}
	for _, f := range r.Files {
		files[f.Digest] = f
		if len(numbers[f.Digest]) == 0 {
			continue
		}
		read, err := s.Catalogue.Pages(ctx, f, numbers[f.Digest])
		if err != nil { // the publication is found all the same
			slog.Error("the pages of a file cannot be shown", "file", f.Digest, "err", err)
			continue
		}
		for _, p := range read {
			texts[search.PageHit{File: f.Digest, Page: p.Number}] = p.Text
		}
	}
	var out []pagePassage
	for _, p := range pages {
		if t := texts[p]; t != "" {
			f := files[p.File]
			out = append(out, pagePassage{l.T("file.page", "N", l.Number(p.Page)), pageURL(r.ID, f, p.Page), passage(t, f.PageLanguage(p.Page), wanted, onPage)})
		}
	}
	return out
}

// inside searches within the files of one publication, when a reader asks.
func (s *Site) inside(r *http.Request, p *resourcePage, res *library.Resource) error {
	searchable := false
	for _, f := range res.Files {
		searchable = searchable || f.Text == library.TextRead
	}
	if !searchable {
		return nil
	}
	asked := r.URL.Query().Get("inside")
	p.Inside = &inside{Box: searchBox{L: p.L, Action: p.URL("/r/" + string(res.ID)), Label: p.L.T("inside.label"), Text: asked}}
	if asked == "" {
		return nil
	}
	p.NoIndex = true
	q := search.Query{Text: asked[:min(len(asked), search.MaxText)], Exact: true, Within: res.ID}
	a, err := s.Searcher.Find(r.Context(), serve.Viewer(r), q, p.L.Tag)
	if err != nil {
		return err
	}
	in := p.Inside
	in.Asked = true
	found := 0
	if len(a.Hits) > 0 {
		found = a.Hits[0].Found
		in.Passages = s.passages(r.Context(), p.L, res, a.Hits[0].Pages, a.Query.Expression().Wanted())
	}
	in.Count = p.L.N("inside.count", found)
	return nil
}

// fromFiles shows on the cards of an answer what the files say.
func (s *Site) fromFiles(ctx context.Context, l *locale.Language, cards []card, records []catalogue.Record, a search.Answer) {
	hits := map[library.ID]search.Hit{}
	for _, h := range a.Hits {
		hits[h.ID] = h
	}
	for i, rec := range records {
		h := hits[rec.ID]
		cards[i].Passages = s.passages(ctx, l, rec.Resource, h.Pages, a.Query.Expression().Wanted())
		if h.Found > len(cards[i].Passages) {
			cards[i].Found = l.N("inside.count", h.Found)
			cards[i].Inside = cards[i].URL + "?" + url.Values{"inside": {a.Query.Text}}.Encode() + "#inside"
		}
	}
}
