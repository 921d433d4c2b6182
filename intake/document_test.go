package intake

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"waymark/extract"
)

// broken is a reader that breaks off, as one does whose context ends.
type broken struct{ err error }

// Read implements Reader.
func (b broken) Read(context.Context, string, io.Reader, int64, extract.Ask) (*extract.Document, error) {
	return nil, b.err
}

// dying is a reader whose worker dies so many times.
type dying struct{ times, asked int }

// Read implements Reader.
func (d *dying) Read(context.Context, string, io.Reader, int64, extract.Ask) (*extract.Document, error) {
	if d.asked++; d.asked <= d.times {
		return &extract.Document{}, &extract.Refused{Reason: "it broke off", Broke: true}
	}
	return &extract.Document{Type: "application/pdf", Meta: extract.Meta{Title: "A Quiet Title of Words"}}, nil
}

// TestWorkerDies: a worker that died once does not make a file unreadable, a
// file that breaks two is refused and not tried for ever.
func TestWorkerDies(t *testing.T) {
	d := newDesk(t)
	d.im.DryRun = true
	name := filepath.Join(t.TempDir(), "a.pdf")
	if err := os.WriteFile(name, []byte("%PDF-1.7"), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for times, refused := range []int{0, 0, 1} {
		reader := &dying{times: times}
		rep, err := (&Documents{Importer: d.im, Reader: reader}).Take(t.Context(), name, f)
		if err != nil || len(rep.Refused) != refused || rep.Added != 1-refused || reader.asked != min(times+1, 2) {
			t.Errorf("after %d deaths: %+v, asked %d times, %v", times, rep, reader.asked, err)
		}
	}
}

// TestReaderBreaksOff: an import that is stopped while a file is read says so,
// and takes nothing in.
func TestReaderBreaksOff(t *testing.T) {
	d := newDesk(t)
	name := filepath.Join(t.TempDir(), "a.pdf")
	if err := os.WriteFile(name, []byte("%PDF-1.7"), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rep, err := (&Documents{Importer: d.im, Reader: broken{context.Canceled}}).Take(t.Context(), name, f)
	if !errors.Is(err, context.Canceled) || rep.Added != 0 || len(rep.Refused) != 0 {
		t.Errorf("%+v, %v", rep, err)
	}
}
