package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"runtime/debug"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"waymark/format"
	"waymark/intake"
	"waymark/library"
)

type importCommand struct {
	Files   []string `arg:"" name:"file" help:"Files to read, or folders of them: documents (PDF, DOCX, ODT, PPTX, XLSX, EPUB, HTML, Markdown, pictures), files of records in any of the formats below, or a topic page of the portal saved as text. A workbook whose headings are known (a title and one more) holds records, and so does a web page that describes a work (citation_title, schema.org)."`
	Format  string   `help:"Form of the records, if it is not to be told by the content: auto, ${formats}." default:"auto"`
	Mapping string   `help:"CSV file that says which heading of a table is which field: heading,field in each line." placeholder:"FILE"`
	Map     string   `help:"File that says what the words of the records become: ${rules}" placeholder:"FILE"`
	DryRun  bool     `help:"Say what would happen and write nothing."`
	Staff   bool     `help:"The documents are for staff only."`
	Publish bool     `help:"Publish the resources that documents make, which otherwise wait as drafts for a curator."`
}

// Run imports each file and reports what became of every record.
func (c *importCommand) Run(ctx context.Context, cfg *Config, s streams) (err error) {
	h, err := cfg.open(ctx)
	if err != nil {
		return err
	}
	defer h.close(&err)
	defer debug.SetGCPercent(debug.SetGCPercent(50)) // a machine that imports has other work: a quarter less memory for a fifteenth of the time
	actor := "waymark import, " + userName()
	im := h.importer(actor)
	im.DryRun = c.DryRun
	options, err := c.options()
	if err != nil {
		return err
	}
	if c.Map != "" {
		if options.Rules, _, err = h.readRules(c.Map); err != nil {
			return err
		}
	}
	opened, refused := 0, false
	cannot := func(name string, err error) {
		fmt.Fprintf(s.err, "%s: %v\n", name, err)
		refused = true
	}
	var documents []string
	for _, f := range find(c.Files, options, cannot) {
		if f.document && c.Format == "auto" {
			documents = append(documents, f.name)
			opened++
			continue
		}
		rep, err := h.importFile(ctx, im, f.name, options, s)
		if cannotOpen, ok := errors.AsType[*cannotOpen](err); ok {
			cannot(f.name, cannotOpen)
			continue
		}
		report(s.out, rep, c.DryRun)
		if err != nil {
			return err
		}
		opened++
		refused = refused || len(rep.Refused) > 0
	}
	if len(documents) > 0 {
		n, err := c.documents(ctx, cfg, h, actor, documents, s)
		if err != nil {
			return err
		}
		refused = refused || n > 0
	}
	switch {
	case opened == 0:
		return errors.New("no file could be opened: nothing was imported")
	case refused:
		return errRefused
	}
	return nil
}

// options are what the flags say of the form of records.
func (c *importCommand) options() (format.Options, error) {
	o := format.Options{Format: c.Format}
	if c.Format != "auto" {
		if _, err := format.Named(c.Format); err != nil {
			return o, err
		}
	}
	if c.Mapping == "" {
		return o, nil
	}
	f, err := os.Open(c.Mapping)
	if err != nil {
		return o, fmt.Errorf("read the mapping: %w", err)
	}
	defer f.Close()
	o.Mapping, err = format.Mapping(f)
	return o, err
}

// documents brings in documents and reads their text.
func (c *importCommand) documents(ctx context.Context, cfg *Config, h *house, actor string, names []string, s streams) (refused int, err error) {
	reader, err := cfg.reader()
	if err != nil {
		return 0, err
	}
	defer reader.Close()
	d, err := cfg.documents(ctx, h, actor, reader)
	if err != nil {
		return 0, err
	}
	d.DryRun, d.Publish = c.DryRun, c.Publish
	if c.Staff {
		d.Audience = library.Staff
	}
	done, err := h.files.Use()
	if err != nil {
		return 0, err
	}
	defer done()
	refused, err = h.takeAll(ctx, d, names, s)
	if err != nil || c.DryRun {
		return refused, err
	}
	return refused, h.readAll(ctx, d, s)
}

// cannotOpen says that a file as a whole is not to be read.
type cannotOpen struct{ reason string }

func (e *cannotOpen) Error() string { return e.reason }

func (h *house) importFile(ctx context.Context, im *intake.Importer, name string, o format.Options, s streams) (intake.Report, error) {
	f, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return intake.Report{}, &cannotOpen{"there is no such file"}
	}
	if err != nil {
		return intake.Report{}, &cannotOpen{fmt.Sprintf("cannot be opened: %v", err)}
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return intake.Report{}, &cannotOpen{fmt.Sprintf("cannot be opened: %v", err)}
	}
	if info.IsDir() {
		return intake.Report{}, &cannotOpen{"is a folder: name the files in it"}
	}
	progress := newProgress(s.err, filepath.Base(name), info.Size())
	im.Progress = progress.read
	defer progress.end()
	o.IsTopic = func(heading string) bool {
		_, ok := h.vocabularies.Topics.Find(heading)
		return ok
	}
	return im.Import(ctx, filepath.Base(name), o.Rules.Drafts(format.Read(io.TeeReader(f, progress.bytes), o)))
}

// progress shows how far the reading of a file is: a bar on a terminal, a
// plain line every so many records elsewhere.
type progress struct {
	w     io.Writer
	name  string
	bar   *progressbar.ProgressBar
	bytes io.Writer
}

// plainEvery is the number of records between two plain lines.
const plainEvery = 1000

func newProgress(w io.Writer, name string, size int64) *progress {
	p := &progress{w: w, name: name, bytes: io.Discard}
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		p.bar = progressbar.NewOptions64(size, progressbar.OptionSetWriter(w), progressbar.OptionSetDescription(name),
			progressbar.OptionShowBytes(true), progressbar.OptionClearOnFinish())
		p.bytes = p.bar
	}
	return p
}

func (p *progress) read(records int) {
	if p.bar == nil && records%plainEvery == 0 {
		fmt.Fprintf(p.w, "%s: %d records read\n", p.name, records)
	}
}

func (p *progress) end() {
	if p.bar != nil {
		_ = p.bar.Finish() // it only clears a line of the terminal
	}
}

// report prints what became of a file, every record that was not simply added
// by its line.
func report(w io.Writer, rep intake.Report, dry bool) {
	title := rep.Source
	if dry {
		title += " (dry run: nothing was written)"
	}
	fmt.Fprintln(w, title)
	for _, n := range []struct {
		label string
		count int
	}{{"read", rep.Read}, {"added", rep.Added}, {"already there", rep.There()}, {"changed", rep.Updated},
		{"suspected duplicates", len(rep.Suspected)}, {"refused", len(rep.Refused)}, {"warnings", len(rep.Warnings)}} {
		fmt.Fprintf(w, "  %-21s %d\n", n.label, n.count)
	}
	for _, p := range rep.Joined {
		back := ""
		if p.ID != "" && !dry {
			back = "; to take it back: waymark unmerge " + string(p.ID)
		}
		if p.Title == p.Other {
			fmt.Fprintf(w, "  line %d: joined to a work that is there: %q; what the source says is kept beside it%s\n", p.Line, p.Title, back)
			continue
		}
		fmt.Fprintf(w, "  line %d: joined to a work that is there: %q is %q (%s); both forms are kept%s\n", p.Line, p.Title, p.Other, p.Reason, back)
	}
	for _, p := range rep.Suspected {
		fmt.Fprintf(w, "  line %d: suspected duplicate, added as its own record: %q beside %q (%s)\n", p.Line, p.Title, p.Other, p.Reason)
	}
	notes := func(label string, notes []intake.Note) {
		for _, n := range notes {
			if n.Line == 0 {
				fmt.Fprintf(w, "  %s: %s\n", label, n.Text)
				continue
			}
			also := ""
			if n.More > 0 {
				also = fmt.Sprintf(" (and %d times more)", n.More)
			}
			fmt.Fprintf(w, "  line %d: %s: %s%s\n", n.Line, label, n.Text, also)
		}
	}
	notes("refused", rep.Refused)
	notes("warning", rep.Warnings)
}

// userName names the person at the terminal for the record of edits.
func userName() string {
	u, err := user.Current()
	if err != nil {
		return "somebody"
	}
	return u.Username
}
