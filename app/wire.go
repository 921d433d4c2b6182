package app

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/oklog/ulid/v2"

	"waymark/access"
	"waymark/catalogue"
	"waymark/evidence"
	"waymark/files"
	"waymark/follow"
	"waymark/guide"
	"waymark/index"
	"waymark/indicator"
	"waymark/intake"
	"waymark/library"
	"waymark/locale"
	"waymark/profile"
	"waymark/search"
	"waymark/store"
	"waymark/terms"
	"waymark/usage"
	"waymark/vocabulary"
)

// house is the program wired together over one library's folder.
type house struct {
	store        *store.Store
	vocabularies *vocabulary.Vocabularies
	catalogue    *catalogue.Catalogue
	guides       *guide.Guides
	files        keeper
	porter       *access.Porter
	proxies      []netip.Prefix
	evidence     *evidence.Base
	indicators   *indicator.Base
	terms        *terms.Keeper
	messages     *locale.Catalog
	profile      *profile.Keeper
	journal      *access.Journal

	// Where the house was opened for searching:
	index    *index.Embedded
	searcher *search.Searcher
	follower *search.Follower

	press     *press            // nil where guides are not printed
	anyone    bool              // hands records in, also without an account
	documents *intake.Documents // takes files at the desk; nil where nobody is there to read them
	usage     *usage.Counter    // nil where nothing is counted
	follow    *follow.Office    // nil where no letters are sent

	background []func(context.Context) // what serve does beside answering
}

// open opens the library of a folder, which is made on first use.
func (c *Config) open(ctx context.Context) (*house, error) {
	vocabularies, err := c.vocabularies()
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(c.Data, 0o750); err != nil {
		return nil, fmt.Errorf("make the library's folder: %w", err)
	}
	st, err := store.Open(ctx, c.storePath())
	if err != nil {
		return nil, fmt.Errorf("open the library in %s: %w", c.Data, err)
	}
	kept, err := c.keeper(ctx)
	if err != nil {
		return nil, errors.Join(err, st.Close())
	}
	words, _, err := evidence.ReadWords()
	if err != nil {
		return nil, errors.Join(err, st.Close())
	}
	measures, err := indicator.ReadWords()
	if err != nil {
		return nil, errors.Join(err, st.Close())
	}
	h := &house{store: st, vocabularies: vocabularies, files: kept, catalogue: &catalogue.Catalogue{Store: st, History: st, Files: kept},
		guides:   &guide.Guides{Store: st, Render: guide.NewRenderer(), Now: time.Now, Entropy: rand.Reader},
		anyone:   c.Submissions == "anyone",
		evidence: &evidence.Base{Store: st, Words: words}, indicators: &indicator.Base{Store: st, Words: measures}}
	h.usage = c.counter(h)
	if err := c.govern(ctx, h); err != nil {
		return nil, errors.Join(err, st.Close())
	}
	if err := c.signIn(h); err != nil {
		return nil, errors.Join(err, st.Close())
	}
	return h, nil
}

// keeper is where the files of the library are kept; see files.Disk.
type keeper interface {
	intake.Files
	catalogue.Files
	Each(ctx context.Context, f func(files.Kept) error) error
	Use() (done func(), err error)
	Alone() (done func(), err error)
	Sweep() error
}

// keeper opens the place of the files: a folder or a bucket.
func (c *Config) keeper(ctx context.Context) (keeper, error) {
	folder, disk := strings.CutPrefix(c.Files, "disk:")
	switch {
	case c.Files == "":
		return files.OpenDisk(filepath.Join(c.Data, "files")), nil
	case disk && folder != "":
		return files.OpenDisk(folder), nil
	case strings.HasPrefix(c.Files, "s3://"):
		bucket, err := files.OpenS3(ctx, c.Files)
		if err != nil {
			return nil, err
		}
		return bucket, nil
	}
	return nil, library.Errorf(library.Invalid, "files are kept at %q: write disk:FOLDER or s3://HOST/BUCKET", c.Files)
}

// openSearch opens the library with its search index, which lacks what was
// edited since it was last written until the follower has caught up.
func (c *Config) openSearch(ctx context.Context) (h *house, err error) {
	h, err = c.open(ctx)
	if err != nil {
		return nil, err
	}
	engine, err := index.Open(c.indexPath(), search.Made(h.vocabularies))
	if err != nil {
		h.close(&err)
		return nil, fmt.Errorf("open the search index in %s: %w", c.indexPath(), err)
	}
	h.searchWith(engine)
	return h, nil
}

func (h *house) searchWith(engine *index.Embedded) {
	h.index = engine
	h.searcher = &search.Searcher{Index: engine, Vocabularies: h.vocabularies, Agents: h.catalogue, Titles: h.guides}
	h.follower = &search.Follower{Library: h.store, Index: engine, Vocabularies: h.vocabularies, Texts: h.catalogue, Guides: h.guides, Terms: h.terms}
}

// vocabularies loads the vocabularies, a librarian's own files first.
func (c *Config) vocabularies() (*vocabulary.Vocabularies, error) {
	own := os.DirFS(c.vocabularyPath())
	if _, err := fs.Stat(own, "."); errors.Is(err, fs.ErrNotExist) {
		own = nil
	}
	v, err := vocabulary.Load(own)
	if err != nil {
		return nil, fmt.Errorf("load the vocabularies (your own lie in %s): %w", c.vocabularyPath(), err)
	}
	return v, nil
}

// importer brings records into the house.
func (h *house) importer(actor string) *intake.Importer {
	return &intake.Importer{Store: h.store, Vocabularies: h.vocabularies, Now: time.Now, Entropy: entropy(), Actor: actor}
}

// entropy is the random part of new IDs, for use from any goroutine.
func entropy() io.Reader {
	return &ulid.LockedMonotonicReader{MonotonicReader: ulid.Monotonic(rand.Reader, 0)}
}

// close ends the house; an error matters, since it may stand for a lost write.
func (h *house) close(err *error) {
	h.porter.Finish()
	if e := h.keepCounts(); e != nil && *err == nil {
		*err = fmt.Errorf("keep the last counts of use: %w", e)
	}
	if h.index != nil {
		if e := h.index.Close(); e != nil && *err == nil {
			*err = fmt.Errorf("close the search index: %w", e)
		}
	}
	if e := h.store.Close(); e != nil && *err == nil {
		*err = fmt.Errorf("close the library: %w", e)
	}
}
