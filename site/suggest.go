package site

import (
	"encoding/json"
	"fmt"
	"net/http"

	"waymark/library"
	"waymark/locale"
	"waymark/serve"
)

// suggestion is what the box of words offers while a reader writes.
type suggestion struct {
	Label string `json:"label"`
	Kind  string `json:"kind"`            // author, country, … in the reader's language
	Count string `json:"count,omitempty"` // publications; none for a single one
	URL   string `json:"url"`
	Lang  string `json:"lang,omitempty"` // of the label, when it is not the page's
	Dir   string `json:"dir,omitempty"`
}

// suggest answers the script of the box of words. Nothing of what was written
// is kept: neither here nor by a cache on the way.
func (s *Site) suggest(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	viewer := serve.Viewer(r)
	found, err := s.Searcher.Complete(r.Context(), viewer, r.URL.Query().Get("q"), l.Tag)
	if err != nil {
		return err
	}
	out := []suggestion{}
	var titles []library.ID
	for _, c := range found {
		if c.Field == "" {
			titles = append(titles, library.ID(c.Value))
			continue
		}
		out = append(out, suggestion{Label: c.Label, Kind: l.T("field." + string(c.Field)), Count: l.Number(c.Count),
			URL: "/" + l.Tag + "/" + section(c.Field) + "/" + c.Value})
	}
	records, err := s.Catalogue.Records(r.Context(), viewer, titles)
	if err != nil {
		return err
	}
	for _, record := range records {
		title, lang := record.Title(l.Tag)
		one := suggestion{Label: title, Kind: l.T("suggest.publication"), URL: "/" + l.Tag + "/r/" + string(record.ID)}
		if lang != l.Tag {
			one.Lang, one.Dir = lang, locale.Direction(lang)
		}
		out = append(out, one)
	}
	sections, err := s.Guides.Hits(r.Context(), viewer, titles, l.Tag)
	if err != nil {
		return err
	}
	for _, id := range titles {
		h, ok := sections[id]
		if !ok {
			continue
		}
		one := suggestion{Label: h.Text.Heading, Kind: l.T("guide.type." + string(h.Guide.Type)),
			URL: "/" + l.Tag + "/guides/" + h.Guide.Slug + "/" + h.Entry.Slug + "#" + anchor(id)}
		if h.Lang != l.Tag {
			one.Lang, one.Dir = h.Lang, locale.Direction(h.Lang)
		}
		out = append(out, one)
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Robots-Tag", "noindex")
	if err := json.NewEncoder(w).Encode(out); err != nil {
		return fmt.Errorf("write suggestions: %w", err)
	}
	return nil
}

// suggesting says where the script of a box of words finds suggestions.
type suggesting struct{ URL, Label string }

func newSuggesting(l *locale.Language) suggesting {
	return suggesting{"/" + l.Tag + "/suggest", l.T("suggest.label")}
}

// Suggest is for the box of words at the top of every page.
func (f frame) Suggest() suggesting { return newSuggesting(f.L) }

// Suggest is for a box of words that searches the whole library.
func (b searchBox) Suggest() suggesting { return newSuggesting(b.L) }
