package app

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"waymark/guide"
	"waymark/library"
	"waymark/locale"
	"waymark/site"
)

// guideCommand is "waymark guide": what the desk does with guides.
type guideCommand struct {
	Import   guideImportCommand   `cmd:"" help:"Bring in a guide: a folder of Markdown with guide.toml, or an HTML or DOCX file. What is there already is updated."`
	List     guideListCommand     `cmd:"" help:"List the guides."`
	Issue    guideIssueCommand    `cmd:"" help:"Freeze a guide as its next edition."`
	Drift    guideDriftCommand    `cmd:"" help:"List what waits in the adaptations of a guide, the overdue changes on safety first."`
	Settle   guideSettleCommand   `cmd:"" help:"Answer a change of the framework in an adaptation."`
	Feedback guideFeedbackCommand `cmd:"" help:"List what readers said that nobody has decided on."`
	Check    guideCheckCommand    `cmd:"" help:"List links in guides that their readers cannot follow."`
	Export   guideExportCommand   `cmd:"" help:"Write a guide as an e-book (.epub) or as pages for reading offline (.zip), as an anonymous reader sees it."`
}

// withGuides opens the library for those who keep its guides.
func (c *Config) withGuides(ctx context.Context, do func(h *house, desk library.Viewer) error) (err error) {
	h, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer h.close(&err)
	desk := library.House()
	desk.Name = "waymark guide"
	return do(h, desk)
}

type guideImportCommand struct {
	Path      string   `arg:"" help:"Folder, or file ending in .html or .docx."`
	Slug      string   `help:"Of a file: the word of the guide in addresses; by default made of the file's name."`
	Title     string   `help:"Of a file: the guide's title; by default the document's."`
	Type      string   `help:"Of a file: handbook, manual, sop, toolkit or policy." default:"handbook"`
	Owner     string   `help:"Of a file: who keeps the guide."`
	Languages []string `help:"Of a file: the languages of the guide, its own first." default:"en"`
	Audience  string   `help:"Of a file: public or staff." default:"public" enum:"public,staff"`
	Class     string   `help:"Of a file that is there already: how heavy the changes are: editorial, clarification, substantive or safety-legal."`
	Summary   string   `help:"Of a file that is there already: what changed, in one line."`
}

// Run imports a folder or a document.
func (c *guideImportCommand) Run(ctx context.Context, cfg *Config, s streams) error {
	draft, err := c.draft()
	if err != nil {
		return err
	}
	return cfg.withGuides(ctx, func(h *house, desk library.Viewer) error {
		rep, err := h.guides.Import(ctx, desk, draft)
		if err != nil {
			return err
		}
		for _, w := range rep.Warnings {
			fmt.Fprintln(s.err, "waymark:", w)
		}
		fmt.Fprintf(s.out, "%s: %d entries and %d sections added, %d sections changed, %d as they were\n", rep.Slug, rep.Entries, rep.Added, rep.Changed, rep.Unchanged)
		if len(rep.Warnings) > 0 {
			return errRefused
		}
		return nil
	})
}

func (c *guideImportCommand) draft() (*guide.Draft, error) {
	info, err := os.Stat(c.Path)
	if err != nil {
		return nil, fmt.Errorf("read the guide: %w", err)
	}
	if info.IsDir() {
		return guide.ReadFolder(os.DirFS(c.Path))
	}
	f, err := os.Open(c.Path)
	if err != nil {
		return nil, fmt.Errorf("read the guide: %w", err)
	}
	defer f.Close()
	base := filepath.Base(c.Path)
	stem := strings.TrimSuffix(base, filepath.Ext(base))
	d := &guide.Draft{Slug: c.Slug, Type: library.GuideType(c.Type), Owner: c.Owner, Languages: c.Languages, Audience: library.Audience(c.Audience)}
	if d.Slug == "" {
		d.Slug = guide.Slug(stem)
	}
	if c.Title != "" {
		d.Titles = library.Text{c.Languages[0]: c.Title}
	}
	if err := d.Document(base, f, info.Size()); err != nil {
		return nil, err
	}
	d.Changed(library.ChangeClass(c.Class), c.Summary)
	return d, nil
}

type guideListCommand struct{}

// Run lists the guides with their entries and sections.
func (guideListCommand) Run(ctx context.Context, cfg *Config, s streams) error {
	return cfg.withGuides(ctx, func(h *house, desk library.Viewer) error {
		all, err := h.guides.List(ctx, desk)
		if err != nil {
			return err
		}
		for _, g := range all {
			title, _ := g.Titles.In("en", g.Language())
			fmt.Fprintf(s.out, "%-24s %-9s %-8s %-14s %s\n", g.Slug, g.Type, g.Audience, strings.Join(g.Languages, ","), title)
		}
		return nil
	})
}

type guideIssueCommand struct {
	Guide string `arg:"" help:"Word of the guide in addresses."`
	Date  string `help:"Of the edition; today by default." placeholder:"2026-01-31"`
	Note  string `help:"What the edition is about."`
}

// Run issues an edition.
func (c *guideIssueCommand) Run(ctx context.Context, cfg *Config, s streams) error {
	if c.Date == "" {
		c.Date = time.Now().UTC().Format(time.DateOnly)
	}
	date, err := library.ParseDate(c.Date)
	if err != nil {
		return err
	}
	return cfg.withGuides(ctx, func(h *house, desk library.Viewer) error {
		e, err := h.guides.Issue(ctx, desk, c.Guide, date, c.Note)
		if err == nil {
			fmt.Fprintf(s.out, "Edition %d of %s, %s: %d sections, SHA-256 %s\n", e.Number, c.Guide, e.Date, len(e.Items), e.Hash)
		}
		return err
	})
}

type guideDriftCommand struct {
	Guide string `arg:"" help:"Word of the framework in addresses."`
}

// Run lists what waits, by place.
func (c *guideDriftCommand) Run(ctx context.Context, cfg *Config, s streams) error {
	return cfg.withGuides(ctx, func(h *house, desk library.Viewer) error {
		o, err := h.guides.Open(ctx, desk, c.Guide, guide.When{})
		if err != nil {
			return err
		}
		all, err := h.guides.Standings(ctx, desk, o.ID)
		for _, st := range all {
			fmt.Fprintf(s.out, "%s: %d adopted, %d adapted, %d added, %d omitted; %d waiting, %d on safety or law, %d of them overdue\n",
				st.Guide.Slug, st.Adopted, st.Adapted, st.Added, st.Omitted, st.Waiting, st.Safety, st.LateSafe)
			for _, r := range st.Sections {
				if r.Drift.State.Waiting() {
					due := ""
					if !r.Drift.Due.IsZero() {
						due = "due " + r.Drift.Due.Format(time.DateOnly)
					}
					fmt.Fprintf(s.out, "  %s  %-10s %-13s %-14s %s\n", r.ID, r.Drift.State, r.Drift.Class, due, r.Name)
				}
			}
		}
		return err
	})
}

type guideSettleCommand struct {
	Guide     string `arg:"" help:"Word of the adaptation in addresses."`
	Section   string `arg:"" optional:"" help:"ID of the section, as drift lists it."`
	Accept    bool   `help:"Take the framework's text as it stands now."`
	Keep      bool   `help:"Keep what the place has; say why with --reason."`
	Merge     string `help:"Take a text that you have read and edited; show writes one to begin with." type:"existingfile" placeholder:"FILE"`
	Show      bool   `help:"Print the proposed text of a merge."`
	Reason    string `help:"Why."`
	Editorial bool   `help:"Accept every change that is editorial, in all inherited sections."`
}

// Run answers a change.
func (c *guideSettleCommand) Run(ctx context.Context, cfg *Config, s streams) error {
	return cfg.withGuides(ctx, func(h *house, desk library.Viewer) error {
		o, err := h.guides.Open(ctx, desk, c.Guide, guide.When{})
		if err != nil {
			return err
		}
		if c.Editorial {
			n, err := h.guides.AcceptEditorial(ctx, desk, o)
			fmt.Fprintf(s.out, "%d sections settled\n", n)
			return err
		}
		readings, err := h.guides.Sections(ctx, o, "", o.Language())
		if err != nil {
			return err
		}
		for _, r := range readings {
			if string(r.ID) == c.Section {
				return c.settle(ctx, h, desk, o, r, s)
			}
		}
		return library.Errorf(library.NotFound, "%s has no section %q: waymark guide drift lists them", c.Guide, c.Section)
	})
}

func (c *guideSettleCommand) settle(ctx context.Context, h *house, desk library.Viewer, o *guide.Opened, r guide.Reading, s streams) error {
	p, err := h.guides.Propose(ctx, o, r)
	if err != nil {
		return err
	}
	a := guide.Answer{Section: r.ID, Read: r.Version, Saw: p.Saw, Reason: c.Reason, Heading: p.Local.Heading}
	switch {
	case c.Show:
		fmt.Fprintln(s.out, p.Text)
		return nil
	case c.Accept:
		a.Resolution = guide.Accepted
	case c.Keep:
		a.Resolution = guide.Kept
	case c.Merge != "":
		body, err := os.ReadFile(c.Merge)
		if err != nil {
			return fmt.Errorf("read the merged text: %w", err)
		}
		a.Resolution, a.Body = guide.Joined, strings.TrimSpace(string(body))
	}
	return h.guides.Settle(ctx, desk, a)
}

type guideFeedbackCommand struct{}

// Run lists open feedback.
func (guideFeedbackCommand) Run(ctx context.Context, cfg *Config, s streams) error {
	return cfg.withGuides(ctx, func(h *house, desk library.Viewer) error {
		open, err := h.guides.Feedback(ctx, desk)
		for _, f := range open {
			fmt.Fprintf(s.out, "%s  %s  %-9s section %s (%s)\n%s\n\n", f.ID, f.Created.Format(time.DateOnly), f.Kind, f.Section, f.Lang, f.Text)
		}
		return err
	})
}

type guideCheckCommand struct{}

// Run lists broken links.
func (guideCheckCommand) Run(ctx context.Context, cfg *Config, s streams) error {
	return cfg.withGuides(ctx, func(h *house, desk library.Viewer) error {
		broken, err := h.guides.BrokenLinks(ctx, desk)
		for _, b := range broken {
			fmt.Fprintf(s.out, "%s  %s (%s): %s\n", b.Section.ID, b.Section.Name, b.Lang, b.To)
		}
		if err == nil && len(broken) > 0 {
			return errRefused
		}
		return err
	})
}

type guideExportCommand struct {
	Guide   string `arg:"" help:"Word of the guide in addresses."`
	File    string `arg:"" help:"File to write, ending in .epub or .zip."`
	Lang    string `help:"Language." default:"en"`
	Edition int    `help:"Number of an edition; what stands by default."`
}

// Run writes a book.
func (c *guideExportCommand) Run(ctx context.Context, cfg *Config, s streams) (err error) {
	h, err := cfg.open(ctx)
	if err != nil {
		return err
	}
	defer h.close(&err)
	o, err := h.guides.Open(ctx, library.Viewer{}, c.Guide, guide.When{Edition: c.Edition})
	if err != nil {
		return err
	}
	write, err := h.book(ctx, o, c.Lang, cfg.URL, filepath.Ext(c.File))
	if err != nil {
		return err
	}
	f, err := os.Create(c.File)
	if err != nil {
		return fmt.Errorf("write the book: %w", err)
	}
	if err := write(f); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

// book gives what writes a guide in a language, by the ending of a file's name.
func (h *house) book(ctx context.Context, o *guide.Opened, lang, origin, ending string) (func(io.Writer) error, error) {
	words, ok := h.messages.Language(lang)
	if !ok {
		words, _ = h.messages.Language(locale.Default)
	}
	if origin == "" {
		origin = "http://localhost:8080"
	}
	book, err := h.guides.Book(ctx, o, lang, strings.TrimSuffix(origin, "/"), site.BookWords(words, o))
	if err != nil {
		return nil, err
	}
	switch ending {
	case ".epub":
		return book.EPUB, nil
	case ".zip":
		return book.Pages, nil
	}
	return nil, library.Errorf(library.Invalid, "the file ends in %q: write .epub or .zip", ending)
}
