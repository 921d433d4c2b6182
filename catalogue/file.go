package catalogue

import (
	"context"
	"fmt"
	"io"

	"waymark/extract"
	"waymark/library"
)

// Files is where the files of the library and what was made of them are kept.
// Both answer NotFound for what is not there.
type Files interface {
	Open(ctx context.Context, digest string) (library.Blob, error)
	Derived(ctx context.Context, digest, name string) (library.Blob, error)
}

// File opens a file of a resource, to be closed by the caller. It answers
// NotFound, Moved or Gone as Record does, and NotFound when the resource has no
// such file for the viewer.
func (c *Catalogue) File(ctx context.Context, v library.Viewer, id library.ID, digest string) (library.File, library.Blob, error) {
	file, err := c.file(ctx, v, id, digest)
	if err != nil {
		return library.File{}, nil, err
	}
	blob, err := c.Files.Open(ctx, digest)
	return file, blob, err
}

// Cover opens the picture of a file's first page, as PNG at a scale, to be
// closed by the caller. Errors are those of File.
func (c *Catalogue) Cover(ctx context.Context, v library.Viewer, id library.ID, digest string, scale int) (library.File, library.Blob, error) {
	file, err := c.file(ctx, v, id, digest)
	if err != nil {
		return library.File{}, nil, err
	}
	blob, err := c.Files.Derived(ctx, digest, extract.CoverName(scale))
	return file, blob, err
}

func (c *Catalogue) file(ctx context.Context, v library.Viewer, id library.ID, digest string) (library.File, error) {
	rec, err := c.Record(ctx, v, id)
	if err != nil {
		return library.File{}, err
	}
	for _, f := range rec.Files {
		if f.Digest == digest {
			return f, nil
		}
	}
	return library.File{}, library.Errorf(library.NotFound, "the resource %s has no file %s", id, digest)
}

// Pages gives the text of some pages of a file that the viewer was given with
// its record, in the order asked; pages without text are left out.
func (c *Catalogue) Pages(ctx context.Context, file library.File, numbers []int) ([]extract.Page, error) {
	pages, done, err := c.open(ctx, file)
	if err != nil {
		return nil, err
	}
	defer done()
	var out []extract.Page
	for _, n := range numbers {
		p, err := pages.Page(n)
		if library.KindOf(err) == library.NotFound {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("read page %d of the file %s: %w", n, file.Digest, err)
		}
		out = append(out, p)
	}
	return out, nil
}

// Text gives the text of all pages of a file.
func (c *Catalogue) Text(ctx context.Context, file library.File) ([]extract.Page, error) {
	pages, done, err := c.open(ctx, file)
	if err != nil {
		return nil, err
	}
	defer done()
	return pages.All()
}

func (c *Catalogue) open(ctx context.Context, file library.File) (*extract.Pages, func(), error) {
	blob, err := c.Files.Derived(ctx, file.Digest, extract.PagesName)
	if err != nil {
		return nil, nil, fmt.Errorf("open the text of the file %s: %w", file.Digest, err)
	}
	size, err := blob.Seek(0, io.SeekEnd)
	if err == nil {
		var pages *extract.Pages
		if pages, err = extract.OpenPages(blob, size); err == nil {
			return pages, func() { blob.Close() }, nil
		}
	}
	blob.Close()
	return nil, nil, fmt.Errorf("open the text of the file %s: %w", file.Digest, err)
}
