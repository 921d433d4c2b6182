// Command search compares the search engine of Waymark with others: the same
// generated records and the same questions, one engine after the other in one
// run. It is a module of its own, so that the product does not depend on what
// it is compared with.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"waymark/index/corpus"
	"waymark/search"
)

// engine is a search engine under comparison. Every answer has the total, the
// first ten hits and the counts of seven facets.
type engine interface {
	add(docs []search.Document) error
	// reopen makes what was added durable and opens it again.
	reopen() error
	ask(q search.Query) (total int, err error)
	close() error
}

// result is what one engine did.
type result struct {
	Name          string           `json:"name"`
	RecordsPerSec float64          `json:"records_per_second"`
	DiskMB        float64          `json:"disk_mb"`
	Classes       map[string]class `json:"classes"`
}

type class struct {
	Hits int     `json:"hits"` // of the first question
	P50  float64 `json:"p50_ms"`
	P95  float64 `json:"p95_ms"`
}

// comparison is what the command prints with --json.
type comparison struct {
	Records int                           `json:"records"`
	Engines []result                      `json:"engines"`
	Ratios  map[string]map[string]float64 `json:"ratios"` // by engine and class: its p50 to Waymark's
}

// patience is how long a class of questions is asked of one engine.
const patience = 10 * time.Second

func main() {
	records := flag.Int("records", 100_000, "records to generate")
	compare := flag.String("compare", "bleve,sqlite", "engines to compare with, of bleve and sqlite")
	times := flag.Int("times", 60, "questions of each class")
	asJSON := flag.Bool("json", false, "print the figures as JSON")
	flag.Parse()
	c, err := run(*records, *times, append([]string{"waymark"}, strings.Split(*compare, ",")...))
	if err == nil && *asJSON {
		err = json.NewEncoder(os.Stdout).Encode(c)
	} else if err == nil {
		err = c.print(os.Stdout)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench search:", err)
		os.Exit(1)
	}
}

func run(records, times int, names []string) (comparison, error) {
	c := comparison{Records: records, Ratios: map[string]map[string]float64{}}
	for _, name := range names {
		if name == "" {
			continue
		}
		fmt.Fprintf(os.Stderr, "%s: indexing %d records\n", name, records)
		r, err := measure(name, records, times)
		if err != nil {
			return c, fmt.Errorf("%s: %w", name, err)
		}
		c.Engines = append(c.Engines, r)
		if name == "waymark" {
			continue
		}
		c.Ratios[name] = map[string]float64{}
		for class, own := range c.Engines[0].Classes {
			if other, ok := r.Classes[class]; ok {
				c.Ratios[name][class] = other.P50 / own.P50
			}
		}
	}
	return c, nil
}

// measure indexes the records in one engine and asks its questions.
func measure(name string, records, times int) (r result, err error) {
	folder, err := os.MkdirTemp("", "waymark-compare-")
	if err != nil {
		return result{}, fmt.Errorf("make a folder: %w", err)
	}
	defer os.RemoveAll(folder)
	e, err := open(name, folder)
	if err != nil {
		return result{}, err
	}
	defer func() {
		if e := e.close(); err == nil {
			err = e
		}
	}()
	r = result{Name: name, Classes: map[string]class{}}
	words := corpus.New()
	var took time.Duration
	for n := 0; n < records; {
		var docs []search.Document
		for range min(5000, records-n) {
			docs = append(docs, words.Next())
		}
		n += len(docs)
		start := time.Now()
		if err := e.add(docs); err != nil {
			return result{}, fmt.Errorf("index: %w", err)
		}
		took += time.Since(start)
	}
	start := time.Now()
	if err := e.reopen(); err != nil {
		return result{}, fmt.Errorf("make the index durable: %w", err)
	}
	r.RecordsPerSec = float64(records) / (took + time.Since(start)).Seconds()
	if r.DiskMB, err = size(folder); err != nil {
		return result{}, err
	}
	for _, cl := range words.Classes() {
		if cl.Name == "typo" && name != "waymark" { // the others correct nothing
			continue
		}
		if r.Classes[cl.Name], err = ask(e, cl, times); err != nil {
			return result{}, fmt.Errorf("%s: %w", cl.Name, err)
		}
	}
	return r, nil
}

func open(name, folder string) (engine, error) {
	switch name {
	case "waymark":
		return openWaymark(folder)
	case "bleve":
		return openBleve(folder)
	case "sqlite":
		return openSQLite(folder)
	}
	return nil, fmt.Errorf("no such engine: choose bleve or sqlite")
}

// ask measures a class: once to warm up, then as often as patience lasts.
func ask(e engine, cl corpus.Class, times int) (c class, err error) {
	start := time.Now()
	if c.Hits, err = e.ask(cl.Queries[0]); err != nil {
		return c, err
	}
	possible := int(patience / max(time.Since(start), 1))
	times = max(min(times, possible), 5)
	l, err := corpus.Measure(cl.Queries, times, 1, func(q search.Query) error {
		_, err := e.ask(q)
		return err
	})
	c.P50, c.P95 = l.P50, l.P95
	return c, err
}

func size(folder string) (mb float64, err error) {
	err = filepath.WalkDir(folder, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			mb += float64(info.Size()) / (1 << 20)
		}
		return err
	})
	return mb, err
}

func (c comparison) print(out io.Writer) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	row := func(name string, cell func(r result) string) {
		fmt.Fprint(w, name, "\t")
		for _, r := range c.Engines {
			fmt.Fprint(w, cell(r), "\t")
		}
		fmt.Fprintln(w)
	}
	row(fmt.Sprintf("%d records", c.Records), func(r result) string { return r.Name })
	row("records/s", func(r result) string { return fmt.Sprintf("%.0f", r.RecordsPerSec) })
	row("MB on disk", func(r result) string { return fmt.Sprintf("%.0f", r.DiskMB) })
	for _, cl := range order {
		row(cl+", ms p50 (p95) hits", func(r result) string {
			v, ok := r.Classes[cl]
			if !ok {
				return "–"
			}
			cell := fmt.Sprintf("%.2f (%.2f) %d", v.P50, v.P95, v.Hits)
			if ratio := c.Ratios[r.Name][cl]; ratio > 0 {
				cell += fmt.Sprintf(" ×%.0f", ratio)
			}
			return cell
		})
	}
	return w.Flush()
}

// order is the classes as they are printed.
var order = []string{"rare word", "common word", "three words", "any of three words", "phrase", "prefix", "typo",
	"word and filter", "browse", "browse and filter", "page 50"}
