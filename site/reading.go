package site

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"waymark/catalogue"
	"waymark/cite"
	"waymark/library"
	"waymark/locale"
	"waymark/serve"
)

// maxReading is how many publications a reading list holds: its address stays
// short enough to be sent.
const maxReading = 100

// readingPage is pages/reading.html: a reading list. It stands in the address
// alone, as r=ID for each publication in order; other pages carry it along as
// list=ID.ID while it is open.
type readingPage struct {
	frame
	Count   string
	Missing string // how many there are no more
	Full    string
	Items   []readingItem
	Styles  []link
	Exports []link
	Address string
	More    string
}

type readingItem struct {
	styled
	Title  text
	URL    string
	Cite   string
	Remove link
}

// reading gives the publications of the open reading list, in order.
func reading(values url.Values) []library.ID {
	asked := slices.Clone(values["r"])
	for _, s := range values["list"] {
		asked = append(asked, strings.Split(s, ".")...)
	}
	var ids []library.ID
	for _, s := range asked {
		id := library.ID(strings.ToUpper(s))
		if id.Valid() && !slices.Contains(ids, id) && len(ids) < maxReading {
			ids = append(ids, id)
		}
	}
	return ids
}

// readingQuery writes a list as the query of its own page.
func readingQuery(ids []library.ID) string {
	var b strings.Builder
	for i, id := range ids {
		b.WriteString([]string{"?", "&"}[min(i, 1)] + "r=" + string(id))
	}
	return b.String()
}

// readingPath is the address of a list after the language.
func readingPath(ids []library.ID) string { return "/list" + readingQuery(ids) }

// carried writes a list as other pages carry it.
func carried(ids []library.ID) string {
	list := make([]string, len(ids))
	for i, id := range ids {
		list[i] = string(id)
	}
	return strings.Join(list, ".")
}

// keep gives the link that adds a publication to the open list, or takes it
// off: to the same page with the list changed.
func keep(r *http.Request, l *locale.Language, id library.ID) link {
	values := r.URL.Query()
	open := reading(values)
	label, current := l.T("list.add"), false
	if i := slices.Index(open, id); i >= 0 {
		open, label, current = slices.Delete(open, i, i+1), l.T("list.remove"), true
	} else {
		open = append(open, id)
	}
	values.Del("r")
	values.Set("list", carried(open))
	return link{Label: label, URL: r.URL.EscapedPath() + "?" + values.Encode(), Current: current}
}

// read gives the records of a list that the reader sees, those merged under
// their new address, and how many there are not.
func (s *Site) read(r *http.Request) (records []catalogue.Record, missing int, err error) {
	asked := reading(r.URL.Query())
	records, err = s.Catalogue.Records(r.Context(), serve.Viewer(r), asked)
	if err != nil || len(records) == len(asked) {
		return records, 0, err
	}
	found := map[library.ID]catalogue.Record{}
	for _, rec := range records {
		found[rec.ID] = rec
	}
	records = nil
	had := map[library.ID]bool{}
	for _, id := range asked {
		rec, ok := found[id]
		if !ok {
			_, err := s.Catalogue.Record(r.Context(), serve.Viewer(r), id)
			if to, moved := library.MovedTo(err); moved {
				rec, err = s.Catalogue.Record(r.Context(), serve.Viewer(r), to)
			}
			switch library.KindOf(err) {
			case "":
			case library.NotFound, library.Gone:
				missing++
				continue
			default:
				return nil, 0, err
			}
		}
		if !had[rec.ID] {
			had[rec.ID] = true
			records = append(records, rec)
		}
	}
	return records, missing, nil
}

func (s *Site) reading(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	records, missing, err := s.read(r)
	if err != nil {
		return err
	}
	ids := make([]library.ID, len(records))
	for i, rec := range records {
		ids[i] = rec.ID
	}
	style := cite.Styles()[0]
	for _, other := range cite.Styles() {
		if other.Name == r.URL.Query().Get("style") {
			style = other
		}
	}
	path := readingPath(ids)
	p := readingPage{frame: s.frame(r, l, l.T("list.title"), path), Count: l.N("results", len(records)), More: "/" + l.Tag + "/search",
		Address: s.origin(r) + "/" + l.Tag + path}
	p.NoIndex, p.Reading = true, link{}
	p.Exports = exports("/"+l.Tag+"/list", readingQuery(ids))
	if missing > 0 {
		p.Missing = l.N("list.missing", missing)
	}
	if len(ids) == maxReading {
		p.Full = l.T("list.full", "Count", l.Number(maxReading))
	}
	sign := "?"
	if len(ids) > 0 {
		sign = "&"
	}
	for _, other := range cite.Styles() {
		p.Styles = append(p.Styles, link{Label: other.Label, URL: p.URL(path) + sign + "style=" + other.Name, Current: other.Name == style.Name})
	}
	for i, rec := range records {
		title, lang := rec.Title(l.Tag)
		rest := slices.Delete(slices.Clone(ids), i, i+1)
		item := readingItem{styled: s.styled(r, l, rec, style), Title: plain(title, lang), URL: p.URL("/r/" + string(rec.ID)),
			Cite: p.URL("/r/" + string(rec.ID) + "/cite"), Remove: link{Label: l.T("list.remove"), URL: p.URL(readingPath(rest))}}
		p.Items = append(p.Items, item)
	}
	return s.show(w, http.StatusOK, "reading", p)
}

// inner are the links and forms of a page that lead to pages in a language.
var inner = regexp.MustCompile(`(<a [^>]*?href="|<form [^>]*?action=")(/(?:ar|zh|en|fr|ru|es)(?:/[^"#?]*)?)(\?[^"#]*)?(#[^"]*)?"([^>]*>)`)

// carry gives a page whose links and forms carry the open reading list along,
// but for those that say themselves what becomes of it.
func carry(page []byte, list string) []byte {
	if list == "" {
		return page
	}
	return inner.ReplaceAllFunc(page, func(tag []byte) []byte {
		m := inner.FindSubmatch(tag)
		path, query := string(m[2]), string(m[3])
		switch {
		case strings.Contains(query, "list="), strings.HasSuffix(path, "/list"), strings.Contains(path, "/export/"):
			return tag
		case strings.HasPrefix(string(m[1]), "<form"):
			return append(slices.Clone(tag), `<input type="hidden" name="list" value="`+html.EscapeString(list)+`">`...)
		case query == "":
			query = "?list=" + list
		default:
			query += "&amp;list=" + list
		}
		return []byte(string(m[1]) + path + query + string(m[4]) + `"` + string(m[5]))
	})
}
