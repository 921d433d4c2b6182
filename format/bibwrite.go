package format

import (
	"fmt"
	"io"
	"strings"

	"waymark/analysis"
)

// WriteBibTeX writes BibTeX in UTF-8 with the fields of BibLaTeX. It cannot
// hold: titles and abstracts in more than one language and the languages they
// are in, publishers and links after the first, countries, regions and topics
// (they go out as keywords), relations, ids of Waymark, withdrawals, and
// identifiers other than DOI, ISBN and ISSN.
func WriteBibTeX(w io.Writer) Writer { return &bibWriter{w: w, keys: map[string]bool{}} }

type bibWriter struct {
	w    io.Writer
	keys map[string]bool
}

// bibTypes are the types that are written.
var bibTypes = map[string]string{"Journal Article": "article", "Report": "report", "Book": "book", "Book Chapter": "incollection", "Thesis": "thesis",
	"Conference Paper": "inproceedings", "Legislation": "legislation", "Dataset": "dataset", "Web Page": "online", "Presentation": "presentation", "Film": "video"}

// Write writes one entry.
func (b *bibWriter) Write(d Draft) error {
	word := codeOf(d.Category.Text, "", func(i int) string { return kinds[i].word })
	kind := bibTypes[word]
	if kind == "" {
		kind = "misc"
	}
	var out strings.Builder
	fmt.Fprintf(&out, "@%s{%s,\n", kind, b.key(d))
	put := func(name, value string) {
		if value != "" {
			fmt.Fprintf(&out, "  %s = {%s},\n", name, value)
		}
	}
	title, lang := d.Titles.In(words(d.Languages)...)
	abstract, _ := d.Abstracts.In(lang)
	put("title", asTeX.Replace(squeeze(title)))
	put("author", texNames(d.Authors))
	put("editor", texNames(d.Editors))
	if len(d.Publishers) > 0 {
		name := "publisher"
		if kind == "report" || kind == "thesis" {
			name = "institution"
		}
		put(name, asTeX.Replace(squeeze(d.Publishers[0].Text)))
	}
	put("date", asTeX.Replace(squeeze(d.Date.Text)))
	container := "series"
	switch kind {
	case "article":
		container = "journaltitle"
	case "incollection", "inproceedings":
		container = "booktitle"
	}
	for _, f := range []struct{ name, value string }{{container, d.Container.Text}, {"volume", d.Volume.Text}, {"number", d.Issue.Text},
		{"edition", d.Edition.Text}, {"pages", strings.ReplaceAll(d.Pages.Text, "-", "--")}, {"abstract", abstract}, {"rights", d.Rights.Text}} {
		text := asTeX.Replace(squeeze(f.value))
		if f.name == "pages" {
			text = strings.ReplaceAll(text, "{-}{-}", "--")
		}
		put(f.name, text)
	}
	locate(put, d)
	out.WriteString("}\n\n")
	if _, err := io.WriteString(b.w, out.String()); err != nil {
		return fmt.Errorf("write BibTeX: %w", err)
	}
	return nil
}

// locate writes what the work is found by.
func locate(put func(name, value string), d Draft) {
	var keywords []string
	for _, v := range append(append(append(append([]Value{}, d.Subjects...), d.Topics...), d.Countries...), d.Regions...) {
		keywords = append(keywords, asTeX.Replace(strings.NewReplacer(",", " ", ";", " ").Replace(squeeze(v.Text))))
	}
	put("keywords", strings.Join(keywords, ", "))
	if len(d.Languages) > 0 {
		put("langid", asTeX.Replace(d.Languages[0].Text))
	}
	for _, id := range d.Identifiers {
		switch id.Scheme {
		case "doi", "isbn", "issn":
			put(id.Scheme, asTeX.Replace(id.Value))
		}
	}
	if len(d.Links) > 0 {
		put("url", d.Links[0].URL)
	}
}

// Close does nothing: each entry stands by itself.
func (b *bibWriter) Close() error { return nil }

// texNames writes names; one that is not in parts is kept whole by braces.
func texNames(values []Value) string {
	var names []string
	for _, v := range values {
		parts := strings.Split(squeeze(v.Text), ", ")
		for i := range parts {
			parts[i] = asTeX.Replace(parts[i])
		}
		switch len(parts) {
		case 2:
			names = append(names, parts[0]+", "+parts[1])
		case 3:
			names = append(names, parts[0]+", "+parts[2]+", "+parts[1])
		default:
			names = append(names, "{"+strings.Join(parts, ", ")+"}")
		}
	}
	return strings.Join(names, " and ")
}

// key gives a key that no other entry of the file has: the record's own when it
// is one, else the first author's name, the year and a word of the title.
func (b *bibWriter) key(d Draft) string {
	key := d.Key
	if key == "" || strings.ContainsAny(key, " ,{}()\"#%='\\~\t\n@") {
		var parts []string
		if len(d.Authors) > 0 {
			name, _, _ := strings.Cut(d.Authors[0].Text, ",")
			parts = append(parts, analysis.Words(name)...)
			parts = parts[:min(1, len(parts))]
		}
		if len(d.Date.Text) >= 4 {
			parts = append(parts, d.Date.Text[:4])
		}
		title, _ := d.Titles.In(words(d.Languages)...)
		for _, w := range analysis.Words(title) {
			if len(w) > 3 {
				parts = append(parts, w)
				break
			}
		}
		key = strings.Map(func(r rune) rune {
			if r < 0x80 {
				return r
			}
			return -1
		}, strings.Join(parts, "_"))
		if key == "" {
			key = "entry"
		}
	}
	for base, n := key, 2; b.keys[strings.ToLower(key)]; n++ {
		key = fmt.Sprintf("%s_%d", base, n)
	}
	b.keys[strings.ToLower(key)] = true
	return key
}
