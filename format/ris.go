package format

import (
	"bytes"
	"fmt"
	"io"
	"regexp"
	"strings"

	"waymark/library"
)

// RIS reads the tagged format of Research Information Systems as reference
// managers write it: two letters, two spaces, a hyphen; TY begins a record and
// ER ends it. A line without a tag goes on with the one before.
func RIS(r io.Reader) Drafts {
	return func(yield func(Draft, error) bool) {
		var rec risRecord
		give := func() bool {
			d, problem := rec.draft()
			rec = risRecord{}
			if problem != nil {
				return yield(Draft{}, problem)
			}
			return yield(d, nil)
		}
		for l, err := range lines(r) {
			if err != nil {
				yield(Draft{}, err)
				return
			}
			tag, value, ok := risTag(l.text)
			switch {
			case !l.valid:
				rec.broken = l.number
			case !ok:
				rec.goOn(l)
			case tag == "ER":
				if rec.began() && !give() {
					return
				}
			case tag == "TY":
				if rec.began() && !give() { // the ER of the one before is missing
					return
				}
				rec.line = l.number
				fallthrough
			default:
				rec.fields = append(rec.fields, field{line: l.number, tag: tag, value: value})
			}
			if rec.size += len(l.text); rec.size > maxLine {
				rec = risRecord{}
				if !yield(Draft{}, &Problem{l.number, "the record is longer than 4 MiB: its ER line may be missing"}) {
					return
				}
			}
		}
		if rec.began() {
			give()
		}
	}
}

// field is one tagged value.
type field struct {
	line       int
	tag, value string
	more       []string // lines without a tag that go on with the value
}

// text gives the value with what goes on with it.
func (f field) text() string {
	if len(f.more) == 0 {
		return f.value
	}
	return strings.TrimSpace(f.value + " " + strings.Join(f.more, " "))
}

type risRecord struct {
	line   int // of TY
	fields []field
	broken int // line of bytes that are no UTF-8
	size   int
}

func (r *risRecord) began() bool { return len(r.fields) > 0 }

// goOn adds a line without a tag to the value before it.
func (r *risRecord) goOn(l line) {
	text := strings.TrimSpace(l.text)
	if text == "" || !r.began() {
		return
	}
	last := &r.fields[len(r.fields)-1]
	last.more = append(last.more, text)
}

var risLine = regexp.MustCompile(`^\s*([A-Z][A-Z0-9])  ?-(?: (.*)|)$`)

func risTag(text string) (tag, value string, ok bool) {
	m := risLine.FindStringSubmatch(strings.TrimRight(text, " \t"))
	if m == nil {
		return "", "", false
	}
	return m[1], strings.TrimSpace(m[2]), true
}

// isRIS tells RIS by its first tagged line.
func isRIS(head []byte) bool {
	for l := range bytes.Lines(bytes.TrimPrefix(head, []byte("\ufeff"))) {
		if len(bytes.TrimSpace(l)) == 0 {
			continue
		}
		tag, _, ok := risTag(strings.TrimRight(string(l), "\r\n"))
		return ok && tag == "TY"
	}
	return false
}

// draft takes the fields of a record by their meaning.
func (r *risRecord) draft() (Draft, error) {
	d := Draft{Line: r.line}
	if r.broken > 0 {
		return d, &Problem{r.broken, "the record is not valid UTF-8: save the file as UTF-8 and import it again"}
	}
	if r.line == 0 {
		return d, &Problem{r.fields[0].line, "the record does not begin with a TY line: it cannot be told what it is"}
	}
	var t risTitles
	for _, f := range r.fields {
		if v := (Value{f.line, f.text()}); v.Text != "" && !t.take(f.tag, v) {
			d.risField(f.tag, v)
		}
	}
	if t.title.Text == "" {
		t.title, t.book = t.book, Value{}
	}
	for _, v := range []Value{t.within, t.book, t.series} {
		if d.Container.Text == "" {
			d.Container = v
		}
	}
	d.Titles = library.Text{library.Undetermined: t.title.Text}
	if d.Pages = t.first; t.last.Text != "" && t.last.Text != t.first.Text {
		d.Pages.Text += "-" + t.last.Text
	}
	return d, nil
}

// risTitles are fields that mean something only beside each other.
type risTitles struct{ title, book, within, series, first, last Value }

func (t *risTitles) take(tag string, v Value) bool {
	to := map[string]*Value{"TI": &t.title, "T1": &t.title, "CT": &t.title, "BT": &t.book, "T3": &t.series, "SP": &t.first, "EP": &t.last,
		"T2": &t.within, "JO": &t.within, "JF": &t.within, "JA": &t.within, "J1": &t.within, "J2": &t.within}[tag]
	if to == nil {
		return false
	}
	if to != &t.within || t.within.Text == "" {
		*to = v
	}
	return true
}

// risField takes a field that means the same everywhere; those that say nothing
// for a library (notes, places, call numbers) are passed over.
func (d *Draft) risField(tag string, v Value) {
	switch tag {
	case "TY":
		d.Category = Value{v.Line, kindOf(v.Text, func(i int) string { return kinds[i].ris })}
	case "AU", "A1":
		d.Authors = append(d.Authors, v)
	case "ED", "A2", "A3":
		d.Editors = append(d.Editors, v)
	case "PB":
		d.Publishers = append(d.Publishers, v)
	case "PY", "Y1", "DA":
		if date := slashed(v.Text); len(date) > len(d.Date.Text) {
			d.Date = Value{v.Line, date}
		}
	case "AB", "N2":
		d.Abstracts = library.Text{library.Undetermined: v.Text}
	case "KW":
		d.Subjects = append(d.Subjects, v)
	case "LA":
		d.Languages = append(d.Languages, v)
	case "VL":
		d.Volume = v
	case "IS":
		d.Issue = v
	case "ET":
		d.Edition = v
	case "ID":
		d.Key = v.Text
	case "DO", "SN", "UR", "L1", "L2", "LK":
		d.point(tag, v.Text)
	}
}

// point takes a field that names or locates the work.
func (d *Draft) point(tag, value string) {
	switch tag {
	case "DO":
		d.identify("doi", value)
	case "SN":
		for _, s := range strings.FieldsFunc(value, func(r rune) bool { return r == ';' || r == ',' }) {
			d.identify(serial(s), s)
		}
	default:
		for _, s := range strings.Fields(value) {
			d.link(s)
		}
	}
}

// maxNames is from where the identifiers of a record are not looked through any
// more: it is above what intake takes.
const maxNames = 1000

var doiIn = regexp.MustCompile(`10\.\d{4,9}/\S+`)

// identify adds an identifier in its plain form, once; what is no identifier
// of the scheme is left out.
func (d *Draft) identify(scheme, value string) {
	value = strings.TrimSpace(value)
	switch scheme {
	case "doi":
		value = strings.ToLower(doiIn.FindString(value))
	case "isbn":
		value = strings.ToUpper(strings.NewReplacer("-", "", " ", "").Replace(value))
	case "issn":
		value = strings.ToUpper(strings.TrimSpace(value))
	}
	if scheme == "" || value == "" {
		return
	}
	if len(d.Identifiers) > maxNames {
		return // so many that intake refuses the record
	}
	id := library.Identifier{Scheme: scheme, Value: value}
	for _, other := range d.Identifiers {
		if other == id {
			return
		}
	}
	d.Identifiers = append(d.Identifiers, id)
}

// link adds an address of the web; one of a DOI is the identifier.
func (d *Draft) link(address string) {
	if i := strings.Index(address, "doi.org/10."); i >= 0 {
		d.identify("doi", address[i:])
		return
	}
	if strings.HasPrefix(address, "http://") || strings.HasPrefix(address, "https://") {
		d.Links = append(d.Links, library.Link{URL: address})
	}
}

var (
	isbnForm = regexp.MustCompile(`^(97[89])?\d{9}[\dX]$`)
	issnForm = regexp.MustCompile(`^\d{4}-\d{3}[\dX]$`)
)

// serial tells whether a standard number is an ISBN or an ISSN.
func serial(s string) string {
	s = strings.ToUpper(strings.TrimSpace(s))
	switch {
	case issnForm.MatchString(s):
		return "issn"
	case isbnForm.MatchString(strings.NewReplacer("-", "", " ", "").Replace(s)):
		return "isbn"
	}
	return ""
}

var slashes = regexp.MustCompile(`^(\d{4})(?:[/-](\d{1,2})?(?:[/-](\d{1,2})?(?:/.*)?)?)?$`)

// slashed gives a date of the form YYYY/MM/DD/other, each part after the year
// of which may be missing, in EDTF; the source's words when it is none.
func slashed(s string) string {
	m := slashes.FindStringSubmatch(s)
	if m == nil {
		return s
	}
	date := m[1]
	for _, part := range m[2:] {
		if part == "" {
			break
		}
		if len(part) == 1 {
			part = "0" + part
		}
		date += "-" + part
	}
	if _, err := library.ParseDate(date); err != nil {
		return m[1]
	}
	return date
}

// WriteRIS writes RIS in UTF-8 with CR LF, as Zotero and EndNote do. It cannot
// hold: titles and abstracts in more than one language and the language they
// are in, countries, regions, topics (they go out as keywords), relations,
// rights, ids of Waymark, withdrawals, and identifiers other than DOI, ISBN and ISSN.
func WriteRIS(w io.Writer) Writer { return &risWriter{w: w} }

type risWriter struct {
	w   io.Writer
	err error
}

func (r *risWriter) put(tag, value string) {
	value = strings.Join(strings.Fields(value), " ")
	if value != "" && r.err == nil {
		_, r.err = fmt.Fprintf(r.w, "%s  - %s\r\n", tag, value)
	}
}

// Write writes one record.
func (r *risWriter) Write(d Draft) error {
	r.put("TY", codeOf(d.Category.Text, "GEN", func(i int) string { return kinds[i].ris }))
	title, lang := d.Titles.In(words(d.Languages)...)
	r.put("TI", title)
	for _, f := range []struct {
		tag    string
		values []Value
	}{{"AU", d.Authors}, {"ED", d.Editors}, {"PB", d.Publishers}, {"PY", []Value{{Text: strings.ReplaceAll(d.Date.Text, "-", "/")}}},
		{"T2", []Value{d.Container}}, {"VL", []Value{d.Volume}}, {"IS", []Value{d.Issue}}, {"ET", []Value{d.Edition}},
		{"LA", d.Languages}, {"KW", d.Subjects}, {"KW", d.Topics}, {"KW", d.Countries}, {"KW", d.Regions}} {
		for _, v := range f.values {
			r.put(f.tag, v.Text)
		}
	}
	abstract, _ := d.Abstracts.In(lang)
	r.put("AB", abstract)
	first, last, _ := strings.Cut(d.Pages.Text, "-")
	r.put("SP", first)
	r.put("EP", last)
	for _, id := range d.Identifiers {
		switch id.Scheme {
		case "doi":
			r.put("DO", id.Value)
		case "isbn", "issn":
			r.put("SN", id.Value)
		}
	}
	for _, l := range d.Links {
		r.put("UR", l.URL)
	}
	r.put("ID", d.Key)
	if r.err == nil {
		_, r.err = io.WriteString(r.w, "ER  - \r\n\r\n")
	}
	if r.err != nil {
		return fmt.Errorf("write RIS: %w", r.err)
	}
	return nil
}

// Close writes nothing more.
func (r *risWriter) Close() error { return r.err }
