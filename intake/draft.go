package intake

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"waymark/analysis"
	"waymark/format"
	"waymark/library"
	"waymark/vocabulary"
)

const (
	maxTitle    = 1000  // runes
	maxAbstract = 20000 // runes: some eight printed pages
	// The largest works of physics have 5,000 authors.
	maxValues      = 10_000
	maxIdentifiers = 1000 // and links, languages, relations
	// sure is the confidence from which a detected language is taken.
	sure = 0.6
)

// check gives the reason for which a draft must be refused, or nothing.
func check(d format.Draft) string {
	if d.Deleted {
		return "" // it need not say more than its key
	}
	if len(analysis.Words(firstTitle(d))) == 0 {
		return "the entry has no title"
	}
	for _, t := range d.Titles {
		if n := utf8.RuneCountInString(t); n > maxTitle {
			return fmt.Sprintf("the title has %d characters and at most %d fit: the blank line below it may be missing", n, maxTitle)
		}
	}
	for _, t := range d.Abstracts {
		if n := utf8.RuneCountInString(t); n > maxAbstract {
			return fmt.Sprintf("the abstract has %d characters and at most %d fit: shorten it, or look for a missing Country line", n, maxAbstract)
		}
	}
	for _, f := range []struct {
		name     string
		n, limit int
	}{{"authors", len(d.Authors), maxValues}, {"editors", len(d.Editors), maxValues}, {"publishers", len(d.Publishers), maxValues}, {"subjects", len(d.Subjects), maxValues},
		{"topics", len(d.Topics), maxValues}, {"countries", len(d.Countries), maxValues}, {"regions", len(d.Regions), maxValues}, {"languages", len(d.Languages), maxIdentifiers},
		{"titles", len(d.Titles), maxIdentifiers}, {"abstracts", len(d.Abstracts), maxIdentifiers}, {"identifiers", len(d.Identifiers), maxIdentifiers}, {"links", len(d.Links), maxIdentifiers},
		{"relations", len(d.Relations), maxIdentifiers}, {"originals and translations", len(d.Originals) + len(d.Translations), maxIdentifiers}} {
		if f.n > f.limit {
			return fmt.Sprintf("the record has %d %s and at most %d fit: several records may have run into one", f.n, f.name, f.limit)
		}
	}
	if d.ID != "" && !d.ID.Valid() {
		return fmt.Sprintf("the id %q is not a ULID: leave it out and the library gives one", d.ID)
	}
	return ""
}

func firstTitle(d format.Draft) string {
	lang := ""
	if len(d.Languages) > 0 {
		lang = d.Languages[0].Text
	}
	title, _ := d.Titles.In(lang)
	return strings.TrimSpace(title)
}

// reader turns the values of one draft into codes and keeps what it stated.
type reader struct {
	p      *plan
	rep    *Report
	r      *library.Resource
	stated []library.Stated
}

// resource reads a draft into a resource that is published and public. What
// is not understood is warned of and stays in the source's statement.
func (p *plan) resource(ctx context.Context, d format.Draft, rep *Report) (*library.Resource, error) {
	in := reader{p: p, rep: rep, r: &library.Resource{
		ID: d.ID, Status: library.Published, Audience: library.Public,
	}}
	in.identifiers(d)
	in.relations(d)
	in.texts(d)
	in.places(d)
	in.terms(d)
	in.date(d.Date)
	in.links(d)
	in.printed(d)
	for _, c := range []struct {
		role  library.ContributorRole
		names []format.Value
	}{{library.Author, d.Authors}, {library.Editor, d.Editors}, {library.Publisher, d.Publishers}} {
		if err := in.contributors(ctx, c.role, c.names); err != nil {
			return nil, err
		}
	}
	digest, err := digest(d)
	if err != nil {
		return nil, err
	}
	in.r.Sources = []library.Source{{
		Name: p.source, Key: clean(d.Key), Line: d.Line, At: p.im.Now().UTC(), Digest: digest, Stated: in.stated,
	}}
	return in.r, nil
}

// digest names what a draft says, wherever in a file it stands.
func digest(d format.Draft) (string, error) {
	d.Line = 0
	for _, vs := range []*[]format.Value{&d.Authors, &d.Countries, &d.Regions, &d.Topics, &d.Languages, &d.Editors, &d.Publishers, &d.Subjects, &d.Places} {
		*vs = append([]format.Value(nil), *vs...)
		for i := range *vs {
			(*vs)[i].Line = 0
		}
	}
	for _, v := range []*format.Value{&d.Category, &d.Date, &d.Container, &d.Volume, &d.Issue, &d.Pages, &d.Edition, &d.Rights} {
		v.Line = 0
	}
	b, err := json.Marshal(d)
	if err != nil {
		return "", fmt.Errorf("digest the record: %w", err)
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:]), nil
}

// state keeps a field as the source has it; note says what was not understood.
func (in *reader) state(field, note string, values ...format.Value) {
	s := library.Stated{Field: field, Note: note}
	for _, v := range values {
		if text := clean(v.Text); text != "" {
			s.Values = append(s.Values, text)
		}
	}
	if len(s.Values) > 0 {
		in.stated = append(in.stated, s)
	}
}

// texts takes titles, abstracts and languages; a language that nobody named is
// detected.
func (in *reader) texts(d format.Draft) {
	for _, lang := range d.Titles.Languages() {
		in.state("title", "", format.Value{Text: d.Titles[lang]})
	}
	for _, v := range d.Languages {
		if t, ok := in.p.im.Vocabularies.Languages.Find(v.Text); ok {
			in.r.Languages = appendNew(in.r.Languages, t.Code)
			continue
		}
		in.unknown("language", v, in.p.im.Vocabularies.Languages)
	}
	in.state("language", "", d.Languages...)
	if len(d.Languages) == 0 {
		lang, confidence := analysis.Detect(firstTitle(d) + "\n" + d.Abstracts[library.Undetermined])
		if _, known := in.p.im.Vocabularies.Languages.Get(lang); known && confidence >= sure {
			in.r.Languages = []string{lang}
			in.state("language", "detected from title and abstract", format.Value{Text: lang})
		}
	}
	in.r.Titles, in.r.Abstracts = in.settle(d.Titles), in.settle(d.Abstracts)
}

// settle puts texts in NFC and one in an undetermined language under the
// work's own.
func (in *reader) settle(t library.Text) library.Text {
	if len(t) == 0 {
		return nil
	}
	out := library.Text{}
	for lang, s := range t {
		if _, known := in.p.im.Vocabularies.Languages.Get(lang); !known {
			lang = library.Undetermined
			if len(in.r.Languages) > 0 {
				lang = in.r.Languages[0]
			}
		}
		if s = clean(s); s != "" {
			out[lang] = s
		}
	}
	return out
}

// clean puts a text in NFC and takes out control characters, which no page
// can show and not every engine can keep.
func clean(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' {
			return -1
		}
		return r
	}, s)
	return norm.NFC.String(strings.TrimSpace(s))
}

// places takes countries and regions, each under either label, since sources
// mix them: 'Worldwide' is a region wherever it stands.
func (in *reader) places(d format.Draft) {
	v := in.p.im.Vocabularies
	read := func(field string, values []format.Value, first, second *vocabulary.List) {
		for _, name := range values {
			list := first
			t, ok := first.Find(name.Text)
			if !ok {
				list = second
				t, ok = second.Find(name.Text)
			}
			switch {
			case !ok:
				in.unknown(field, name, first)
			case list == v.Countries:
				in.r.Countries = appendNew(in.r.Countries, t.Code)
			default:
				in.r.Regions = appendNew(in.r.Regions, t.Code)
			}
		}
		in.state(field, "", values...)
	}
	read("country", d.Countries, v.Countries, v.Regions)
	read("region", d.Regions, v.Regions, v.Countries)
	for _, name := range d.Places { // towns, lakes and times are keywords
		if t, ok := v.Countries.Find(name.Text); ok {
			in.r.Countries = appendNew(in.r.Countries, t.Code)
		} else if t, ok := v.Regions.Find(name.Text); ok {
			in.r.Regions = appendNew(in.r.Regions, t.Code)
		} else if text := clean(name.Text); text != "" {
			in.r.Subjects = appendNew(in.r.Subjects, text)
		}
	}
	in.state("place", "", d.Places...)
}

// terms takes topics and the category.
func (in *reader) terms(d format.Draft) {
	v := in.p.im.Vocabularies
	for _, name := range d.Topics {
		if t, ok := v.Topics.Find(name.Text); ok {
			in.r.Topics = appendNew(in.r.Topics, t.Code)
		} else {
			in.unknown("topic", name, v.Topics)
		}
	}
	in.state("topic", "", d.Topics...)
	if d.Category.Text == "" {
		return
	}
	if t, ok := v.Categories.Find(d.Category.Text); ok {
		in.r.Category = t.Code
		if t.Audience != "" {
			in.r.Audience = library.Audience(t.Audience)
		}
	} else {
		in.unknown("category", d.Category, v.Categories)
	}
	in.state("category", "", d.Category)
}

// printed takes how the work was published, and its keywords: one that names
// a topic is that topic.
func (in *reader) printed(d format.Draft) {
	for _, f := range []struct {
		name string
		to   *string
		v    format.Value
	}{{"container", &in.r.Container, d.Container}, {"volume", &in.r.Volume, d.Volume}, {"issue", &in.r.Issue, d.Issue},
		{"pages", &in.r.Pages, d.Pages}, {"edition", &in.r.Edition, d.Edition}, {"rights", &in.r.Rights, d.Rights}} {
		*f.to = clean(f.v.Text)
		in.state(f.name, "", f.v)
	}
	for _, v := range d.Subjects {
		if t, ok := in.p.im.Vocabularies.Topics.Find(v.Text); ok {
			in.r.Topics = appendNew(in.r.Topics, t.Code)
		} else if text := clean(v.Text); text != "" {
			in.r.Subjects = appendNew(in.r.Subjects, text)
		}
	}
	in.state("subject", "", d.Subjects...)
}

func (in *reader) date(v format.Value) {
	if v.Text == "" {
		return
	}
	date, err := library.ParseDate(v.Text)
	if err != nil {
		in.rep.warn(v.Line, fmt.Sprintf("year %q is not a year: the record is taken in without one", v.Text))
	}
	in.r.Date = date
	in.state("date", "", v)
}

// identifiers takes names of the work that say both scheme and value.
func (in *reader) identifiers(d format.Draft) {
	for _, id := range d.Identifiers {
		id.Scheme, id.Value = strings.ToLower(clean(id.Scheme)), clean(id.Value)
		if id.Scheme == "" || id.Value == "" {
			in.rep.warn(d.Line, fmt.Sprintf("identifier %q of scheme %q lacks one of both: the record is taken in without it", id.Value, id.Scheme))
			continue
		}
		in.r.Identifiers = append(in.r.Identifiers, id)
	}
}

func (in *reader) relations(d format.Draft) {
	for _, rel := range d.Relations {
		if !rel.Target.Valid() {
			in.rep.warn(d.Line, fmt.Sprintf("relation %s to %q names no id: the record is taken in without it", rel.Type, rel.Target))
			continue
		}
		in.r.Relations = append(in.r.Relations, rel)
	}
}

// links takes web addresses; another scheme would be a danger to click.
func (in *reader) links(d format.Draft) {
	for _, l := range d.Links {
		u, err := url.Parse(l.URL)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
			in.rep.warn(d.Line, fmt.Sprintf("link %q is not a web address: the record is taken in without it", l.URL))
			in.state("link", "not a web address", format.Value{Text: l.URL})
			continue
		}
		in.r.Links = append(in.r.Links, library.Link{URL: u.String()})
	}
}

// unknown warns of a name that a vocabulary lacks, with the nearest it has.
func (in *reader) unknown(field string, v format.Value, list *vocabulary.List) {
	text := fmt.Sprintf("%s %q is not in the vocabulary", field, v.Text)
	if near, ok := in.p.im.Vocabularies.Near(list, v.Text); ok {
		text += fmt.Sprintf(" (did you mean %q?)", near.Labels["en"])
	}
	in.rep.warn(v.Line, text+": the record is taken in without it")
	in.state(field, "not in the vocabulary", v)
}

func appendNew(list []string, s string) []string {
	if slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}
