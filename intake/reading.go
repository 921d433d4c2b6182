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

// Recognise reads the picture of a page, given as PNG, in a language by its
// BCP 47 tag, "" where it is not known; see extract.OCR.
type Recognise func(ctx context.Context, png []byte, lang string) (string, error)

// ReadFile does a task of the kind library.TaskRead: it reads the whole text of
// a file and draws its cover, keeps both beside it, and says so in every
// resource that has the file. Doing it again does no harm.
func (d *Documents) ReadFile(ctx context.Context, digest string) error {
	holders, err := d.holders(ctx, digest)
	if err != nil || len(holders) == 0 {
		return err
	}
	file := library.File{Digest: digest}
	for _, f := range holders[0].Files {
		if f.Digest == digest {
			file = f
		}
	}
	spoken := file.Language // for want of another, a scan is read in the language of the work
	if spoken == "" && len(holders[0].Languages) > 0 {
		spoken = holders[0].Languages[0]
	}
	read, err := d.readFile(ctx, file, spoken)
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

// readFile reads a file, scans in the language spoken, and keeps what was read.
// The File it gives holds what is to be said of it.
func (d *Documents) readFile(ctx context.Context, file library.File, spoken string) (read library.File, err error) {
	read = library.File{Digest: file.Digest, Language: file.Language, Text: library.TextRead}
	f, err := d.Files.Open(ctx, file.Digest)
	if err != nil {
		return read, fmt.Errorf("open the file %s: %w", file.Digest, err)
	}
	defer f.Close()
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return read, fmt.Errorf("open the file %s: %w", file.Digest, err)
	}
	ask := extract.Ask{Cover: true}
	if d.Recognise != nil {
		ask.Recognise = func(ctx context.Context, png []byte) (string, error) { return d.Recognise(ctx, png, spoken) }
	}
	doc, err := d.read(ctx, file.Name, f, size, ask)
	if refused, ok := errors.AsType[*extract.Refused](err); ok {
		read.Text, read.Note = library.TextRefused, refused.Reason
	} else if err != nil {
		return read, fmt.Errorf("read the file %s: %w", file.Digest, err)
	}
	read.Type, read.Pages, read.Recognised = doc.Type, doc.Count, len(doc.Drawn) > 0
	for _, c := range doc.Covers {
		if err := d.Files.Derive(ctx, file.Digest, extract.CoverName(c.Scale), bytes.NewReader(c.PNG)); err != nil {
			return read, err
		}
		read.Cover = true
	}
	if len(doc.Pages) == 0 && read.Text == library.TextRead {
		read.Text, read.Note = library.TextNone, doc.Unread
	}
	if read.Text != library.TextRead {
		return read, nil
	}
	inLanguages(&read, doc.Pages)
	packed, err := extract.PackPages(doc.Pages)
	if err != nil {
		return read, err
	}
	return read, d.Files.Derive(ctx, file.Digest, extract.PagesName, bytes.NewReader(packed))
}

const (
	sampled = 20_000 // bytes of text by which the language of a file is told
	// surePage is the confidence from which a page is taken to be in another
	// language than its file.
	surePage = 0.9
)

// inLanguages tells the language of a text, where nobody has said it, and those
// of its pages that differ.
func inLanguages(file *library.File, pages []extract.Page) {
	if file.Language == "" {
		var sample bytes.Buffer
		for _, p := range pages {
			if sample.WriteString(p.Text); sample.Len() > sampled {
				break
			}
		}
		if lang, confidence := analysis.Detect(sample.String()); confidence >= sure {
			file.Language = lang
		}
	}
	for _, p := range pages {
		if lang, confidence := analysis.Detect(p.Text); confidence >= surePage {
			file.NotePage(p.Number, lang)
		}
	}
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
			f.Pages, f.Cover, f.Text, f.Note, f.Parts, f.Recognised = read.Pages, read.Cover, read.Text, read.Note, read.Parts, read.Recognised
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
