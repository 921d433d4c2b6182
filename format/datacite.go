package format

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"strings"

	"waymark/library"
)

// dataCite is a record of the DataCite Metadata Schema 4 in JSON, with the
// members that the REST API of DataCite adds: container, url, schemaVersion.
type dataCite struct {
	ID            loose                       `json:"id,omitempty"`
	DOI           loose                       `json:"doi,omitempty"`
	URL           loose                       `json:"url,omitempty"`
	Creators      oneOrMore[dataCiteName]     `json:"creators"`
	Titles        oneOrMore[dataCiteTitle]    `json:"titles"`
	Publisher     dataCitePublisher           `json:"publisher"`
	Year          loose                       `json:"publicationYear"`
	Types         dataCiteTypes               `json:"types"`
	Container     *dataCiteContainer          `json:"container,omitempty"`
	Subjects      oneOrMore[dataCiteSubject]  `json:"subjects,omitempty"`
	Contributors  oneOrMore[dataCiteName]     `json:"contributors,omitempty"`
	Dates         oneOrMore[dataCiteDate]     `json:"dates,omitempty"`
	Language      loose                       `json:"language,omitempty"`
	Identifiers   oneOrMore[dataCiteID]       `json:"identifiers,omitempty"`
	Alternate     oneOrMore[dataCiteOtherID]  `json:"alternateIdentifiers,omitempty"`
	Sizes         oneOrMore[loose]            `json:"sizes,omitempty"`
	Version       loose                       `json:"version,omitempty"`
	Rights        oneOrMore[dataCiteRights]   `json:"rightsList,omitempty"`
	Descriptions  oneOrMore[dataCiteAbstract] `json:"descriptions,omitempty"`
	Places        oneOrMore[dataCitePlace]    `json:"geoLocations,omitempty"`
	Related       oneOrMore[dataCiteRelated]  `json:"relatedItems,omitempty"`
	SchemaVersion loose                       `json:"schemaVersion,omitempty"`
}

type dataCiteName struct {
	Name        loose `json:"name"`
	Kind        loose `json:"nameType,omitempty"`
	Given       loose `json:"givenName,omitempty"`
	Family      loose `json:"familyName,omitempty"`
	Contributor loose `json:"contributorType,omitempty"`
}

type dataCiteTitle struct {
	Title loose `json:"title"`
	Kind  loose `json:"titleType,omitempty"`
	Lang  loose `json:"lang,omitempty"`
}

type dataCiteTypes struct {
	General loose `json:"resourceTypeGeneral"`
	Type    loose `json:"resourceType,omitempty"`
}

type dataCiteContainer struct {
	Title  loose `json:"title,omitempty"`
	Volume loose `json:"volume,omitempty"`
	Issue  loose `json:"issue,omitempty"`
	First  loose `json:"firstPage,omitempty"`
	Last   loose `json:"lastPage,omitempty"`
}

type dataCiteSubject struct {
	Subject loose `json:"subject"`
}

type dataCiteDate struct {
	Date loose `json:"date"`
	Kind loose `json:"dateType"`
}

type dataCiteID struct {
	Value loose `json:"identifier"`
	Kind  loose `json:"identifierType"`
}

type dataCiteOtherID struct {
	Value loose `json:"alternateIdentifier"`
	Kind  loose `json:"alternateIdentifierType"`
}

type dataCiteRights struct {
	Rights loose `json:"rights,omitempty"`
	URI    loose `json:"rightsUri,omitempty"`
}

type dataCiteAbstract struct {
	Text loose `json:"description"`
	Kind loose `json:"descriptionType"`
	Lang loose `json:"lang,omitempty"`
}

type dataCitePlace struct {
	Place loose `json:"geoLocationPlace,omitempty"`
}

// dataCiteRelated is a work that this one stands in, with its place there.
type dataCiteRelated struct {
	Relation loose                    `json:"relationType"`
	Titles   oneOrMore[dataCiteTitle] `json:"titles"`
	dataCiteContainer
}

// dataCitePublisher is a name, which since version 4.5 may be an object.
type dataCitePublisher struct{ Name loose }

// UnmarshalJSON implements json.Unmarshaler.
func (p *dataCitePublisher) UnmarshalJSON(b []byte) error {
	if !bytes.HasPrefix(bytes.TrimSpace(b), []byte("{")) {
		return p.Name.UnmarshalJSON(b)
	}
	var o struct {
		Name loose `json:"name"`
	}
	err := json.Unmarshal(b, &o)
	p.Name = o.Name
	return err
}

// MarshalJSON implements json.Marshaler.
func (p dataCitePublisher) MarshalJSON() ([]byte, error) { return json.Marshal(string(p.Name)) }

// oneOrMore is a list of which one member may stand without the list.
type oneOrMore[T any] []T

// UnmarshalJSON implements json.Unmarshaler.
func (l *oneOrMore[T]) UnmarshalJSON(b []byte) error {
	if b = bytes.TrimSpace(b); bytes.HasPrefix(b, []byte("[")) {
		return json.Unmarshal(b, (*[]T)(l))
	}
	if string(b) == "null" {
		return nil
	}
	var one T
	err := json.Unmarshal(b, &one)
	*l = []T{one}
	return err
}

// DataCite reads DataCite's JSON: records of the schema itself, or within the
// answers of its REST API, one, in a list or one a line as in its data files.
func DataCite(r io.Reader) Drafts {
	return func(yield func(Draft, error) bool) {
		objects(r, "data", func(line int, raw json.RawMessage, err error) bool {
			if err != nil {
				return yield(Draft{}, err)
			}
			var rec struct {
				dataCite
				Attributes *dataCite `json:"attributes"`
			}
			if err := json.Unmarshal(raw, &rec); err != nil {
				return yield(Draft{}, &Problem{line, fmt.Sprintf("the record is no DataCite JSON: %v", err)})
			}
			if rec.Attributes != nil {
				rec.Attributes.ID = rec.ID
				rec.dataCite = *rec.Attributes
			}
			return yield(rec.draft(line), nil)
		})
	}
}

var (
	dataCiteDOIs     = regexp.MustCompile(`"type"\s*:\s*"dois"|"schemaVersion"\s*:\s*"https?://datacite\.org/schema/kernel|"schema"\s*:\s*"http://datacite\.org/schema/kernel`)
	dataCiteCreators = regexp.MustCompile(`"creators"\s*:`)
	dataCiteOwn      = regexp.MustCompile(`"(titles|publicationYear|resourceTypeGeneral)"\s*:`)
)

// isDataCite tells JSON with the members that only DataCite has.
func isDataCite(head []byte) bool {
	head = bytes.TrimSpace(head)
	if len(head) == 0 || head[0] != '{' && head[0] != '[' {
		return false
	}
	return dataCiteDOIs.Match(head) || dataCiteCreators.Match(head) && dataCiteOwn.Match(head)
}

// dataCiteUnknown are the words of the schema for what is not known.
var dataCiteUnknown = regexp.MustCompile(`^\(?:(?i:una[clpsv]|unkn|none|null|tba)\)?$|^0000$`)

// known gives a text, "" for one that says that it is not known.
func (l loose) known() string {
	s := squeeze(string(l))
	if dataCiteUnknown.MatchString(s) {
		return ""
	}
	return s
}

// dataCiteValues gives the values of texts that are known.
func dataCiteValues(line int, list ...loose) (values []Value) {
	for _, l := range list {
		if s := l.known(); s != "" {
			values = append(values, Value{line, s})
		}
	}
	return values
}

func (n dataCiteName) text() loose {
	if name := n.Name.known(); n.Family == "" || strings.Contains(name, ", ") || n.Kind == "Organizational" {
		return n.Name
	}
	if n.Given == "" {
		return n.Family
	}
	return n.Family + ", " + n.Given
}

// dataCiteKinds are general types of resource with the words of kinds; the
// first of a word is written.
var dataCiteKinds = []struct{ general, word string }{{"JournalArticle", "Journal Article"}, {"DataPaper", "Journal Article"}, {"Preprint", "Journal Article"}, {"Report", "Report"}, {"Book", "Book"}, {"BookChapter", "Book Chapter"},
	{"Dissertation", "Thesis"}, {"ConferencePaper", "Conference Paper"}, {"ConferenceProceeding", "Conference Paper"}, {"Dataset", "Dataset"}, {"InteractiveResource", "Web Page"}, {"Audiovisual", "Film"}}

func (t dataCiteTypes) word() string {
	own := t.Type.known()
	if kindWord(own) {
		return own
	}
	for _, k := range dataCiteKinds {
		if k.general == string(t.General) {
			return k.word
		}
	}
	return own
}

func (rec *dataCite) draft(line int) Draft {
	one := func(l loose) Value {
		if s := l.known(); s != "" {
			return Value{line, s}
		}
		return Value{}
	}
	d := Draft{Line: line, Key: rec.ID.known(), Titles: library.Text{}, Publishers: dataCiteValues(line, rec.Publisher.Name), Edition: one(rec.Version),
		Category: one(loose(rec.Types.word())), Date: one(loose(rec.date()))}
	d.dataCiteTexts(rec)
	for _, c := range rec.Creators {
		d.Authors = append(d.Authors, dataCiteValues(line, c.text())...)
	}
	for _, c := range rec.Contributors {
		if c.Contributor == "Editor" {
			d.Editors = append(d.Editors, dataCiteValues(line, c.text())...)
		}
	}
	for _, s := range rec.Subjects {
		d.Subjects = append(d.Subjects, dataCiteValues(line, s.Subject)...)
	}
	for _, p := range rec.Places {
		d.Places = append(d.Places, dataCiteValues(line, p.Place)...)
	}
	if s := rec.Language.known(); s != "" {
		d.Languages = []Value{{line, languageTag(s)}}
	}
	for _, s := range rec.Sizes {
		if s := s.known(); s != "" && d.Pages.Text == "" && !fileSize.MatchString(s) {
			d.Pages = Value{line, s}
		}
	}
	for _, r := range rec.Rights {
		address := strings.HasPrefix(string(r.URI), "http")
		if !address {
			r.URI = r.Rights
		}
		if s := r.URI.known(); s != "" && (d.Rights.Text == "" || address && !strings.HasPrefix(d.Rights.Text, "http")) {
			d.Rights = Value{line, s}
		}
	}
	d.dataCiteStandsIn(rec, line)
	d.link(squeeze(string(rec.URL)))
	d.identify("doi", string(rec.DOI))
	for _, id := range rec.Identifiers {
		d.typed(string(id.Kind), string(id.Value))
	}
	for _, id := range rec.Alternate {
		d.typed(string(id.Kind), string(id.Value))
	}
	return d
}

// date gives the date of issue, else the year of publication.
func (rec *dataCite) date() string {
	for _, date := range rec.Dates {
		if m := datedForm.FindStringSubmatch(string(date.Date)); m != nil && date.Kind == "Issued" {
			return m[1]
		}
	}
	return string(rec.Year)
}

// dataCiteTexts takes titles and abstracts.
func (d *Draft) dataCiteTexts(rec *dataCite) {
	in := func(lang loose) *element { return &element{attr: map[string]string{"lang": string(lang)}} }
	main := ""
	for _, t := range rec.Titles {
		title := t.Title.known()
		lang := in(t.Lang)
		switch {
		case title == "":
		case t.Kind == "" || t.Kind == "TranslatedTitle" || t.Lang != "" && t.Kind == "AlternativeTitle":
			speak(&d.Titles, lang, title)
			if main == "" {
				_, main = d.Titles.In()
			}
		case t.Kind == "Subtitle" && main != "":
			d.Titles[main] += ": " + title
		}
	}
	for _, t := range rec.Descriptions {
		if s := squeeze(string(t.Text)); s != "" && t.Kind == "Abstract" {
			speak(&d.Abstracts, in(t.Lang), s)
		}
	}
}

// dataCiteStandsIn takes the journal, book or series.
func (d *Draft) dataCiteStandsIn(rec *dataCite, line int) {
	within := rec.Container
	for _, r := range rec.Related {
		if (r.Relation == "IsPublishedIn" || r.Relation == "IsPartOf") && len(r.Titles) > 0 && within == nil {
			within = &r.dataCiteContainer
			within.Title = r.Titles[0].Title
		}
	}
	if within == nil {
		return
	}
	fill := func(to *Value, s string) {
		if s != "" {
			*to = Value{line, s}
		}
	}
	fill(&d.Container, within.Title.known())
	fill(&d.Volume, within.Volume.known())
	fill(&d.Issue, within.Issue.known())
	pages := within.First.known()
	if last := within.Last.known(); last != "" && last != pages {
		pages += "-" + last
	}
	fill(&d.Pages, pages)
}
