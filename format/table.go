package format

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"

	"waymark/analysis"
	"waymark/library"
)

// Column is a column of a table of records: its heading and the field that it
// was taken for, with the language of a text.
type Column struct {
	Heading  string
	Field    string // empty when the heading is not known
	Language string
}

// headings are the words for each field in Arabic, Chinese, English, French,
// Russian and Spanish, in the form of analysis.Words.
var headings = map[string]string{
	"title":      "title|titre|titulo|название|заглавие|العنوان|标题|题名|name",
	"abstract":   "abstract|summary|description|resume|resumen|descripcion|аннотация|описание|الملخص|الوصف|摘要|简介",
	"author":     "author|authors|creator|creators|auteur|auteurs|autor|autores|автор|авторы|المؤلف|المؤلفون|作者",
	"editor":     "editor|editors|redacteur|redacteurs|редактор|редакторы|المحرر|编者",
	"publisher":  "publisher|editeur|editorial|издатель|издательство|الناشر|出版者|出版社",
	"date":       "date|year|publication year|publication date|annee|date de publication|ano|fecha|год|дата|السنة|التاريخ|年份|日期|出版年",
	"country":    "country|countries|pays|pais|paises|страна|страны|البلد|البلدان|国家",
	"region":     "region|regions|regiones|регион|регионы|المنطقة|المناطق|地区|区域",
	"topic":      "topic|topics|theme|themes|sujet|tema|temas|тема|темы|الموضوع|المواضيع|主题",
	"subject":    "subject|subjects|keyword|keywords|tags|mots cles|palabras clave|ключевые слова|الكلمات المفتاحية|关键词",
	"category":   "category|type|document type|resource type|categorie|categoria|tipo|тип|категория|النوع|الفئة|类型|类别",
	"language":   "language|languages|langue|langues|idioma|idiomas|язык|языки|اللغة|اللغات|语言|语种",
	"doi":        "doi",
	"isbn":       "isbn",
	"issn":       "issn",
	"un-symbol":  "un symbol|symbol|document symbol|cote|signatura|условное обозначение|رمز الوثيقة|文号",
	"identifier": "identifier|identifiers|identifiant|identificador|идентификатор|المعرف|标识符",
	"link":       "link|links|url|address|web address|lien|liens|enlace|enlaces|ссылка|الرابط|链接|网址",
	"container":  "journal|container|series|book title|published in|revue|revista|журнал|المجلة|期刊|刊名",
	"volume":     "volume|volumen|tome|том|المجلد|卷",
	"issue":      "issue|number|numero|выпуск|номер|العدد|期",
	"pages":      "pages|paginas|page|страницы|الصفحات|页码|页数",
	"edition":    "edition|edicion|издание|الطبعة|版次",
	"rights":     "rights|licence|license|droits|derechos|права|الحقوق|版权",
	"key":        "key|id|record id|source id|идентификатор записи",
	"waymark":    "waymark id",
}

// tongues are names of languages that stand in headings such as "Title (French)".
var tongues = map[string]string{
	"en": "en|english|anglais|ingles|английский|الإنجليزية|英文", "fr": "fr|french|francais|frances|французский|الفرنسية|法文",
	"es": "es|spanish|espagnol|espanol|испанский|الإسبانية|西班牙文", "ar": "ar|arabic|arabe|арабский|العربية|阿拉伯文",
	"ru": "ru|russian|russe|ruso|русский|الروسية|俄文", "zh": "zh|chinese|chinois|chino|китайский|الصينية|中文",
}

// Columns tells what each heading of a table is taken for. Mapping says it by
// heading for those that it names: the name of a field, such as "title" or
// "title_fr", or "-" for a column to be passed over.
func Columns(head []string, mapping map[string]string) []Column {
	columns := make([]Column, len(head))
	for i, h := range head {
		columns[i] = Column{Heading: h}
		name := h
		if to, ok := mapping[strings.TrimSpace(h)]; ok {
			if name = to; to == "-" {
				continue
			}
		}
		columns[i].Field, columns[i].Language = fieldOf(name)
	}
	return columns
}

// fieldOf gives the field and the language that a heading names.
func fieldOf(heading string) (field, lang string) {
	words := analysis.Words(strings.NewReplacer("_", " ", "-", " ").Replace(heading))
	if field = meant(headings, strings.Join(words, " ")); field != "" || len(words) < 2 {
		return field, ""
	}
	last := len(words) - 1
	if lang = meant(tongues, words[last]); lang != "" {
		if field = meant(headings, strings.Join(words[:last], " ")); field == "title" || field == "abstract" {
			return field, lang
		}
	}
	return "", ""
}

// meant gives the key under which a word stands.
func meant(lists map[string]string, word string) string {
	for key, list := range lists {
		for name := range strings.SplitSeq(list, "|") {
			if name == word || strings.Join(analysis.Words(name), " ") == word {
				return key
			}
		}
	}
	return ""
}

// CSV reads a table of records as comma-separated values (RFC 4180), or with
// semicolons or tabs between them. Its first row is the headings; several
// values stand in one cell with ';' or '|' between them. mapping is as in
// Columns. A heading that is not known is a Problem of its line, once; the rest
// is read.
func CSV(r io.Reader, mapping map[string]string) Drafts {
	return func(yield func(Draft, error) bool) {
		head, in, err := opened(r)
		if err != nil {
			yield(Draft{}, err)
			return
		}
		tableDrafts(tableLine{1, head}, mapping, func(yield func(tableLine, error) bool) {
			for {
				row, err := in.Read()
				if errors.Is(err, io.EOF) {
					return
				}
				at := tableLine{cells: row}
				if parse, ok := errors.AsType[*csv.ParseError](err); ok {
					err = &Problem{parse.Line, parse.Err.Error() + ": put quotation marks around the whole cell and double those within it"}
				} else if err != nil {
					err = fmt.Errorf("read the table: %w", err)
				} else {
					at.number, _ = in.FieldPos(0)
					for i, cell := range row {
						row[i] = unguarded(cell)
					}
				}
				if !yield(at, err) {
					return
				}
			}
		})(yield)
	}
}

// tableLine is a row of a table; number is the line or row that it stands on,
// from 1.
type tableLine struct {
	number int
	cells  []string
}

// tableDrafts reads the rows of a table under its headings. An error of a row
// that is no *Problem ends the table.
func tableDrafts(head tableLine, mapping map[string]string, rows iter.Seq2[tableLine, error]) Drafts {
	return func(yield func(Draft, error) bool) {
		columns := Columns(head.cells, mapping)
		var unknown []string
		for _, c := range columns {
			if h := strings.TrimSpace(c.Heading); c.Field == "" && h != "" && mapping[h] != "-" {
				unknown = append(unknown, fmt.Sprintf("%q", c.Heading))
			}
		}
		if !titled(columns) {
			yield(Draft{}, &Problem{head.number, fmt.Sprintf("no column is a title: the headings are %s; name one with a mapping file", strings.Join(head.cells, ", "))})
			return
		}
		if len(unknown) > 0 && !yield(Draft{}, &Problem{Text: "columns that are not known were passed over: " + strings.Join(unknown, ", ")}) {
			return
		}
		for row, err := range rows {
			if err != nil {
				_, goesOn := errors.AsType[*Problem](err)
				if !yield(Draft{}, err) || !goesOn {
					return
				}
				continue
			}
			if d := rowDraft(columns, row.cells, row.number); len(d.Titles) > 0 || strings.TrimSpace(strings.Join(row.cells, "")) != "" {
				if !yield(d, nil) {
					return
				}
			}
		}
	}
}

func titled(columns []Column) bool {
	for _, c := range columns {
		if c.Field == "title" {
			return true
		}
	}
	return false
}

// opened reads the headings; what stands most often in the first line is taken
// for the sign between cells.
func opened(r io.Reader) ([]string, *csv.Reader, error) {
	buffered := newPeeker(r)
	first, _, _ := strings.Cut(string(buffered.head), "\n")
	in := csv.NewReader(buffered)
	in.FieldsPerRecord, in.ReuseRecord = -1, true
	for _, sign := range []rune{';', '\t', '|'} {
		if strings.Count(first, string(sign)) > strings.Count(first, string(in.Comma)) {
			in.Comma = sign
		}
	}
	head, err := in.Read()
	if err != nil {
		return nil, nil, &Problem{1, "the table has no headings: its first row names the columns"}
	}
	return append([]string(nil), head...), in, nil
}

// isCSV tells a table by headings of which one is a title and another known.
func isCSV(head []byte) bool {
	first, _, more := strings.Cut(string(head), "\n")
	if !more || strings.HasPrefix(first, "@") || strings.HasPrefix(first, "<") || len(first) > 4000 {
		return false
	}
	row, _, err := opened(strings.NewReader(first))
	if err != nil || len(row) < 2 {
		return false
	}
	return recognised(Columns(row, nil))
}

// recognised tells headings of records: one is a title, another known.
func recognised(columns []Column) bool {
	known := 0
	for _, c := range columns {
		if c.Field != "" {
			known++
		}
	}
	return titled(columns) && known >= 2
}

// rowDraft takes the cells of a row.
func rowDraft(columns []Column, row []string, line int) Draft {
	d := Draft{Line: line}
	for i, cell := range row {
		if i >= len(columns) || columns[i].Field == "" {
			continue
		}
		cell = strings.TrimSpace(cell)
		if cell == "" {
			continue
		}
		d.cell(columns[i], cell, line)
	}
	return d
}

func (d *Draft) cell(c Column, cell string, line int) {
	one := Value{line, cell}
	many := func() (values []Value) {
		for part := range strings.FieldsFuncSeq(cell, func(r rune) bool { return r == ';' || r == '|' }) {
			if part = strings.TrimSpace(part); part != "" {
				values = append(values, Value{line, part})
			}
		}
		return values
	}
	text := func(to *library.Text) {
		lang := c.Language
		if lang == "" {
			lang = library.Undetermined
		}
		if *to == nil {
			*to = library.Text{}
		}
		(*to)[lang] = cell
	}
	switch c.Field {
	case "title":
		text(&d.Titles)
	case "abstract":
		text(&d.Abstracts)
	case "date":
		d.Date = Value{line, slashed(cell)}
	case "identifier":
		for _, v := range many() {
			d.name(v.Text)
		}
	case "doi", "isbn", "issn", "un-symbol":
		for _, v := range many() {
			d.identify(c.Field, v.Text)
		}
	case "link":
		for _, v := range many() {
			d.link(v.Text)
		}
	case "key":
		d.Key = cell
	case "waymark":
		d.ID = library.ID(cell)
	default:
		if to := d.list(c.Field); to != nil {
			*to = append(*to, many()...)
		} else if to := d.single(c.Field); to != nil {
			*to = one
		}
	}
}

// list gives the field of several values of a name, nil when there is none.
func (d *Draft) list(name string) *[]Value {
	switch name {
	case "author":
		return &d.Authors
	case "editor":
		return &d.Editors
	case "publisher":
		return &d.Publishers
	case "country":
		return &d.Countries
	case "region":
		return &d.Regions
	case "topic":
		return &d.Topics
	case "subject":
		return &d.Subjects
	case "place":
		return &d.Places
	case "language":
		return &d.Languages
	}
	return nil
}

// single gives the field of one value of a name, nil when there is none.
func (d *Draft) single(name string) *Value {
	switch name {
	case "category":
		return &d.Category
	case "container":
		return &d.Container
	case "volume":
		return &d.Volume
	case "issue":
		return &d.Issue
	case "pages":
		return &d.Pages
	case "edition":
		return &d.Edition
	case "rights":
		return &d.Rights
	}
	return nil
}

// Mapping reads a mapping file: CSV with a heading and the name of its field in
// each row.
func Mapping(r io.Reader) (map[string]string, error) {
	in := csv.NewReader(r)
	in.FieldsPerRecord = 2
	rows, err := in.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("read the mapping: %w: write heading,field in each line", err)
	}
	mapping := map[string]string{}
	for _, row := range rows {
		heading, field := strings.TrimSpace(strings.TrimPrefix(row[0], "\ufeff")), strings.TrimSpace(row[1])
		if known, _ := fieldOf(field); known == "" && field != "-" && !(heading == "heading" && field == "field") {
			return nil, fmt.Errorf("the mapping of %q: there is no field %q: write one such as title, title_fr, author or country, or - to pass the column over", heading, field)
		}
		mapping[heading] = field
	}
	return mapping, nil
}
