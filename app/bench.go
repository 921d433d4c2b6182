package app

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"text/tabwriter"
	"time"

	"waymark/index"
	"waymark/index/corpus"
	"waymark/library"
	"waymark/search"
)

// benchCommand holds the measurements of docs/performance.md.
type benchCommand struct {
	Search    benchSearchCommand    `cmd:"" help:"Measure the search engine over a generated library."`
	Documents benchDocumentsCommand `cmd:"" help:"Measure the reading of PDF files, beside pdftotext when it is installed."`
	Match     benchMatchCommand     `cmd:"" help:"Measure how surely one work is told from two, over tables with known pairs or generated records."`
	OAI       benchOAICommand       `cmd:"" name:"oai" help:"Measure how fast a generated library is harvested."`
}

type benchSearchCommand struct {
	Records int    `help:"Records to generate." default:"100000"`
	Pages   int    `help:"Pages of text that each has." default:"0"`
	Times   int    `help:"Questions of each class." default:"200"`
	Folder  string `help:"Folder for the index; a temporary one if none is given." placeholder:"FOLDER"`
	JSON    bool   `name:"json" help:"Print the figures as JSON."`
}

// benchSearch is what bench search prints.
type benchSearch struct {
	Records       int          `json:"records"`
	Pages         int          `json:"pages_each"`
	RecordsPerSec float64      `json:"records_per_second"` // generated, indexed and durable
	GenerationSec float64      `json:"generation_seconds"` // of one processor, within the above
	DiskMB        float64      `json:"disk_mb"`            //
	OpenMS        float64      `json:"open_ms"`            //
	PeakMB        float64      `json:"peak_mb"`            // of the Go heap and stacks while indexing
	ServingMB     float64      `json:"serving_mb"`         // of the Go heap and stacks after the questions, without mapped pages
	Segments      int          `json:"segments"`           //
	Classes       []benchClass `json:"classes"`
}

// benchClass is one kind of question, alone and with eight clients at once.
type benchClass struct {
	Name  string         `json:"name"`
	Hits  int            `json:"hits"` // of the first question
	Alone corpus.Latency `json:"alone_ms"`
	Eight corpus.Latency `json:"eight_clients_ms"`
}

const benchBatch = 5000 // records that are indexed at a time

// Run implements kong's command.
func (c *benchSearchCommand) Run(ctx context.Context, s streams) (err error) {
	folder := c.Folder
	if folder == "" {
		if folder, err = os.MkdirTemp("", "waymark-bench-"); err != nil {
			return fmt.Errorf("make a folder for the index: %w", err)
		}
		defer os.RemoveAll(folder)
	}
	b := benchSearch{Records: c.Records, Pages: c.Pages}
	words, err := b.index(ctx, folder, s.err)
	if err != nil {
		return err
	}
	start := time.Now()
	engine, err := index.Open(folder, "bench")
	if err != nil {
		return err
	}
	b.OpenMS = milliseconds(time.Since(start))
	defer func() {
		if e := engine.Close(); err == nil {
			err = e
		}
	}()
	for _, class := range words.Classes() {
		if err := b.ask(ctx, engine, class, c.Times); err != nil {
			return err
		}
	}
	if err := b.complete(ctx, engine, words, c.Times); err != nil {
		return err
	}
	b.ServingMB = memory()
	if c.JSON {
		return json.NewEncoder(s.out).Encode(b)
	}
	return b.print(s.out)
}

// index generates and indexes the library.
func (b *benchSearch) index(ctx context.Context, folder string, progress io.Writer) (*corpus.Corpus, error) {
	engine, err := index.Open(folder, "bench")
	if err != nil {
		return nil, err
	}
	words := corpus.New()
	start := time.Now()
	for n := 0; n < b.Records; {
		began := time.Now()
		batch := search.Batch{}
		for range min(max(benchBatch/(1+b.Pages), 1), b.Records-n) {
			d := words.Next()
			if b.Pages > 0 {
				d.Texts = []search.FileText{words.File(d.Titles[0].Lang, b.Pages)}
			}
			batch.Documents = append(batch.Documents, d)
		}
		n += len(batch.Documents)
		batch.Seq = int64(n)
		b.GenerationSec += time.Since(began).Seconds()
		if err := engine.Apply(ctx, batch); err != nil {
			return nil, err
		}
		if n%100_000 == 0 || b.Pages > 0 {
			b.PeakMB = max(b.PeakMB, heldMemory())
			fmt.Fprintf(progress, "%d records indexed in %.0f s\n", n, time.Since(start).Seconds())
		}
	}
	if err := engine.Close(); err != nil {
		return nil, err
	}
	b.RecordsPerSec = float64(b.Records) / time.Since(start).Seconds()
	err = filepath.WalkDir(folder, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			b.DiskMB += float64(info.Size()) / (1 << 20)
			if filepath.Ext(d.Name()) == ".segment" {
				b.Segments++
			}
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("measure the index on disk: %w", err)
	}
	return words, nil
}

func (b *benchSearch) ask(ctx context.Context, engine *index.Embedded, class corpus.Class, times int) error {
	c := benchClass{Name: class.Name}
	ask := func(q search.Query) error {
		_, err := engine.Search(ctx, library.Viewer{}, q)
		return err
	}
	first, err := engine.Search(ctx, library.Viewer{}, class.Queries[0])
	if err != nil {
		return err
	}
	c.Hits = first.Total
	if _, err = corpus.Measure(class.Queries, len(class.Queries), 1, ask); err != nil { // warm
		return err
	}
	if c.Alone, err = corpus.Measure(class.Queries, times, 1, ask); err != nil {
		return err
	}
	if c.Eight, err = corpus.Measure(class.Queries, times, 8, ask); err != nil {
		return err
	}
	b.Classes = append(b.Classes, c)
	return nil
}

// complete measures completions. The first of a snapshot counts all that the
// viewer sees, as the first page does, and is left out.
func (b *benchSearch) complete(ctx context.Context, engine *index.Embedded, words *corpus.Corpus, times int) (err error) {
	var beginnings []search.Query
	for _, text := range words.Beginnings() {
		beginnings = append(beginnings, search.Query{Text: text})
	}
	c := benchClass{Name: "completion"}
	ask := func(q search.Query) error {
		_, err := engine.Complete(ctx, library.Viewer{}, q.Text, nil, search.Completed)
		return err
	}
	if err := ask(beginnings[1]); err != nil {
		return err
	}
	if c.Alone, err = corpus.Measure(beginnings, max(times, len(beginnings)), 1, ask); err != nil {
		return err
	}
	c.Eight, err = corpus.Measure(beginnings, max(times, len(beginnings)), 8, ask)
	b.Classes = append(b.Classes, c)
	return err
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// memory gives what the program needs in MB, without mapped files.
func memory() float64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc+m.StackSys) / (1 << 20)
}

// heldMemory gives what the program holds of the system in MB, garbage
// included, without mapped files.
func heldMemory() float64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.Sys-m.HeapReleased) / (1 << 20)
}

func (b *benchSearch) print(out io.Writer) error {
	fmt.Fprintf(out, "records            %d\nindexed            %.0f records/s, durable (%.1f s of it to generate them)\n", b.Records, b.RecordsPerSec, b.GenerationSec)
	fmt.Fprintf(out, "on disk            %.0f MB in %d segments\nopened in          %.0f ms\n", b.DiskMB, b.Segments, b.OpenMS)
	fmt.Fprintf(out, "memory             %.0f MB at most while indexing, %.0f MB after the questions\n\n", b.PeakMB, b.ServingMB)
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "question, ms\thits\talone p50\tp95\tp99\teight clients p50\tp95\tp99\t")
	for _, c := range b.Classes {
		fmt.Fprintf(w, "%s\t%d\t%.2f\t%.2f\t%.2f\t%.2f\t%.2f\t%.2f\t\n", c.Name, c.Hits, c.Alone.P50, c.Alone.P95, c.Alone.P99, c.Eight.P50, c.Eight.P95, c.Eight.P99)
	}
	return w.Flush()
}
