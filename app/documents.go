package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"waymark/extract"
	"waymark/format"
	"waymark/intake"
	"waymark/jobs"
	"waymark/library"
)

// readDocumentsCommand is the worker process that reads documents; nobody but
// this program starts it.
type readDocumentsCommand struct {
	Cache string `arg:"" help:"Folder of the compiled PDF engine."`
}

// Run implements kong's command.
func (c *readDocumentsCommand) Run(s streams) error { return extract.Work(c.Cache, s.in, s.out) }

// reader gives the one that has documents read by processes of this program.
func (c *Config) reader() (*extract.Reader, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find this program, to read documents: %w", err)
	}
	cache, err := filepath.Abs(c.cachePath())
	if err != nil {
		return nil, fmt.Errorf("find the folder %s: %w", c.cachePath(), err)
	}
	return &extract.Reader{Command: []string{program, "read-documents", cache}}, nil
}

// documents brings files into the house; scans are read where that is set.
func (c *Config) documents(ctx context.Context, h *house, actor string, reader *extract.Reader) (*intake.Documents, error) {
	d := &intake.Documents{Importer: h.importer(actor), Files: h.files, Reader: reader}
	if !c.OCR {
		return d, nil
	}
	ocr, err := extract.FindOCR(ctx)
	if err != nil {
		return nil, err
	}
	d.Recognise = ocr.Recognise
	return d, nil
}

// runner does the tasks of the house.
func (h *house) runner(d *intake.Documents, workers int) *jobs.Runner {
	return &jobs.Runner{Store: h.store, Workers: workers, Now: time.Now,
		Do: map[string]func(context.Context, string) error{library.TaskRead: d.ReadFile}}
}

// records are the ends of names of files that hold records, not documents.
var records = []string{".jsonl", ".json", ".ndjson", ".ris", ".bib", ".csv", ".tsv", ".xml", ".enw", ".mrc", ".marc", ".rdf"}

// either are the ends of names of files that hold records or are documents:
// their content tells.
var either = []string{".xlsx", ".html", ".htm", ".xhtml"}

// isDocument tells whether a file is a document of the library, and not one
// that holds records. A text file that is named is the portal's page, one that
// lies in a folder is a document.
func isDocument(name string, named bool, o format.Options) bool {
	end := strings.ToLower(filepath.Ext(name))
	if slices.Contains(records, end) {
		return false
	}
	if slices.Contains(either, end) {
		return !holdsRecords(name, o)
	}
	return !named || end != ".txt" && end != ""
}

// holdsRecords looks into a file; one that cannot be opened holds none, and
// whoever reads it says why.
func holdsRecords(name string, o format.Options) bool {
	f, err := os.Open(name)
	if err != nil {
		return false
	}
	defer f.Close()
	return format.Holds(f, o)
}

// found is a file to import.
type found struct {
	name     string
	document bool
}

// find gives the files that arguments name, those of folders among them, but
// for hidden ones.
func find(names []string, o format.Options, refuse func(name string, err error)) (files []found) {
	for _, name := range names {
		info, err := os.Stat(name)
		if err != nil || !info.IsDir() {
			files = append(files, found{name, err == nil && isDocument(name, true, o)})
			continue
		}
		before := len(files)
		err = filepath.WalkDir(name, func(at string, e fs.DirEntry, err error) error {
			switch {
			case err != nil:
				refuse(at, err)
			case at != name && strings.HasPrefix(e.Name(), ".") && e.IsDir():
				return fs.SkipDir
			case e.Type().IsRegular() && !strings.HasPrefix(e.Name(), "."):
				files = append(files, found{at, isDocument(at, false, o)})
			}
			return nil
		})
		if err == nil && len(files) == before {
			err = errors.New("the folder has no files to import")
		}
		if err != nil {
			refuse(name, err)
		}
	}
	return files
}

// takeAll brings in documents, as many at once as there are processors, and
// reports what became of each. It answers the number of those refused.
func (h *house) takeAll(ctx context.Context, d *intake.Documents, names []string, s streams) (refused int, err error) {
	p := newTally(s.err, "documents", len(names))
	work := make(chan string)
	var mu sync.Mutex
	var total intake.Report
	var all sync.WaitGroup
	failed := make([]error, runtime.GOMAXPROCS(0))
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	for i := range failed {
		all.Go(func() {
			for name := range work {
				rep, err := take(ctx, d, name)
				if err != nil {
					failed[i] = err
					stop()
					return
				}
				mu.Lock()
				total.Read += rep.Read
				total.Added += rep.Added
				total.Known += rep.Known
				total.Joined = append(total.Joined, rep.Joined...)
				total.Suspected = append(total.Suspected, rep.Suspected...)
				for _, n := range rep.Refused {
					total.Refused = append(total.Refused, intake.Note{Text: name + ": " + n.Text})
				}
				p.add(total.Read)
				mu.Unlock()
			}
		})
	}
feeding:
	for _, name := range names {
		select {
		case work <- name:
		case <-ctx.Done():
			break feeding
		}
	}
	close(work)
	all.Wait()
	total.Source = fmt.Sprintf("%d documents", len(names))
	report(s.out, total, d.DryRun)
	return len(total.Refused), errors.Join(append(failed, ctx.Err())...)
}

func take(ctx context.Context, d *intake.Documents, name string) (intake.Report, error) {
	f, err := os.Open(name)
	if err != nil {
		return intake.Report{Read: 1, Refused: []intake.Note{{Text: fmt.Sprintf("it cannot be opened: %v", err)}}}, nil
	}
	defer f.Close()
	return d.Take(ctx, name, f)
}

// readAll reads the text of all files that wait for it.
func (h *house) readAll(ctx context.Context, d *intake.Documents, s streams) error {
	waiting, _, err := h.store.Tasks(ctx, library.House())
	if err != nil || waiting == 0 {
		return err
	}
	p := newTally(s.err, "reading", waiting)
	r := h.runner(d, runtime.GOMAXPROCS(0))
	var mu sync.Mutex
	done := 0
	r.Done = func(library.Task, error) {
		mu.Lock()
		defer mu.Unlock()
		done++
		p.add(done)
	}
	return r.Drain(ctx)
}

// tally shows how far a number of things is: a line now and then with the
// rate and the time that is left.
type tally struct {
	w     io.Writer
	what  string
	total int
	start time.Time
	last  time.Time
}

func newTally(w io.Writer, what string, total int) *tally {
	return &tally{w: w, what: what, total: total, start: time.Now(), last: time.Now()}
}

// countEvery is the time between two lines of a tally.
const countEvery = 5 * time.Second

func (c *tally) add(n int) {
	if time.Since(c.last) < countEvery {
		return
	}
	c.last = time.Now()
	rate := float64(n) / time.Since(c.start).Seconds()
	left := time.Duration(float64(max(c.total-n, 0)) / rate * float64(time.Second)).Round(time.Second)
	fmt.Fprintf(c.w, "%s: %d of %d, %.1f a second, about %v left\n", c.what, n, c.total, rate, left)
}
