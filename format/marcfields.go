package format

import (
	"fmt"
	"strings"

	"waymark/library"
)

// marcLanguages are the codes of MARC for languages, ISO 639-2/B; others are
// left as they are.
var marcLanguages = map[string]string{"eng": "en", "fre": "fr", "fra": "fr", "spa": "es", "ara": "ar", "rus": "ru", "chi": "zh", "zho": "zh", "ger": "de", "deu": "de",
	"por": "pt", "ita": "it", "dut": "nl", "nld": "nl", "swe": "sv", "nor": "no", "dan": "da", "fin": "fi", "pol": "pl", "ukr": "uk", "rum": "ro", "ron": "ro",
	"hun": "hu", "cze": "cs", "ces": "cs", "slo": "sk", "slv": "sl", "hrv": "hr", "srp": "sr", "bos": "bs", "bul": "bg", "mac": "mk", "mkd": "mk", "alb": "sq", "sqi": "sq",
	"gre": "el", "ell": "el", "tur": "tr", "per": "fa", "fas": "fa", "urd": "ur", "hin": "hi", "ben": "bn", "nep": "ne", "tha": "th", "vie": "vi", "khm": "km",
	"bur": "my", "mya": "my", "lao": "lo", "ind": "id", "may": "ms", "msa": "ms", "tgl": "tl", "jpn": "ja", "kor": "ko", "swa": "sw", "amh": "am", "som": "so",
	"tir": "ti", "hau": "ha", "heb": "he", "arm": "hy", "hye": "hy", "geo": "ka", "kat": "ka", "kaz": "kk", "uzb": "uz", "est": "et", "lav": "lv", "lit": "lt"}

// is gives the values of a field's subfields, in order.
func (f marcField) is(codes string) (values []string) {
	for _, s := range f.sub {
		if strings.IndexByte(codes, s.code) >= 0 {
			if v := trimmed(s.value); v != "" {
				values = append(values, v)
			}
		}
	}
	return values
}

// first gives the first of them.
func (f marcField) first(codes string) string {
	if values := f.is(codes); len(values) > 0 {
		return values[0]
	}
	return ""
}

// trimmed takes off the punctuation that ISBD puts between subfields. A full
// stop stays behind an initial or another abbreviation.
func trimmed(s string) string {
	s = strings.TrimRight(squeeze(s), " /:;,=")
	if strings.HasSuffix(s, ".") {
		if i := strings.LastIndexAny(s[:len(s)-1], " ."); len(s)-2-i > 3 {
			s = s[:len(s)-1]
		}
	}
	return strings.TrimSpace(s)
}

// marcDraft takes the fields of a record by their tags.
func marcDraft(line int, leader string, fields []marcField) Draft {
	d := Draft{Line: line, Titles: library.Text{}}
	if len(leader) > 5 && leader[5] == 'd' {
		d.Deleted = true
	}
	for _, f := range fields {
		switch {
		case f.tag < "010":
			d.marcControl(f, line)
		case f.tag >= "100" && f.tag < "190" || f.tag >= "700" && f.tag < "720":
			d.marcName(f, line)
		default:
			d.marcData(f, line)
		}
	}
	return d
}

func (d *Draft) marcControl(f marcField, line int) {
	switch f.tag {
	case "001":
		d.Key = squeeze(f.data)
	case "008":
		if len(f.data) < 38 {
			return
		}
		if year := f.data[7:11]; d.Date.Text == "" && strings.Trim(year, "0123456789") == "" {
			d.Date = Value{line, year}
		}
		if lang := f.data[35:38]; len(d.Languages) == 0 && strings.TrimSpace(lang) != "" && lang != "und" && lang != "mul" && lang != "|||" {
			d.Languages = []Value{{line, languageOf(lang)}}
		}
	}
}

func languageOf(code string) string {
	if tag, ok := marcLanguages[strings.ToLower(code)]; ok {
		return tag
	}
	return code
}

// marcName takes a person (x00), body (x10) or meeting (x11) in its role.
func (d *Draft) marcName(f marcField, line int) {
	name := strings.Join(f.is("ab"), " ")
	if strings.HasSuffix(f.tag, "10") {
		name = strings.Join(f.is("ab"), ". ")
	}
	if name == "" || f.tag == "130" || f.first("t") != "" { // a title, not a role
		return
	}
	v := Value{line, name}
	role := strings.ToLower(strings.Join(f.is("e4"), " "))
	switch {
	case strings.Contains(role, "edit") || strings.Contains(role, "edt"):
		d.Editors = append(d.Editors, v)
	case strings.Contains(role, "publ") || strings.Contains(role, "pbl") || strings.Contains(role, "issuing") || strings.Contains(role, "isb"):
		d.Publishers = append(d.Publishers, v)
	default:
		d.Authors = append(d.Authors, v)
	}
}

// marcData takes the other fields.
func (d *Draft) marcData(f marcField, line int) {
	value := func(codes string) Value {
		if s := strings.Join(f.is(codes), " "); s != "" {
			return Value{line, s}
		}
		return Value{}
	}
	switch f.tag {
	case "020", "022", "024", "191", "856":
		d.marcNumber(f)
	case "041":
		d.marcLanguages(f, line)
	case "242", "245", "246":
		d.marcTitle(f)
	case "250":
		d.Edition = value("a")
	case "260", "264":
		for _, name := range f.is("b") {
			d.Publishers = append(d.Publishers, Value{line, name})
		}
		if year := strings.Trim(f.first("c"), "[]c©. "); d.Date.Text == "" && year != "" {
			d.Date = Value{line, slashed(year)}
		}
	case "300":
		d.Pages = value("a")
	case "490", "830":
		if d.Container.Text == "" {
			d.Container, d.Volume = value("a"), value("v")
		}
	case "520":
		lang := f.first("9")
		if lang == "" {
			lang = library.Undetermined
		}
		if d.Abstracts == nil {
			d.Abstracts = library.Text{}
		}
		if d.Abstracts[lang] == "" {
			d.Abstracts[lang] = squeeze(joinRaw(f, "ab"))
		}
	case "540":
		d.Rights = Value{line, squeeze(joinRaw(f, "au"))}
	case "651":
		for _, word := range f.is("a") {
			d.Places = append(d.Places, Value{line, word})
		}
	case "650", "653":
		for _, word := range f.is("a") {
			d.Subjects = append(d.Subjects, Value{line, word})
		}
	case "655":
		d.Category = value("a")
	case "773":
		d.Container = value("t")
		d.marcHost(f, line)
	}
}

// marcHost takes where in its container a work stands.
func (d *Draft) marcHost(f marcField, line int) {
	if volume, issue, ok := strings.Cut(f.first("q"), ":"); ok { // "12:3<44"
		issue, _, _ = strings.Cut(issue, "<")
		d.Volume, d.Issue = Value{line, squeeze(volume)}, Value{line, squeeze(issue)}
	}
	if g := f.first("g"); g != "" {
		d.Pages = Value{line, g}
	}
}

// marcLanguages takes the codes of languages, which were run together before 2002.
func (d *Draft) marcLanguages(f marcField, line int) {
	d.Languages = nil
	for _, code := range f.is("a") {
		for len(code) > 3 && len(code)%3 == 0 {
			d.Languages = append(d.Languages, Value{line, languageOf(code[:3])})
			code = code[3:]
		}
		d.Languages = append(d.Languages, Value{line, languageOf(code)})
	}
}

// marcNumber takes what the work is named and found by.
func (d *Draft) marcNumber(f marcField) {
	switch f.tag {
	case "020":
		d.identify("isbn", isbnOf(f.first("a")))
	case "022":
		d.identify("issn", f.first("a"))
	case "024":
		scheme := strings.ToLower(f.first("2"))
		if scheme == "" {
			scheme = "doi"
		}
		d.identify(scheme, f.first("a"))
	case "191": // local to the United Nations
		d.identify("un-symbol", f.first("a"))
	case "856":
		d.link(strings.TrimSpace(joinRaw(f, "u")))
	}
}

// marcTitle takes a title; one of a field that says its language stands under
// it, and a varying title that does not is left to the source's statement.
func (d *Draft) marcTitle(f marcField) {
	title := strings.Join(f.is("a"), " ")
	if rest := strings.Join(f.is("b"), " "); rest != "" {
		title += ": " + rest
	}
	for _, part := range f.is("np") {
		title += ". " + part
	}
	lang := f.first("9")
	if f.tag == "242" {
		lang = languageOf(f.first("y"))
	}
	if lang == "" && f.tag == "245" {
		lang = library.Undetermined
	}
	if lang != "" && title != "" && d.Titles[lang] == "" {
		d.Titles[lang] = title
	}
}

func joinRaw(f marcField, codes string) string {
	var values []string
	for _, s := range f.sub {
		if strings.IndexByte(codes, s.code) >= 0 {
			values = append(values, strings.TrimSpace(s.value))
		}
	}
	return strings.Join(values, " ")
}

// isbnOf takes the number out of "9789290687063 (pbk.)".
func isbnOf(s string) string {
	number, _, _ := strings.Cut(s, "(")
	if serial(number) != "isbn" {
		return ""
	}
	return number
}

// marcList is fields that grow; a subfield is written as its code and value.
type marcList []marcField

func (l *marcList) add(tag string, ind1, ind2 byte, subs ...string) {
	f := marcField{tag: tag, ind1: ind1, ind2: ind2}
	for _, s := range subs {
		if len(s) > 1 {
			f.sub = append(f.sub, marcSub{s[0], s[1:]})
		}
	}
	if len(f.sub) > 0 {
		*l = append(*l, f)
	}
}

// marcOf gives the fields of a record in the order of their tags.
func marcOf(d Draft) []marcField {
	var l marcList
	key := d.Key
	if key == "" {
		key = string(d.ID)
	}
	if key != "" {
		l = append(l, marcField{tag: "001", data: marcClean.Replace(key)})
	}
	l = append(l, marcField{tag: "008", data: fixed(d)})
	for _, tag := range []string{"020", "022", "024"} {
		for _, id := range d.Identifiers {
			switch {
			case id.Scheme == "un-symbol":
			case tag == "020" && id.Scheme == "isbn", tag == "022" && id.Scheme == "issn":
				l.add(tag, ' ', ' ', "a"+id.Value)
			case tag == "024" && id.Scheme != "isbn" && id.Scheme != "issn":
				l.add(tag, '7', ' ', "a"+id.Value, "2"+id.Scheme)
			}
		}
	}
	var langs []string
	for _, v := range d.Languages {
		langs = append(langs, "a"+v.Text)
	}
	l.add("041", ' ', ' ', langs...)
	if len(d.Authors) > 0 {
		l.add("1"+nameTag(d.Authors[0].Text), '1', ' ', "a"+d.Authors[0].Text)
	}
	for _, id := range d.Identifiers {
		if id.Scheme == "un-symbol" {
			l.add("191", ' ', ' ', "a"+id.Value)
		}
	}
	l.describe(d)
	return l
}

// describe adds titles and what follows them.
func (l *marcList) describe(d Draft) {
	title, lang := d.Titles.In(words(d.Languages)...)
	nine := func(lang string) string {
		if lang == library.Undetermined {
			return ""
		}
		return "9" + lang
	}
	l.add("245", '0', '0', "a"+title, nine(lang))
	for _, other := range d.Titles.Languages() {
		if other != lang {
			l.add("246", '3', '1', "a"+d.Titles[other], nine(other))
		}
	}
	l.add("250", ' ', ' ', "a"+d.Edition.Text)
	for i, v := range d.Publishers {
		date := ""
		if i == 0 && len(d.Date.Text) >= 4 {
			date = "c" + d.Date.Text
		}
		l.add("264", ' ', '1', "b"+v.Text, date)
	}
	l.add("300", ' ', ' ', "a"+d.Pages.Text)
	l.add("490", '0', ' ', "a"+d.Container.Text, "v"+d.Volume.Text)
	if d.Issue.Text != "" {
		l.add("773", '0', ' ', "t"+d.Container.Text, "q"+d.Volume.Text+":"+d.Issue.Text)
	}
	for _, other := range d.Abstracts.Languages() {
		l.add("520", ' ', ' ', "a"+d.Abstracts[other], nine(other))
	}
	l.add("540", ' ', ' ', "a"+d.Rights.Text)
	for _, v := range append(append([]Value{}, d.Countries...), d.Regions...) {
		l.add("651", ' ', '4', "a"+v.Text)
	}
	for _, v := range append(append([]Value{}, d.Topics...), d.Subjects...) {
		l.add("653", ' ', ' ', "a"+v.Text)
	}
	l.add("655", ' ', '4', "a"+d.Category.Text)
	for _, v := range d.Authors[min(1, len(d.Authors)):] {
		l.add("7"+nameTag(v.Text), '1', ' ', "a"+v.Text)
	}
	for _, v := range d.Editors {
		l.add("7"+nameTag(v.Text), '1', ' ', "a"+v.Text, "4edt")
	}
	for _, link := range d.Links {
		l.add("856", '4', '0', "u"+link.URL)
	}
}

// nameTag tells persons, who are written with a comma, from bodies.
func nameTag(name string) string {
	if strings.Contains(name, ", ") {
		return "00"
	}
	return "10"
}

// fixed gives field 008: the year and the language at their places.
func fixed(d Draft) string {
	year, lang := "    ", "und"
	if len(d.Date.Text) >= 4 && strings.Trim(d.Date.Text[:4], "0123456789") == "" {
		year = d.Date.Text[:4]
	}
	if len(d.Languages) > 0 {
		for code, tag := range marcLanguages {
			if tag == d.Languages[0].Text && (lang == "und" || code < lang) {
				lang = code
			}
		}
	}
	return fmt.Sprintf("      s%s    xx %17s%s d", year, "", lang)
}
