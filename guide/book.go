package guide

import (
	"context"
	"fmt"
	"html"
	"strings"
	"time"

	"waymark/library"
)

// Book is a guide as one file to keep: what a reader may see of it, in one
// language, with the state that it is of on every page.
type Book struct {
	ID       library.ID
	Slug     string
	Title    string
	Owner    string
	Licence  string
	Lang     string
	RTL      bool
	Origin   string // of the library, "https://…"
	Edition  int    // 0 when it is of a day
	Hash     string // of the edition
	Day      library.Date
	Modified time.Time
	Entries  []BookEntry
	Words    BookWords
	Example  bool
}

// BookEntry is one page of a book.
type BookEntry struct {
	Slug, Title, Lang string
	Depth             int
	Sections          []BookSection
}

// BookSection is a section with its text as sanitised XHTML.
type BookSection struct {
	ID                  library.ID
	Type, Heading, Lang string
	HTML                string
	Notices, Dates      []string
	Due                 library.Date // of its next review
}

// BookWords are the words around a guide, in its language.
type BookWords struct {
	Contents, State, Made, Site, Warning, Example, Behind, Overdue, Untranslated string
	Day                                                                          func(time.Time) string
	Updated                                                                      func(day string) string
}

// Book gives what a viewer may see of an opened guide as a book.
func (g *Guides) Book(ctx context.Context, o *Opened, lang, origin string, words BookWords) (*Book, error) {
	readings, err := g.Sections(ctx, o, "", lang)
	if err != nil {
		return nil, err
	}
	title, _ := o.Titles.In(lang, o.Language())
	b := &Book{ID: o.ID, Slug: o.Slug, Title: title, Owner: o.Owner, Licence: o.Licence, Lang: lang, RTL: rightToLeft(lang), Origin: origin,
		Day: o.Day(), Modified: o.on.UTC().Truncate(time.Second), Words: words, Example: o.Example}
	if o.Edition != nil {
		b.Edition, b.Hash = o.Edition.Number, o.Edition.Hash
	}
	files := map[library.ID]string{}
	for _, e := range o.Entries {
		files[e.ID] = e.Slug
	}
	for _, r := range readings {
		if e := o.Page(r.In); e != nil && r.Lang != "" && r.Ended == nil {
			files[r.ID] = e.Slug
		}
	}
	for _, e := range o.Live() {
		title, tag := e.Titles.In(lang, o.Language())
		entry := BookEntry{Slug: e.Slug, Title: title, Lang: tag, Depth: o.Depth(e)}
		for _, r := range readings {
			if r.In != e.ID || r.Lang == "" || r.Ended != nil {
				continue
			}
			s, err := g.bookSection(o, b, r, files)
			if err != nil {
				return nil, err
			}
			entry.Sections = append(entry.Sections, s)
		}
		b.Entries = append(b.Entries, entry)
	}
	return b, nil
}

func rightToLeft(lang string) bool {
	base, _, _ := strings.Cut(lang, "-")
	return strings.Contains(" ar fa he ps sd ug ur yi dv ckb ", " "+base+" ")
}

func (g *Guides) bookSection(o *Opened, b *Book, r Reading, files map[library.ID]string) (BookSection, error) {
	fill := o.Fill(r.Lang)
	s := BookSection{ID: r.ID, Type: string(r.Type), Heading: Line(r.Text.Heading, fill), Lang: r.Lang}
	look := Look{Fill: fill, Marks: r.Marks, Resolve: func(to string) string {
		id, ok := inHouse(to)
		switch file := files[id]; {
		case ok && file != "" && o.Page(id) == nil:
			return file + fileEnding + "#s-" + string(id)
		case ok && file != "":
			return file + fileEnding
		case strings.HasPrefix(to, "/"):
			return b.Origin + to
		}
		return to
	}}
	var err error
	if s.HTML, err = g.Render.HTML(r.Text.Body, look); err != nil {
		return s, err
	}
	if note, _ := r.Notes.In(r.Lang, o.Language()); note != "" {
		extra, err := g.Render.HTML(note, look)
		if err != nil {
			return s, err
		}
		s.HTML += `<div class="note" role="note">` + extra + "</div>"
	}
	s.HTML = cleanXML(s.HTML)
	switch {
	case r.Lang != b.Lang:
		s.Notices = append(s.Notices, b.Words.Untranslated)
	case r.Tongues[r.Lang] == Behind:
		s.Notices = append(s.Notices, b.Words.Behind)
	}
	if c := r.Changed(); !c.At.IsZero() {
		s.Dates = append(s.Dates, b.Words.Updated(b.Words.Day(c.At)))
	}
	if review, ok := r.Review(r.original); ok {
		s.Due = review.Due
	}
	return s, nil
}

// fileEnding stands for the ending of the files of a book until it is known.
const fileEnding = ".waymark-page"

// cleanXML leaves out the signs that XML cannot hold.
func cleanXML(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0xFFFE || r == 0xFFFF {
			return -1
		}
		return r
	}, s)
}

// page writes one entry as the body of a page with files of an ending.
func (b *Book) page(e BookEntry, ending string) string {
	var w strings.Builder
	esc := html.EscapeString
	fmt.Fprintf(&w, "<h1 lang=%q dir=%q>%s</h1>\n", e.Lang, dir(e.Lang), esc(cleanXML(e.Title)))
	for _, s := range e.Sections {
		fmt.Fprintf(&w, "<section id=\"s-%s\" class=\"%s\" lang=%q dir=%q>\n<h2>%s</h2>\n", s.ID, esc(s.Type), s.Lang, dir(s.Lang), esc(cleanXML(s.Heading)))
		for _, n := range s.Notices {
			fmt.Fprintf(&w, "<p class=\"notice\" lang=%q dir=%q>%s</p>\n", b.Lang, dir(b.Lang), esc(n))
		}
		if s.Due != "" {
			w.WriteString(b.dueNotice(s, ending))
		}
		body := strings.ReplaceAll(s.HTML, fileEnding, ending)
		if s.Type == string(library.SectionWarning) {
			body = `<div class="warning" role="note"><p><strong>` + esc(b.Words.Warning) + "</strong></p>\n" + body + "</div>"
		}
		w.WriteString(body)
		if len(s.Dates) > 0 {
			fmt.Fprintf(&w, "<p class=\"dates\" lang=%q dir=%q>%s</p>\n", b.Lang, dir(b.Lang), esc(strings.Join(s.Dates, " · ")))
		}
		w.WriteString("</section>\n")
	}
	return w.String()
}

// dueNotice says that a review is overdue. On pages it is hidden until its day
// has passed; an e-book, which has no script, says it when it was so at making.
func (b *Book) dueNotice(s BookSection, ending string) string {
	text := html.EscapeString(b.Words.Overdue)
	switch {
	case s.Due < b.Day:
		return "<p class=\"notice\">" + text + "</p>\n"
	case ending == pageEnding:
		return fmt.Sprintf("<p class=\"notice\" data-due=%q hidden>%s</p>\n", s.Due, text)
	}
	return ""
}

func dir(lang string) string {
	if rightToLeft(lang) {
		return "rtl"
	}
	return "ltr"
}

// foot says on each page of what it is a part, of which state, and where it
// stands now.
func (b *Book) foot() string {
	esc := html.EscapeString
	parts := []string{esc(b.Title), esc(b.Words.State)}
	if b.Hash != "" {
		parts = append(parts, "<span class=\"hash\">SHA-256 "+b.Hash[:16]+"…</span>")
	}
	parts = append(parts, `<span class="age" id="age">`+esc(b.Words.Made)+"</span>",
		`<a href="`+esc(b.Origin+"/g/"+string(b.ID))+`">`+esc(b.Words.Site)+"</a>")
	if b.Licence != "" {
		parts = append(parts, esc(b.Licence))
	}
	out := "<footer><p>" + strings.Join(parts, " · ") + "</p>"
	if b.Example {
		out += "<p>" + esc(b.Words.Example) + "</p>"
	}
	return out + "</footer>\n"
}
