package match

import (
	"encoding/csv"
	"errors"
	"fmt"
	"html"
	"io"
	"slices"
	"strconv"
	"strings"
)

// Row is a line of a table of publications: its ID there and what it says.
type Row struct {
	ID string
	Facts
}

// headings are the headings, in lower case, under which a table has a field.
var headings = map[string]string{
	"id": "id", "title": "title", "authors": "authors", "author": "authors", "venue": "container", "journal": "container", "container": "container",
	"year": "year", "date": "year", "doi": "doi", "isbn": "isbn", "symbol": "un-symbol", "un-symbol": "un-symbol", "url": "url", "link": "url",
	"language": "language", "pages": "pages", "edition": "edition", "volume": "volume", "issue": "issue",
}

// ReadTable reads a CSV file (RFC 4180) whose first line has the headings:
// id and title, and any of authors, venue, year, doi, isbn, un-symbol, url,
// language, pages, edition, volume and issue. Authors stand between commas or,
// with the family name first, semicolons.
func ReadTable(r io.Reader) ([]Row, error) {
	var rows []Row
	fields := map[int]string{}
	err := lines(r, func(head []string) error {
		for i, h := range head {
			fields[i] = headings[h]
		}
		if !slices.Contains(head, "id") || !slices.Contains(head, "title") {
			return fmt.Errorf("the first line has the headings %q: id and title are needed", head)
		}
		return nil
	}, func(line []string) error {
		row := Row{}
		for i, value := range line {
			if value = strings.TrimSpace(html.UnescapeString(value)); value != "" {
				row.set(fields[i], value)
			}
		}
		rows = append(rows, row)
		return nil
	})
	return rows, err
}

func (r *Row) set(field, value string) {
	switch field {
	case "id":
		r.ID = value
	case "title":
		r.Titles = append(r.Titles, Title{Text: value})
	case "authors":
		for _, name := range names(value) {
			r.Contributors = append(r.Contributors, Contributor{Names: []string{name}})
		}
	case "container":
		r.Container = value
	case "year":
		if y, err := strconv.ParseFloat(value[:min(4, len(value))], 64); err == nil { // some tables have 1999.0
			r.Year = int(y)
		}
	case "doi", "isbn", "un-symbol":
		r.Identifiers = append(r.Identifiers, Identifier{field, value})
	case "url":
		r.URLs = append(r.URLs, value)
	case "language":
		r.Languages = append(r.Languages, value)
	case "pages":
		r.Pages = value
	case "edition":
		r.Edition = value
	case "volume":
		r.Volume = value
	case "issue":
		r.Issue = value
	}
}

// names parts a list of authors.
func names(list string) []string {
	sign := ","
	if strings.Contains(list, ";") {
		sign = ";"
	} else if parts := strings.Split(list, ","); len(parts) == 2 && len(strings.Fields(parts[0])) == 1 && len(strings.Fields(parts[1])) == 1 {
		return []string{list} // one name, turned round
	}
	var all []string
	for name := range strings.SplitSeq(list, sign) {
		if name = strings.TrimSpace(name); name != "" {
			all = append(all, name)
		}
	}
	return all
}

// Truth is what is known of pairs of two tables: whether they are one work.
// When Whole, all pairs of one work are there and any other is of two;
// otherwise nothing is known of others.
type Truth struct {
	Pairs map[[2]string]bool
	Whole bool
}

// ReadTruth reads a CSV file whose first two columns with a heading that ends
// in "id", but for "_id" itself, name a line of the left and one of the right
// table. Each line is a pair of one work; with a column label, gold or match,
// one where that is 0 is of two works, and only these pairs are judged.
func ReadTruth(r io.Reader) (Truth, error) {
	truth := Truth{Pairs: map[[2]string]bool{}, Whole: true}
	var ids []int
	label := -1
	err := lines(r, func(head []string) error {
		for i, h := range head {
			switch {
			case h == "label" || h == "gold" || h == "match":
				label = i
			case h != "_id" && (strings.HasSuffix(h, "id") || strings.HasPrefix(h, "id")) && len(ids) < 2:
				ids = append(ids, i)
			}
		}
		if len(ids) < 2 {
			return fmt.Errorf("the first line has the headings %q: two with id are needed, of the left table and the right", head)
		}
		return nil
	}, func(line []string) error {
		pair := [2]string{line[ids[0]], line[ids[1]]}
		truth.Pairs[pair] = label < 0 || line[label] != "0"
		return nil
	})
	truth.Whole = label < 0
	return truth, err
}

// lines reads a CSV file: its headings in lower case, then line by line. Lines
// that begin with # are left out.
func lines(r io.Reader, head, line func([]string) error) error {
	table := csv.NewReader(r)
	table.Comment = '#'
	table.LazyQuotes = true
	first, err := table.Read()
	if err != nil {
		return fmt.Errorf("read the headings: %w", err)
	}
	for i, h := range first {
		first[i] = strings.ToLower(strings.TrimSpace(strings.TrimPrefix(h, "\uFEFF")))
	}
	if err := head(first); err != nil {
		return err
	}
	for {
		fields, err := table.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil {
			err = line(fields)
		}
		if err != nil {
			return fmt.Errorf("read a line of the table: %w", err)
		}
	}
}
