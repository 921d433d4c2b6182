package vocabulary

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Load reads and checks the vocabularies. A file at the root of override, which
// may be nil, takes the place of the built-in one of its name. The error joins
// every problem that was found, each with file, line and remedy.
func Load(override fs.FS) (*Vocabularies, error) {
	var lists []*List
	var problems []error
	for _, s := range schemas() {
		l, errs := load(override, s)
		lists = append(lists, l)
		problems = append(problems, errs...)
	}
	v := arrange(lists)
	for _, l := range lists {
		problems = append(problems, l.checkBroader()...)
	}
	problems = append(problems, v.expand()...)
	if len(problems) > 0 {
		return nil, errors.Join(problems...)
	}
	v.connect()
	v.gather()
	v.begin()
	return v, nil
}

// arrange names lists that stand in the order of Lists.
func arrange(lists []*List) *Vocabularies {
	return &Vocabularies{Countries: lists[0], Regions: lists[1], Topics: lists[2], Categories: lists[3], Languages: lists[4], Organisations: lists[5], Concepts: lists[6], Holdings: lists[7], Kinds: lists[8]}
}

// load reads one file into a list that knows its names.
func load(override fs.FS, s schema) (*List, []error) {
	l := &List{Name: s.name, source: s.file(), byCode: map[string]int{}, byName: map[string]int{}}
	content, err := []byte(nil), error(fs.ErrNotExist)
	if override != nil {
		content, err = fs.ReadFile(override, s.file())
	}
	if errors.Is(err, fs.ErrNotExist) {
		l.source += " (built in)"
		content, err = fs.ReadFile(Files(), s.file())
	}
	if err != nil {
		return l, []error{fmt.Errorf("read the vocabulary %s: %w: see to it that its folder is one and may be read", l.source, err)}
	}
	problems := l.read(content, s)
	problems = append(problems, l.index()...)
	if l.whole && len(l.terms) == 0 {
		problems = append(problems, fmt.Errorf("%s holds no terms: write at least one, or delete the file to use the built-in one", l.source))
	}
	return l, problems
}

func (l *List) at(line int, format string, args ...any) error {
	if line == 0 {
		return fmt.Errorf("%s: %w", l.Name, fmt.Errorf(format, args...))
	}
	return fmt.Errorf("%s line %d: %w", l.source, line, fmt.Errorf(format, args...))
}

// read takes the rows of a file. What can be read of a faulty row is kept, so
// that a mistake is named once and not again by all that refers to the row.
func (l *List) read(content []byte, s schema) []error {
	content, err := l.decode(content)
	if err != nil {
		return []error{err}
	}
	r := csv.NewReader(bytes.NewReader(content))
	r.FieldsPerRecord = -1
	header, err := r.Read()
	if err == io.EOF {
		return []error{l.at(1, "the file is empty: its first line names the columns %s", strings.Join(s.names(), ","))}
	}
	if err != nil {
		return []error{l.broken(err)}
	}
	columns, problems := l.header(header, s)
	if len(problems) > 0 {
		return problems
	}
	for {
		cells, err := r.Read()
		if err == io.EOF {
			l.whole = true
			return problems
		}
		if err != nil {
			return append(problems, l.broken(err))
		}
		line, _ := r.FieldPos(0)
		if blank(cells) {
			continue
		}
		if len(cells) != len(columns) {
			problems = append(problems, l.at(line, "the line has %d cells where the header has %d: a cell with a comma in it needs quotation marks around it", len(cells), len(columns)))
		}
		problems = append(problems, l.row(line, columns, cells)...)
	}
}

// decode takes off what spreadsheets put before the text and refuses what is
// no UTF-8.
func (l *List) decode(content []byte) ([]byte, error) {
	content = bytes.TrimPrefix(content, []byte("\ufeff"))
	line, first, others := 0, 0, 0
	for text := range bytes.Lines(content) {
		line++
		switch {
		case utf8.Valid(text):
		case first == 0:
			first = line
		default:
			others++
		}
	}
	if first == 0 {
		return content, nil
	}
	return nil, l.at(first, "the line is not UTF-8, and %d more are not: save the file as 'CSV UTF-8'", others)
}

func (l *List) broken(err error) error {
	line := 0
	if pe, ok := errors.AsType[*csv.ParseError](err); ok {
		line, err = pe.Line, pe.Err
	}
	return l.at(line, "%w: put quotation marks around the whole cell and double those within it; what follows was not read", err)
}

// header matches the first line with the columns of the schema.
func (l *List) header(header []string, s schema) (columns []column, problems []error) {
	if len(header) == 1 && strings.ContainsAny(header[0], ";\t") {
		return nil, []error{l.at(1, "the cells stand apart by semicolons or tabs: save the file with commas between them")}
	}
	seen := map[string]bool{}
	for _, name := range header {
		name = strings.ToLower(strings.TrimSpace(name))
		i := slices.IndexFunc(s.columns, func(c column) bool { return c.name == name })
		switch {
		case i < 0:
			problems = append(problems, l.at(1, "there is no column %q: the columns are %s", name, strings.Join(s.names(), ", ")))
		case seen[name]:
			problems = append(problems, l.at(1, "the column %s stands twice: delete one", name))
		default:
			columns = append(columns, s.columns[i])
		}
		seen[name] = true
	}
	for _, c := range s.columns {
		if !seen[c.name] {
			problems = append(problems, l.at(1, "the column %s is missing: add it, or copy the built-in file and edit that", c.name))
		}
	}
	return columns, problems
}

func blank(cells []string) bool {
	return !slices.ContainsFunc(cells, func(c string) bool { return strings.TrimSpace(c) != "" })
}

// row takes the cells of one line.
func (l *List) row(line int, columns []column, cells []string) (problems []error) {
	t := Term{Order: len(l.terms)}
	for i, c := range columns[:min(len(columns), len(cells))] {
		cell := norm.NFC.String(strings.Join(strings.Fields(cells[i]), " "))
		switch {
		case cell == "" && c.needed:
			problems = append(problems, l.at(line, "the column %s is empty: %s", c.name, cmp.Or(c.remedy, "write "+c.wants())))
		case cell == "":
		case strings.ContainsFunc(cell, unicode.IsControl):
			problems = append(problems, l.at(line, "the column %s holds a control character: type the cell again", c.name))
		case c.form != nil && !c.form.MatchString(cell):
			problems = append(problems, l.at(line, "%.80q does not fit the column %s: %s", cell, c.name, c.remedy))
		default:
			c.set(&t, cell)
		}
	}
	if t.Code == "" {
		return problems
	}
	if i, ok := l.byCode[t.Code]; ok {
		return append(problems, l.at(line, "the code %s stands on line %d already: delete one line, or give it another code", t.Code, l.lines[i]))
	}
	l.byCode[t.Code] = len(l.terms)
	l.terms = append(l.terms, t)
	l.lines = append(l.lines, line)
	return problems
}
