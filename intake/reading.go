package intake

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"waymark/analysis"
	"waymark/extract"
	"waymark/library"
)

// ReadFile does a task of the kind library.TaskRead: it reads the whole text of
// a file and draws its cover, keeps both beside it, and says so in every
// resource that has the file. Doing it again does no harm.
func (d *Documents) ReadFile(ctx context.Context, digest string) error {
	holders, err := d.holders(ctx, digest)
	if err != nil || len(holders) == 0 {
		return err
	}
	name := ""
	for _, f := range holders[0].Files {
		if f.Digest == digest {
			name = f.Name
		}
	}
	read, err := d.readFile(ctx, digest, name)
	if err != nil {
		return err
	}
	for try := 1; ; try++ {
		err := d.noteReading(ctx, read, holders)
		if library.KindOf(err) != library.Conflict || try == tries {
			return err
		}
		if holders, err = d.holders(ctx, digest); err != nil {
			return err
		}
	}
}

func (d *Documents) holders(ctx context.Context, digest string) ([]*library.Resource, error) {
	entries, err := d.having(ctx, digest)
	if err != nil {
		return nil, fmt.Errorf("look for the resources of the file %s: %w", digest, err)
	}
	var holders []*library.Resource
	for _, e := range entries {
		r, err := library.ResourceOf(e)
		if err != nil {
			return nil, err
		}
		holders = append(holders, r)
	}
	return holders, nil
}

// readFile reads a file and keeps what was read. The File it gives holds what
// is to be said of it.
func (d *Documents) readFile(ctx context.Context, digest, name string) (read library.File, err error) {
	read = library.File{Digest: digest, Text: library.TextRead}
	f, err := d.Files.Open(ctx, digest)
	if err != nil {
		return read, fmt.Errorf("open the file %s: %w", digest, err)
	}
	defer f.Close()
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return read, fmt.Errorf("open the file %s: %w", digest, err)
	}
	doc, err := d.Reader.Read(ctx, name, io.NewSectionReader(f, 0, size), size, extract.Ask{Cover: true})
	if refused, ok := errors.AsType[*extract.Refused](err); ok {
		read.Text, read.Note = library.TextRefused, refused.Reason
	} else if err != nil {
		return read, fmt.Errorf("read the file %s: %w", digest, err)
	}
	read.Type, read.Pages = doc.Type, doc.Count
	for _, c := range doc.Covers {
		if err := d.Files.Derive(ctx, digest, extract.CoverName(c.Scale), bytes.NewReader(c.PNG)); err != nil {
			return read, err
		}
		read.Cover = true
	}
	if len(doc.Pages) == 0 && read.Text == library.TextRead {
		read.Text = library.TextNone
	}
	if read.Text != library.TextRead {
		return read, nil
	}
	packed, err := extract.PackPages(doc.Pages)
	if err != nil {
		return read, err
	}
	var sample bytes.Buffer
	for _, p := range doc.Pages {
		if sample.WriteString(p.Text); sample.Len() > 20_000 {
			break
		}
	}
	if lang, confidence := analysis.Detect(sample.String()); confidence >= sure {
		read.Language = lang
	}
	return read, d.Files.Derive(ctx, digest, extract.PagesName, bytes.NewReader(packed))
}

// noteReading says in resources how the reading of a file went.
func (d *Documents) noteReading(ctx context.Context, read library.File, holders []*library.Resource) error {
	var changes []library.Change
	for _, r := range holders {
		for i := range r.Files {
			f := &r.Files[i]
			if f.Digest != read.Digest {
				continue
			}
			f.Pages, f.Cover, f.Text, f.Note = read.Pages, read.Cover, read.Text, read.Note
			if read.Type != "" {
				f.Type = read.Type
			}
			if f.Language == "" {
				f.Language = read.Language
			}
		}
		e, err := r.Entry()
		if err != nil {
			return err
		}
		changes = append(changes, library.Change{Read: r.Version, Entry: e})
	}
	if len(changes) == 0 {
		return nil
	}
	_, err := d.Store.Commit(ctx, library.Edit{At: d.Now(), Actor: "waymark", Action: "read", Note: read.Digest, Changes: changes})
	if err != nil {
		return fmt.Errorf("note the reading of %s: %w", read.Digest, err)
	}
	return nil
}
