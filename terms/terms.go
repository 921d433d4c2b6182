// Package terms keeps what administrators change about the vocabularies. Each
// term that was changed is an entry whose every version is kept; all of them
// together are the amendments in force.
package terms

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/oklog/ulid/v2"

	"waymark/library"
	"waymark/shelf"
	"waymark/vocabulary"
)

// Kind is the kind of entries that are terms; their body is a
// vocabulary.Amendment.
const Kind library.Kind = "term"

// Store is what is read and changed of the library.
type Store interface {
	shelf.Store
	Revisions(ctx context.Context, v library.Viewer, id library.ID) ([]library.Edit, error)
	Commit(ctx context.Context, e library.Edit) (library.Edit, error)
}

// Keeper keeps terms. Its methods may be called from any goroutine; those that
// change a term answer Forbidden to all but administrators, Invalid for what no
// term may be, and Conflict when another changed it meanwhile.
type Keeper struct {
	Store        Store
	Vocabularies *vocabulary.Vocabularies
	Now          func() time.Time

	mu    sync.Mutex
	shelf *shelf.Shelf
	kept  map[library.ID]kept
}

// kept is a term as it stands, with its version.
type kept struct {
	vocabulary.Amendment
	version int64
}

// idOf names the entry of a term: the first 128 bits of a digest, so that two
// who amend one term at once meet.
func idOf(list, code string) library.ID {
	sum := sha256.Sum256([]byte("term\x00" + list + "\x00" + code))
	return library.ID(ulid.ULID(sum[:16]).String())
}

// Level puts in force what was changed since it was called last.
func (k *Keeper) Level(ctx context.Context) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.level(ctx)
}

func (k *Keeper) level(ctx context.Context) error {
	if k.shelf == nil {
		k.shelf, k.kept = &shelf.Shelf{Store: k.Store, Kinds: []library.Kind{Kind}}, map[library.ID]kept{}
	}
	changed := false
	_, err := k.shelf.Level(ctx, func(e library.Entry) error {
		one := kept{version: e.Version}
		if err := json.Unmarshal(e.Body, &one.Amendment); err != nil {
			return library.Errorf(library.Internal, "read the term %s: %w", e.ID, err)
		}
		k.kept[e.ID] = one
		changed = true
		return nil
	})
	if err != nil {
		return fmt.Errorf("follow the terms: %w", err)
	}
	if changed {
		if err := k.Vocabularies.Amend(k.amendments()); err != nil {
			slog.Warn("some changes of terms do not fit the vocabulary files and are left out", "err", err)
		}
	}
	return nil
}

// amendments gives all that are kept, the oldest code first.
func (k *Keeper) amendments() []vocabulary.Amendment {
	all := make([]vocabulary.Amendment, 0, len(k.kept))
	for _, id := range slices.Sorted(maps.Keys(k.kept)) {
		all = append(all, k.kept[id].Amendment)
	}
	slices.SortFunc(all, func(a, b vocabulary.Amendment) int { return strings.Compare(a.List+" "+a.Code, b.List+" "+b.Code) })
	return all
}

// Version gives the version in which a term is kept, 0 for one that is as its
// file has it, or not there.
func (k *Keeper) Version(list, code string) int64 {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.kept[idOf(list, code)].version
}

// Follow puts in force what the edits changed, and tells by touched which
// resources are described otherwise since; nil when none are.
func (k *Keeper) Follow(ctx context.Context, edits []library.Edit) (touched func(*library.Resource) bool, err error) {
	changed := map[string][]string{}
	for _, e := range edits {
		for _, c := range e.Changes {
			if c.Entry.Kind != Kind {
				continue
			}
			var a vocabulary.Amendment
			if err := json.Unmarshal(c.Entry.Body, &a); err != nil {
				return nil, library.Errorf(library.Internal, "read the term %s: %w", c.Entry.ID, err)
			}
			changed[a.List] = append(changed[a.List], a.Code)
		}
	}
	if len(changed) == 0 {
		return nil, nil
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if err := k.level(ctx); err != nil {
		return nil, err
	}
	for list, codes := range changed {
		changed[list] = k.through(list, codes)
	}
	return func(r *library.Resource) bool { return touches(changed, r) }, nil
}

// through adds the codes that were merged into one of these, by however many
// steps.
func (k *Keeper) through(list string, codes []string) []string {
	for more := true; more; {
		more = false
		for _, one := range k.kept {
			if one.List == list && one.Into != "" && slices.Contains(codes, one.Into) && !slices.Contains(codes, one.Code) {
				codes, more = append(codes, one.Code), true
			}
		}
	}
	return codes
}

// touches tells whether a resource has one of the terms. A region also holds
// those that name only one of its countries.
func touches(changed map[string][]string, r *library.Resource) bool {
	for list, have := range map[string][]string{"topics": r.Topics, "categories": r.Values(library.FieldCategory), "countries": r.Countries} {
		if slices.ContainsFunc(have, func(code string) bool { return slices.Contains(changed[list], code) }) {
			return true
		}
	}
	return len(changed["regions"]) > 0 && len(r.Regions)+len(r.Countries) > 0
}

// Term gives a term as it was written, also when it was merged, with the version
// in which it is kept.
func (k *Keeper) Term(list, code string) (t vocabulary.Term, version int64, ok bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	t, ok = k.written(list, code)
	return t, k.kept[idOf(list, code)].version, ok
}
