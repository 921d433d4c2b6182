package app

import (
	"context"
	"fmt"
	"time"

	"waymark/files"
	"waymark/library"
	"waymark/search"
)

type checkCommands struct {
	Library checkCommand      `cmd:"" default:"1" help:"Compare the library with its search index and its files (the default)."`
	Links   checkLinksCommand `cmd:"" help:"Visit the addresses of publications, politely, and list those that may be gone."`
}

type checkCommand struct{}

// Run compares the library with its search index and with its files, and says
// what differs. Files that nothing refers to are removed.
func (c *checkCommand) Run(ctx context.Context, cfg *Config, s streams) (err error) {
	h, err := cfg.openSearch(ctx)
	if err != nil {
		return err
	}
	defer h.close(&err)
	level, err := h.checkIndex(ctx, s)
	if err != nil {
		return err
	}
	whole, err := h.checkFiles(ctx, s)
	if err != nil {
		return err
	}
	if !level || !whole {
		return errRefused
	}
	return nil
}

// shownDifferences is how many differences check names one by one.
const shownDifferences = 100

func (h *house) checkIndex(ctx context.Context, s streams) (level bool, err error) {
	if damage := h.index.Verify(); damage != nil {
		fmt.Fprintln(s.out, damage)
		fmt.Fprintln(s.out, rebuild)
		return false, nil
	}
	if err := h.follower.CatchUp(ctx); err != nil {
		return false, err
	}
	differences := 0
	documents, err := h.follower.Check(ctx, func(d search.Difference) {
		if differences++; differences <= shownDifferences {
			fmt.Fprintf(s.out, "%s %s\n", d.ID, d.What)
		}
	})
	if err != nil {
		return false, err
	}
	if differences == 0 {
		fmt.Fprintf(s.out, "The search index holds the %d publications of the library as they are.\n", documents)
		return true, nil
	}
	fmt.Fprintf(s.out, "%d of %d publications differ in the search index.\n", differences, documents)
	fmt.Fprintln(s.out, rebuild)
	return false, nil
}

const rebuild = "Build it anew with: waymark reindex"

// checkFiles looks for files that records name and nobody keeps, and lets go of
// those that are kept and nobody names.
func (h *house) checkFiles(ctx context.Context, s streams) (whole bool, err error) {
	missing, named := 0, map[string]bool{}
	for after := library.ID(""); ; {
		entries, err := h.store.Scan(ctx, library.House(), library.KindResource, after, 1000)
		if err != nil {
			return false, err
		}
		for _, e := range entries {
			after = e.ID
			if e.Status == library.Merged {
				continue
			}
			r, err := library.ResourceOf(e)
			if err != nil {
				return false, err
			}
			for _, f := range r.Files {
				if named[f.Digest] {
					continue
				}
				named[f.Digest] = true
				blob, err := h.files.Open(ctx, f.Digest)
				if library.KindOf(err) == library.NotFound {
					missing++
					fmt.Fprintf(s.out, "%s: the file %s (%s) is missing: bring it in again with waymark import, or restore it from a backup\n", r.ID, f.Name, f.Digest)
					continue
				}
				if err != nil {
					return false, err
				}
				blob.Close()
			}
		}
		if len(entries) == 0 {
			break
		}
	}
	removed, err := h.removeOrphans(ctx, named)
	if library.KindOf(err) == library.Busy {
		fmt.Fprintln(s.out, "Files are being brought in: what nothing refers to is left until the next check.")
	} else if err != nil {
		return false, err
	}
	waiting, parked, err := h.store.Tasks(ctx, library.House())
	if err != nil {
		return false, err
	}
	for _, t := range parked {
		fmt.Fprintf(s.out, "%s %s waits for a person after %d tries: %s\n", t.Kind, t.Subject, t.Attempt, t.Error)
	}
	if len(named) > 0 || removed > 0 {
		fmt.Fprintf(s.out, "Of %d files %d are missing and %d wait to be read; %d that nothing refers to were removed.\n", len(named), missing, waiting, removed)
	}
	return missing == 0, nil
}

// uploadsLast is how long a file that somebody has brought waits to be saved
// with a record.
const uploadsLast = 90 * 24 * time.Hour

// removeOrphans removes the files that are not named and that no earlier
// revision can need: those of drafts that an interrupted import never made.
func (h *house) removeOrphans(ctx context.Context, named map[string]bool) (removed int, err error) {
	done, err := h.files.Alone()
	if err != nil {
		return 0, err
	}
	defer done()
	if err := h.files.Sweep(); err != nil {
		return 0, err
	}
	if err := h.store.ForgetUploads(ctx, library.House(), time.Now().Add(-uploadsLast)); err != nil {
		return 0, err
	}
	var orphans []string
	err = h.files.Each(ctx, func(k files.Kept) error {
		if named[k.Digest] {
			return nil
		}
		if brought, err := h.store.Uploaded(ctx, library.House(), k.Digest); err != nil || len(brought) > 0 {
			return err // somebody has not saved it yet
		}
		ever, err := h.store.Find(ctx, library.House(), library.KindResource, []library.Key{{Scheme: library.KeyFile, Value: k.Digest}}, 1)
		if err == nil && len(ever) == 0 {
			orphans = append(orphans, k.Digest)
		}
		return err
	})
	for _, digest := range orphans {
		if err == nil {
			err = h.files.Remove(ctx, digest)
		}
	}
	return len(orphans), err
}
