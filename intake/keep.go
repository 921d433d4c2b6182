package intake

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"waymark/extract"
	"waymark/library"
)

// Keep keeps a file that a person brings for a record of theirs, and says what
// is known of it. It answers *extract.Refused for one that cannot be read, of
// which nothing is kept. The file is read in whole by the task of the edit that
// gives it to a record.
func (d *Documents) Keep(ctx context.Context, name string, file library.Blob) (library.File, error) {
	size, err := file.Seek(0, io.SeekEnd)
	if err != nil {
		return library.File{}, fmt.Errorf("read %s: %w", name, err)
	}
	first, err := d.read(ctx, name, file, size, extract.Ask{Pages: firstPages})
	if refused, ok := errors.AsType[*extract.Refused](err); ok {
		if !first.Locked { // what is encrypted is still a file of the work
			return library.File{}, refused
		}
	} else if err != nil {
		return library.File{}, fmt.Errorf("read %s: %w", name, err)
	}
	digest, size, err := d.Files.Put(ctx, io.NewSectionReader(file, 0, size))
	if err != nil {
		return library.File{}, fmt.Errorf("keep %s: %w", name, err)
	}
	return library.File{Digest: digest, Size: size, Name: filepath.Base(name), Type: first.Type, Pages: first.Count}, nil
}
