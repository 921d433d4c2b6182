package format

import (
	"encoding/xml"
	"io"
	"slices"
	"strings"

	"waymark/library"
)

// The names of the RDF that Zotero exports.
const (
	nsZotero  = "http://www.zotero.org/namespaces/export#"
	nsBiblio  = "http://purl.org/net/biblio#"
	nsFOAF    = "http://xmlns.com/foaf/0.1/"
	nsPRISM12 = nsPRISM + "1.2/basic/"
	nsRDF     = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
)

// zoteroKinds are the types of Zotero with the classes that it writes for them,
// those of what they stand in, and the words of kinds. The first row of a word
// is written.
var zoteroKinds = []struct{ item, class, within, word string }{
	{"journalArticle", "bib:Article", "bib:Journal", "Journal Article"}, {"magazineArticle", "bib:Article", "bib:Periodical", "Journal Article"}, {"newspaperArticle", "bib:Article", "bib:Newspaper", "Journal Article"},
	{"preprint", "rdf:Description", "bib:Series", "Journal Article"}, {"report", "bib:Report", "bib:Series", "Report"}, {"hearing", "bib:Report", "bib:Series", "Report"}, {"manuscript", "bib:Manuscript", "bib:Series", "Report"},
	{"book", "bib:Book", "bib:Series", "Book"}, {"bookSection", "bib:BookSection", "bib:Book", "Book Chapter"}, {"encyclopediaArticle", "bib:BookSection", "bib:Book", "Book Chapter"},
	{"dictionaryEntry", "bib:BookSection", "bib:Book", "Book Chapter"}, {"thesis", "bib:Thesis", "bib:Series", "Thesis"}, {"conferencePaper", "rdf:Description", "bib:Journal", "Conference Paper"},
	{"statute", "bib:Legislation", "bib:Series", "Legislation"}, {"bill", "bib:Legislation", "bib:Series", "Legislation"}, {"case", "bib:Document", "bib:CourtReporter", "Legislation"},
	{"dataset", "rdf:Description", "bib:Series", "Dataset"}, {"webpage", "bib:Document", "z:Website", "Web Page"}, {"blogPost", "bib:Document", "z:Blog", "Web Page"}, {"forumPost", "bib:Document", "z:Forum", "Web Page"},
	{"presentation", "bib:ConferenceProceedings", "bib:Series", "Presentation"}, {"film", "bib:MotionPicture", "bib:Series", "Film"}, {"videoRecording", "bib:Recording", "bib:Series", "Film"}, {"tvBroadcast", "rdf:Description", "bib:Series", "Film"},
	{"document", "bib:Document", "bib:Series", ""},
}

// Zotero reads the RDF that Zotero exports. Notes, attachments and collections
// are passed over. A journal stands in the file by itself, mostly behind its
// first article: a record waits for it.
func Zotero(r io.Reader) Drafts {
	return func(yield func(Draft, error) bool) {
		q := zoteroQueue{yield: yield, known: map[string]*element{}}
		on := true
		elements(r, func(n xml.Name) bool {
			return n.Space == nsBiblio || n.Space == nsZotero || n.Space == nsRDF && n.Local == "Description"
		}, func(e *element, err error) bool {
			if err != nil {
				on = yield(Draft{}, err)
			} else {
				on = q.take(e)
			}
			return on
		})
		if on {
			q.give(0)
		}
	}
}

// isZotero tells RDF with the names that only Zotero uses.
func isZotero(head []byte) bool {
	return isXML(head) && declares(head, nsZotero) && declares(head, nsRDF)
}

const (
	maxWaiting = 1000    // records that wait for their journal
	maxKnown   = 1000    // journals that are remembered
	maxWeight  = 8 << 20 // bytes of the texts of the records that wait
)

// zoteroQueue keeps records in their order until what they stand in is known.
type zoteroQueue struct {
	yield   func(Draft, error) bool
	waiting []zoteroWait
	weight  int
	known   map[string]*element // what others stand in, by its name
}

type zoteroWait struct {
	d      Draft
	wants  string // the name of what it stands in, "" when it waits for nothing
	weight int
}

// take takes an element: a record, or what records stand in.
func (q *zoteroQueue) take(e *element) bool {
	item, about := e.first("itemType"), e.attr["about"]
	if item == "" && q.isWithin(e, about) {
		if len(q.known) >= maxKnown {
			clear(q.known)
		}
		q.known[about] = e
		for i := range q.waiting {
			if w := &q.waiting[i]; w.wants == about {
				w.d.zoteroShared(e)
				w.wants = ""
			}
		}
		return q.give(maxWaiting)
	}
	switch {
	case item == "attachment", item == "note", item == "annotation", item == "" && e.name.Space != nsBiblio, e.name.Local == "Memo":
		return true
	}
	w := zoteroWait{d: zoteroDraft(e, item)}
	for _, part := range e.named("isPartOf") {
		name := part.attr["resource"]
		if within := q.known[name]; within != nil {
			w.d.zoteroShared(within)
		} else if name != "" {
			w.wants = name
		}
	}
	for _, t := range w.d.Titles {
		w.weight += len(t)
	}
	for _, t := range w.d.Abstracts {
		w.weight += len(t)
	}
	q.weight += w.weight
	q.waiting = append(q.waiting, w)
	return q.give(maxWaiting)
}

// isWithin tells what records stand in. A book that no record waits for is one itself.
func (q *zoteroQueue) isWithin(e *element, about string) bool {
	switch e.name.Local {
	case "Journal", "Periodical", "Newspaper", "Series", "CourtReporter", "Website", "Blog", "Forum":
		return true
	}
	for _, w := range q.waiting {
		if w.wants != "" && w.wants == about {
			return true
		}
	}
	return false
}

// give gives the records that wait for nothing any more, and the first ones
// when more wait than may.
func (q *zoteroQueue) give(may int) bool {
	for len(q.waiting) > 0 && (q.waiting[0].wants == "" || len(q.waiting) > may || q.weight > maxWeight) {
		w := q.waiting[0]
		q.waiting[0] = zoteroWait{}
		q.waiting = q.waiting[1:]
		if q.weight -= w.weight; !q.yield(w.d, nil) {
			return false
		}
	}
	return true
}

// zoteroDraft takes a record with what is written within it.
func zoteroDraft(e *element, item string) Draft {
	d := Draft{Line: e.line, Key: e.first("citationKey"), Titles: library.Text{}}
	if d.Key == "" {
		d.Key = e.attr["about"]
	}
	for _, k := range zoteroKinds {
		if d.Category.Text == "" && (k.item == item || item == "" && strings.HasSuffix(k.class, ":"+e.name.Local)) && k.word != "" {
			d.Category = Value{e.line, k.word}
		}
	}
	if own := e.first("type"); kindWord(own) {
		d.Category = Value{e.line, own}
	}
	for _, c := range e.children {
		v := Value{c.line, squeeze(c.text)}
		if list := zoteroRole(&d, c.name.Local); list != nil {
			*list = append(*list, zoteroNames(c)...)
		} else if c.name.Local == "isPartOf" {
			for _, within := range c.children {
				d.zoteroWithin(within)
			}
		} else if v.Text != "" {
			d.zoteroField(c, v)
		}
	}
	if d.Container.Text == "" {
		if s := e.first("presentedAt", "Conference", "title"); s != "" {
			d.Container = Value{e.line, s}
		}
	}
	if s := e.first("numPages"); d.Pages.Text == "" && s != "" {
		if strings.Trim(s, "0123456789") == "" {
			s += " p."
		}
		d.Pages = Value{e.line, s}
	}
	return d
}

// zoteroRole gives the list for those who did something for the work; some do
// what a Draft has no list for.
func zoteroRole(d *Draft, name string) *[]Value {
	switch name {
	case "authors", "contributors", "presenters", "directors", "programmers", "podcasters", "artists", "interviewees":
		return &d.Authors
	case "editors":
		return &d.Editors
	}
	return nil
}

// zoteroNames gives the persons of a list; a body has a surname only.
func zoteroNames(c *element) (names []Value) {
	if c.name.Local == "Person" || c.name.Local == "Agent" || c.name.Local == "Organization" {
		name, given := c.first("surname"), c.first("givenName")
		if given == "" {
			given = c.first("givenname")
		}
		if name != "" && given != "" {
			name += ", " + given
		}
		if name += c.first("name"); name == "" {
			name = given
		}
		if name != "" {
			names = []Value{{c.line, name}}
		}
		return names
	}
	for _, inner := range c.children {
		names = append(names, zoteroNames(inner)...)
	}
	return names
}

func (d *Draft) zoteroField(c *element, v Value) {
	switch c.name.Local {
	case "title":
		d.Titles[library.Undetermined] = v.Text
	case "abstract":
		d.Abstracts = library.Text{library.Undetermined: v.Text}
	case "date":
		d.Date = Value{v.Line, slashed(v.Text)}
	case "subject":
		d.Subjects = append(d.Subjects, v)
	case "language":
		d.Languages = []Value{{v.Line, languageTag(v.Text)}}
	case "publisher":
		if name := c.first("Organization", "name"); name != "" {
			v.Text = name
		}
		d.Publishers = append(d.Publishers, v)
	case "rights":
		d.Rights = v
	case "pages":
		d.Pages = Value{v.Line, strings.ReplaceAll(v.Text, "–", "-")}
	case "volume":
		d.Volume = v
	case "number":
		if symbolForm.MatchString(v.Text) {
			d.identify("un-symbol", v.Text)
		} else {
			d.Issue = v
		}
	case "edition":
		d.Edition = v
	case "identifier":
		d.zoteroNumber(v.Text)
	}
}

// zoteroNumber takes "ISBN 9789290687063 9289290687", "DOI 10.1234/x" or an address.
func (d *Draft) zoteroNumber(s string) {
	scheme, rest, _ := strings.Cut(s, " ")
	switch scheme = strings.ToLower(scheme); scheme {
	case "doi":
		d.identify(scheme, rest)
	case "isbn", "issn":
		for number := range strings.FieldsFuncSeq(rest, func(r rune) bool { return r == ' ' || r == ',' || r == ';' }) {
			d.identify(serial(number), number)
		}
	default:
		d.name(s)
	}
}

// zoteroShared takes what several works may stand in: a DOI there is that of
// the first.
func (d *Draft) zoteroShared(e *element) {
	d.zoteroWithin(e)
	e.children = slices.DeleteFunc(e.children, func(c *element) bool {
		return c.name.Local == "identifier" && strings.HasPrefix(squeeze(c.text), "DOI ")
	})
}

// zoteroWithin takes what the work stands in, a series only when there is
// nothing nearer. The numbers of a journal or book are not the work's own, but
// Zotero writes the DOI of an article there.
func (d *Draft) zoteroWithin(e *element) {
	series := e.name.Local == "Series"
	for _, c := range e.children {
		v := Value{c.line, squeeze(c.text)}
		switch {
		case c.name.Local == "isPartOf":
			for _, inner := range c.children {
				d.zoteroWithin(inner)
			}
		case v.Text == "":
		case c.name.Local == "title" && (!series || d.Container.Text == ""):
			d.Container = v
		case c.name.Local == "volume" && (!series || d.Volume.Text == ""), c.name.Local == "number" && (!series || d.Issue.Text == ""):
			d.zoteroField(c, v)
		case c.name.Local == "identifier" && strings.HasPrefix(v.Text, "DOI "):
			d.zoteroNumber(v.Text)
		case c.name.Local == "identifier" && series && d.Volume.Text == "" && serial(strings.TrimPrefix(v.Text, "ISSN ")) == "":
			d.Volume = v // Zotero's number in the series
		}
	}
}
