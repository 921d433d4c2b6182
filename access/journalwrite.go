package access

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"waymark/library"
)

// ActFormats are the forms in which the audit is written.
func ActFormats() []string { return []string{"csv", "jsonl"} }

// exported is how many acts are read at a time.
const exported = 1000

// actRow is an act as JSON Lines write it; the names are the columns of the CSV.
type actRow struct {
	At      string `json:"at"` // RFC 3339, UTC
	Who     string `json:"who"`
	Person  string `json:"person"`
	Did     string `json:"did"`
	Subject string `json:"subject"`
	Changes int    `json:"changes"`
	Detail  string `json:"detail"`
	Address string `json:"address"`
	Edit    string `json:"edit"` // its number
}

func columns() []string {
	return []string{"at", "who", "person", "did", "subject", "changes", "detail", "address", "edit"}
}

func rowOf(a library.Act) actRow {
	r := actRow{At: a.At.UTC().Format(time.RFC3339Nano), Who: a.Name, Person: string(a.Person), Did: a.Did, Subject: a.Subject,
		Changes: a.Changes, Detail: a.Detail, Address: a.Address}
	if a.Edit {
		r.Edit = a.ID
	}
	return r
}

// cells writes the row for a spreadsheet: a cell that would be taken for a
// formula has an apostrophe before it.
func (r actRow) cells() []string {
	cells := []string{r.At, r.Who, r.Person, r.Did, r.Subject, strconv.Itoa(r.Changes), r.Detail, r.Address, r.Edit}
	for i, c := range cells {
		if c != "" && strings.ContainsRune("=+-@\t\r", rune(c[0])) {
			cells[i] = "'" + c
		}
	}
	return cells
}

// Write writes all acts that the filter chooses, the latest first, as CSV or
// JSON Lines; the filter's limit is not heeded.
func (j *Journal) Write(ctx context.Context, v library.Viewer, f library.ActFilter, format string, w io.Writer) error {
	table, lines := csv.NewWriter(w), json.NewEncoder(w)
	lines.SetEscapeHTML(false)
	var put func(actRow) error
	switch format {
	case "csv":
		put = func(r actRow) error { return table.Write(r.cells()) }
	case "jsonl":
		put = func(r actRow) error { return lines.Encode(r) }
	default:
		return library.Errorf(library.Invalid, "the audit is not written as %q: choose from %v", format, ActFormats())
	}
	f.Limit = exported
	for first := true; ; first = false {
		acts, err := j.Kept.Acts(ctx, v, f) // whole pages: List may leave some out
		if err != nil {
			return err
		}
		if first && format == "csv" {
			if err := table.Write(columns()); err != nil {
				return fmt.Errorf("write the audit: %w", err)
			}
		}
		for _, a := range j.standing(acts) {
			if err := put(rowOf(a)); err != nil {
				return fmt.Errorf("write the audit: %w", err)
			}
		}
		if len(acts) < exported {
			table.Flush()
			return table.Error()
		}
		f.After = acts[len(acts)-1].Cursor()
	}
}
