package syndication

import (
	"net/url"
	"strings"
	"time"

	"waymark/catalogue"
	"waymark/library"
	"waymark/locale"
)

// channel is a feed before it is written.
type channel struct {
	L       *locale.Language
	Origin  string
	Title   string
	Page    string    // address of the page that shows the same
	Self    string    // address of the feed
	Hub     string    // address of a WebSub hub that sends it on; empty without one
	Updated time.Time // of the entry that changed last; zero without entries
	Entries []entry
}

// entry is a publication in a feed.
type entry struct {
	ID       string // its lasting address
	Page     string // its page in the language of the feed
	Title    piece
	Summary  piece
	Authors  []string
	Tags     []tag
	Created  time.Time // when it came to the library
	Updated  time.Time
	Language string // of the publication; empty when it has none or several
	Files    []attachment
}

// piece is a text with the BCP 47 tag of its language.
type piece struct{ Text, Lang string }

// tag is a value of a field: its code, and its name for the reader.
type tag struct{ Code, Label string }

// attachment is a file that everyone may open.
type attachment struct {
	URL, Type string
	Size      int64
}

// summaryLength bounds an abstract in a feed, in characters.
const summaryLength = 2000

func (f *Feeds) entry(l *locale.Language, origin string, rec catalogue.Record) entry {
	title, lang := rec.Title(l.Tag)
	e := entry{ID: origin + "/r/" + string(rec.ID), Page: origin + "/" + l.Tag + "/r/" + string(rec.ID), Title: piece{title, known(lang)},
		Created: rec.Created, Updated: rec.Updated}
	abstract, lang := rec.Abstract(l.Tag)
	abstract = strings.Join(strings.Fields(abstract), " ")
	if runes := []rune(abstract); len(runes) > summaryLength {
		abstract = string(runes[:summaryLength]) + "…"
	}
	e.Summary = piece{abstract, known(lang)}
	for _, a := range rec.Named(rec.Creators()) {
		e.Authors = append(e.Authors, a.Label(l.Tag))
	}
	for _, field := range []library.Field{library.FieldTopic, library.FieldCountry, library.FieldRegion, library.FieldCategory} {
		for _, code := range rec.Values(field) {
			e.Tags = append(e.Tags, tag{code, f.Vocabularies.Field(field).Label(code, l.Tag)})
		}
	}
	if len(rec.Languages) == 1 {
		e.Language = rec.Languages[0]
	}
	for _, file := range rec.Files {
		e.Files = append(e.Files, attachment{e.ID + "/files/" + file.Digest + "/" + url.PathEscape(file.Name), file.Type, file.Size})
	}
	return e
}

// known gives a tag that says something.
func known(lang string) string {
	if lang == library.Undetermined {
		return ""
	}
	return lang
}
