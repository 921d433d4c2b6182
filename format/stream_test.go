package format

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"runtime"
	"runtime/metrics"
	"strings"
	"testing"

	"waymark/library"
)

var megabytes = flag.Int("megabytes", 8, "size of the files that are read as streams")

const (
	// maxLive is what a reader may hold at a time, in bytes: its buffer is 4 MB.
	// That of BibTeX holds entries that others may name, see maxKept.
	maxLive, maxLiveBibTeX = 8 << 20, 60 << 20
	// maxHeap bounds the heap whatever the size of the file, garbage included.
	maxHeap = 200 << 20
)

// TestStreams reads files of every format that go on and on (200 MB to 2 GB in CI), made
// on the way: what a reader holds does not grow with the file. A workbook is a
// file of another kind: excelize keeps a large sheet beside it on the disk.
func TestStreams(t *testing.T) {
	for _, f := range Formats() {
		if f.Write == nil || f.Name == "xlsx" {
			continue
		}
		t.Run(f.Name, func(t *testing.T) {
			in, out := io.Pipe()
			go func() { out.CloseWithError(longFile(f, out)) }()
			counted := &counter{r: in}
			records, peak, live := 0, uint64(0), uint64(0)
			before := heap(true)
			next := int64(*megabytes) << 20 / 4
			for d, err := range Read(counted, Options{}) {
				if err != nil {
					t.Fatalf("after %d records: %v", records, err)
				}
				if title, _ := d.Titles.In(); !strings.HasPrefix(title, "Shelter standards") {
					t.Fatalf("record %d is %+v", records, d)
				}
				if records++; records%500 == 0 {
					peak = max(peak, heap(false))
				}
				if counted.n > next {
					next += int64(*megabytes) << 20 / 4
					live = max(live, heap(true))
				}
			}
			if counted.n < int64(*megabytes)<<20 || records < 1000 {
				t.Errorf("%d records in %d bytes", records, counted.n)
			}
			live -= min(live, before)
			t.Logf("%d records, %d MB; held %.1f MB, heap at most %d MB", records, counted.n>>20, float64(live)/(1<<20), peak>>20)
			most := uint64(maxLive)
			if f.Name == "bibtex" {
				most = maxLiveBibTeX
			}
			if live > most || peak > maxHeap {
				t.Errorf("%d bytes held, %d of heap", live, peak)
			}
		})
	}
}

// longFile writes a file of the size that is asked for.
func longFile(f Format, to io.Writer) error {
	counted := &counter{w: to}
	buffered := bufio.NewWriterSize(counted, 64<<10)
	w := f.Write(buffered)
	value := func(format string, n int) Value { return Value{Text: fmt.Sprintf(format, n)} }
	abstract := strings.Repeat("People who cross borders are asked again and again for what nobody has written down. ", 8)
	for n := 0; counted.n < int64(*megabytes)<<20; n++ {
		err := w.Write(Draft{Key: fmt.Sprint("k", n), Titles: library.Text{"en": fmt.Sprint("Shelter standards of district ", n)}, Abstracts: library.Text{"en": abstract},
			Authors: []Value{value("Gusak%d, Nataliya", n), value("Berg%d, Anna", n/7)}, Publishers: []Value{value("House %d", n%50)}, Date: value("%d", 1970+n%50),
			Languages: []Value{{Text: "en"}}, Category: Value{Text: "Report"}, Container: value("Series %d", n%100), Subjects: []Value{value("subject %d", n%1000)},
			Identifiers: []library.Identifier{{Scheme: "doi", Value: fmt.Sprint("10.1234/x.", n)}}, Links: []library.Link{{URL: fmt.Sprint("https://a.example/", n)}}})
		if err != nil {
			return err
		}
	}
	if err := w.Close(); err != nil {
		return err
	}
	return buffered.Flush()
}

// heap gives the bytes of objects in the heap, on wish without the garbage.
func heap(collected bool) uint64 {
	if collected {
		runtime.GC()
	}
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

// counter counts what is read, or written, through it.
type counter struct {
	r io.Reader
	w io.Writer
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

func (c *counter) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.n += int64(n)
	return n, err
}
