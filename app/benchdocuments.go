package app

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"text/tabwriter"
	"time"

	"waymark/extract"
)

type benchDocumentsCommand struct {
	Files []string `arg:"" help:"PDF files to read." type:"existingfile"`
	Times int      `help:"Times that each is read." default:"3"`
	JSON  bool     `name:"json" help:"Print the figures as JSON."`
}

// benchDocuments is what bench documents prints.
type benchDocuments struct {
	Pages       int     `json:"pages"`                   // of all files
	StartSec    float64 `json:"start_seconds"`           // until a worker has read its first page
	OneWorker   float64 `json:"pages_per_second"`        // of one worker, warm
	AllWorkers  float64 `json:"pages_per_second_all"`    // of one worker a processor
	Workers     int     `json:"workers"`                 //
	PeakMB      float64 `json:"worker_peak_mb"`          // resident memory of the largest worker; 0 where it is not known
	PDFToText   float64 `json:"pdftotext_pages_per_sec"` // of pdftotext on the same files; 0 when it is not installed
	OfPDFToText float64 `json:"of_pdftotext"`            // OneWorker as a share of that
}

// Run implements kong's command.
func (c *benchDocumentsCommand) Run(ctx context.Context, cfg *Config, s streams) error {
	reader, err := cfg.reader()
	if err != nil {
		return err
	}
	defer reader.Close()
	var b benchDocuments
	start := time.Now()
	if _, err := readOnce(ctx, reader, c.Files[0], 1); err != nil {
		return err
	}
	b.StartSec = time.Since(start).Seconds()
	for _, name := range c.Files {
		n, err := readOnce(ctx, reader, name, 0)
		if err != nil {
			return err
		}
		b.Pages += n
	}
	b.Workers = runtime.GOMAXPROCS(0)
	if b.OneWorker, err = c.rate(b.Pages, 1, func(name string) error { _, err := readOnce(ctx, reader, name, 0); return err }); err != nil {
		return err
	}
	if b.AllWorkers, err = c.rate(b.Pages, b.Workers, func(name string) error { _, err := readOnce(ctx, reader, name, 0); return err }); err != nil {
		return err
	}
	if program, err := exec.LookPath("pdftotext"); err == nil {
		if b.PDFToText, err = c.rate(b.Pages, 1, func(name string) error { return exec.CommandContext(ctx, program, name, os.DevNull).Run() }); err != nil {
			return fmt.Errorf("run pdftotext: %w", err)
		}
		b.OfPDFToText = b.OneWorker / b.PDFToText
	}
	reader.Close()
	b.PeakMB = float64(reader.Peak()) / (1 << 20)
	return b.print(s, c.JSON)
}

// readOnce reads a file and gives the number of its pages.
func readOnce(ctx context.Context, r *extract.Reader, name string, pages int) (int, error) {
	f, err := os.Open(name)
	if err != nil {
		return 0, fmt.Errorf("open a document: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return 0, fmt.Errorf("open a document: %w", err)
	}
	doc, err := r.Read(ctx, filepath.Base(name), f, info.Size(), extract.Ask{Pages: pages})
	if err != nil {
		return 0, fmt.Errorf("read %s: %w", name, err)
	}
	return doc.Count, nil
}

// rate gives the pages a second when so many read side by side.
func (c *benchDocumentsCommand) rate(pages, workers int, read func(name string) error) (float64, error) {
	work := make(chan string, c.Times*workers*len(c.Files))
	for range c.Times * workers {
		for _, name := range c.Files {
			work <- name
		}
	}
	close(work)
	var all sync.WaitGroup
	errs := make(chan error, workers)
	start := time.Now()
	for range workers {
		all.Go(func() {
			for name := range work {
				if err := read(name); err != nil {
					errs <- err
					return
				}
			}
		})
	}
	all.Wait()
	took := time.Since(start).Seconds()
	select {
	case err := <-errs:
		return 0, err
	default:
		return float64(pages*c.Times*workers) / took, nil
	}
}

func (b *benchDocuments) print(s streams, asJSON bool) error {
	if asJSON {
		e := json.NewEncoder(s.out)
		e.SetIndent("", "  ")
		return e.Encode(b)
	}
	w := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "pages\t%d\nfirst page of a new worker\t%.2f s\none worker\t%.0f pages/s\n%d workers\t%.0f pages/s\nmemory of a worker, at most\t%.0f MB\n",
		b.Pages, b.StartSec, b.OneWorker, b.Workers, b.AllWorkers, b.PeakMB)
	if b.PDFToText > 0 {
		fmt.Fprintf(w, "pdftotext\t%.0f pages/s\none worker beside pdftotext\t%.2f\n", b.PDFToText, b.OfPDFToText)
	}
	return w.Flush()
}
