package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"waymark/guide"
	"waymark/library"
	"waymark/locale"
	"waymark/site"
)

// press prints the latest edition of each public guide as a tagged PDF, in the
// background, with a Chromium that has no way to any network. What it printed is
// kept by what an anonymous reader may see of the edition: as soon as that is
// something else, the file is not given any more, and made anew.
type press struct {
	house   *house
	browser string // path of the program
	folder  string
	origin  string // of the library, for addresses in print
}

// printTime is how long one guide may take.
const printTime = 2 * time.Minute

// press gives the press of the house, nil where no Chromium is.
func (c *Config) press(h *house) *press {
	path, err := exec.LookPath(cmp.Or(c.Chromium, "chromium"))
	if err != nil && c.Chromium == "" {
		path, err = exec.LookPath("google-chrome")
	}
	if c.Chromium == "off" || err != nil {
		if c.Chromium != "" && c.Chromium != "off" {
			slog.Warn("guides are not printed, for the Chromium of the settings is not there", "chromium", c.Chromium, "err", err)
		}
		return nil
	}
	origin := strings.TrimSuffix(c.URL, "/")
	return &press{house: h, browser: path, folder: filepath.Join(c.cachePath(), "print"), origin: cmp.Or(origin, "http://"+c.Listen)}
}

// run prints what is not printed yet, whenever the library has changed.
func (p *press) run(ctx context.Context, changed func() <-chan struct{}) {
	failed := map[string]bool{} // not tried again by this process
	for {
		wake := changed()
		if err := p.all(ctx, failed); err != nil && ctx.Err() == nil {
			slog.Error("guides are not printed", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-wake:
		}
		select { // what is changed at once is printed at once
		case <-ctx.Done():
			return
		case <-time.After(calm):
		}
	}
}

// calm is how long the press waits for more changes.
const calm = 3 * time.Second

// all prints the latest edition of each guide that is public, in each language
// that it is in, and removes what nobody may have any more.
func (p *press) all(ctx context.Context, failed map[string]bool) error {
	guides, err := p.house.guides.List(ctx, library.Viewer{})
	if err != nil {
		return err
	}
	var wanted []string
	for _, g := range guides {
		books, err := p.books(ctx, g.Slug)
		if err != nil {
			return err
		}
		for _, b := range books {
			name := fileOfBook(b)
			wanted = append(wanted, name)
			if _, err := os.Stat(filepath.Join(p.folder, name)); err == nil || failed[name] {
				continue
			}
			if err := p.print(ctx, b); err != nil {
				failed[name] = true
				slog.Error("a guide is not printed", "guide", b.Slug, "lang", b.Lang, "err", err)
			}
		}
	}
	return p.sweep(wanted)
}

// books gives the latest edition of a guide as an anonymous reader sees it, in
// each of its languages that has something of its own.
func (p *press) books(ctx context.Context, slug string) ([]*guide.Book, error) {
	o, err := p.house.guides.Open(ctx, library.Viewer{}, slug, guide.When{})
	if library.KindOf(err) == library.NotFound || err == nil && len(o.Editions) == 0 {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	messages, err := locale.Load()
	if err != nil {
		return nil, err
	}
	if o, err = p.house.guides.Open(ctx, library.Viewer{}, slug, guide.When{Edition: o.Editions[0].Number}); err != nil {
		return nil, err
	}
	var all []*guide.Book
	for _, lang := range o.Languages {
		words, ok := messages.Language(lang)
		if !ok {
			words, _ = messages.Language(locale.Default)
		}
		b, err := p.house.guides.Book(ctx, o, lang, p.origin, site.BookWords(words, o))
		if err != nil {
			return nil, err
		}
		all = append(all, b)
	}
	return all, nil
}

// fileOfBook names the file of a printed book: edition, language, and what it says.
func fileOfBook(b *guide.Book) string { return b.Hash + "-" + b.Lang + "-" + b.Key()[:32] + ".pdf" }

// print makes one file. The page that Chromium is given lies beside its own
// folder, which is thrown away with it.
func (p *press) print(ctx context.Context, b *guide.Book) error {
	ctx, stop := context.WithTimeout(ctx, printTime)
	defer stop()
	if err := os.MkdirAll(p.folder, 0o750); err != nil {
		return fmt.Errorf("make the folder of what is printed: %w", err)
	}
	work, err := os.MkdirTemp(p.folder, "work-")
	if err != nil {
		return fmt.Errorf("make a folder to print in: %w", err)
	}
	defer os.RemoveAll(work)
	if work, err = filepath.Abs(work); err != nil {
		return fmt.Errorf("find the folder to print in: %w", err)
	}
	page, out := filepath.Join(work, "page.html"), filepath.Join(work, "out.pdf")
	if err := os.WriteFile(page, []byte(b.Whole()), 0o600); err != nil {
		return fmt.Errorf("write the page to print: %w", err)
	}
	cmd := exec.CommandContext(ctx, p.browser, arguments(work, page, out)...)
	cmd.WaitDelay = 5 * time.Second
	if said, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("print with %s: %w: %s", p.browser, err, tail(said))
	}
	if info, err := os.Stat(out); err != nil || info.Size() == 0 {
		return errors.Join(errors.New("the browser printed nothing"), err)
	}
	if err := os.Rename(out, filepath.Join(p.folder, fileOfBook(b))); err != nil {
		return fmt.Errorf("keep what was printed: %w", err)
	}
	return nil
}

// arguments start a Chromium that prints one page and can ask nobody: every name
// is unknown to it, and its proxy is not there.
func arguments(work, page, out string) []string {
	args := []string{"--headless", "--disable-gpu", "--no-first-run", "--user-data-dir=" + filepath.Join(work, "profile"), "--disable-dev-shm-usage",
		"--host-resolver-rules=MAP * ~NOTFOUND", "--proxy-server=127.0.0.1:1", "--disable-background-networking", "--disable-component-update",
		"--disable-sync", "--disable-extensions", "--no-pdf-header-footer", "--export-tagged-pdf", "--generate-pdf-document-outline",
		"--print-to-pdf=" + out, (&url.URL{Scheme: "file", Path: page}).String()}
	if os.Geteuid() == 0 { // its sandbox cannot be had there, as in most containers
		args = append([]string{"--no-sandbox"}, args...)
	}
	return args
}

// tail gives the end of what a program said.
func tail(said []byte) string { return strings.TrimSpace(string(said[max(0, len(said)-500):])) }

// sweep removes what was printed and is not wanted any more.
func (p *press) sweep(wanted []string) error {
	files, err := os.ReadDir(p.folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read the folder of what is printed: %w", err)
	}
	for _, f := range files {
		if strings.HasSuffix(f.Name(), ".pdf") && !slices.Contains(wanted, f.Name()) {
			if err := os.Remove(filepath.Join(p.folder, f.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return fmt.Errorf("remove what is out of print: %w", err)
			}
		}
	}
	return nil
}

// Printed tells whether there is a print of an edition in a language.
func (p *press) Printed(e *library.Edition, lang string) bool {
	files, err := filepath.Glob(filepath.Join(p.folder, e.Hash+"-"+lang+"-*.pdf"))
	return err == nil && len(files) > 0
}

// Open gives the print of an edition of a guide as it is for everyone, or
// NotFound: of what it was before something in it was closed, nothing is given.
func (p *press) Open(ctx context.Context, slug string, number int, lang string) (io.ReadSeekCloser, error) {
	books, err := p.books(ctx, slug)
	if err != nil {
		return nil, err
	}
	for _, b := range books {
		if b.Lang != lang || b.Edition != number {
			continue
		}
		f, err := os.Open(filepath.Join(p.folder, fileOfBook(b)))
		if errors.Is(err, fs.ErrNotExist) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("open a printed guide: %w", err)
		}
		return f, nil
	}
	return nil, library.Errorf(library.NotFound, "edition %s of %s is not printed in %q", strconv.Itoa(number), slug, lang)
}
