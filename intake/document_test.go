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
