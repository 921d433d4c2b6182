// Package profile is how a library presents itself: its name, logo and colours,
// what its home page puts forward, and what it says about itself. It is one
// entry of the library, whose every version is kept.
package profile

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unicode"

	"waymark/library"
	"waymark/shelf"
)

// Kind is the kind of the entry.
const Kind library.Kind = "profile"

// entry is its only ID: 'WAYMARKPROFILE' is no time that an ID is made at.
const entry library.ID = "0000000000WAYMARKPR0F11EXX"

// Profile is how a library presents itself. What is empty is as the program, or
// the settings file, has it.
type Profile struct {
	Names       library.Text `json:"names,omitempty"`
	Taglines    library.Text `json:"taglines,omitempty"`
	Leads       library.Text `json:"leads,omitempty"` // the sentence below the tagline
	Logo        []byte       `json:"logo,omitempty"`  // PNG, see Logo
	Light       Colours      `json:"light,omitzero"`
	Dark        Colours      `json:"dark,omitzero"`
	Featured    []library.ID `json:"featured,omitempty"`
	Collections []Collection `json:"collections,omitempty"`
	About       library.Text `json:"about,omitempty"` // Markdown
}

// Collection is a search that the home page names.
type Collection struct {
	Titles library.Text `json:"titles"`
	Query  string       `json:"query"` // of the address of a search, without its question mark
}

// Bounds of what a profile holds.
const (
	maxName        = 300    // bytes of a name or title
	maxLead        = 1000   // bytes of a sentence
	maxAbout       = 60_000 // bytes of a text in one language
	MaxFeatured    = 12
	MaxCollections = 12
)

// Check tells, by an error of kind Invalid that joins every fault, why a profile
// cannot be kept.
func (p *Profile) Check() error {
	var faults []string
	fault := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	lines := func(what string, t library.Text, most int) {
		for _, lang := range t.Languages() {
			if s := t[lang]; len(s) > most || strings.ContainsFunc(s, unicode.IsControl) {
				fault("%s in %q is longer than a line of %d bytes", what, lang, most)
			}
		}
	}
	lines("the name", p.Names, maxName)
	lines("the tagline", p.Taglines, maxName)
	lines("the sentence below the tagline", p.Leads, maxLead)
	for _, lang := range p.About.Languages() {
		if len(p.About[lang]) > maxAbout {
			fault("the text about the library in %q has more than %d bytes", lang, maxAbout)
		}
	}
	if len(p.Featured) > MaxFeatured || len(p.Collections) > MaxCollections {
		fault("at most %d publications and %d collections are put forward", MaxFeatured, MaxCollections)
	}
	for _, id := range p.Featured {
		if !id.Valid() {
			fault("%.60q is the ID of no publication: write the address of its page", id)
		}
	}
	for _, c := range p.Collections {
		if lines("the title of a collection", c.Titles, maxName); len(c.Titles) == 0 || c.Query == "" {
			fault("a collection needs a title and the address of a search")
		}
		if _, err := url.ParseQuery(c.Query); err != nil {
			fault("%.80q is no search", c.Query)
		}
	}
	faults = append(faults, p.Light.faults(false)...)
	faults = append(faults, p.Dark.faults(true)...)
	if len(faults) > 0 {
		return &library.Error{Kind: library.Invalid, Field: "profile", Err: fmt.Errorf("%s", strings.Join(faults, "; "))}
	}
	return nil
}

// Store is what is read and changed of the library.
type Store interface {
	shelf.Store
	Revisions(ctx context.Context, v library.Viewer, id library.ID) ([]library.Edit, error)
	Commit(ctx context.Context, e library.Edit) (library.Edit, error)
}

// Keeper keeps the profile. Its methods may be called from any goroutine.
type Keeper struct {
	Store   Store
	Default Profile       // of the settings file
	Changed func(Profile) // is told of each profile that comes into force
	Now     func() time.Time

	mu    sync.Mutex
	shelf *shelf.Shelf
	kept  atomic.Pointer[Kept]
}

// Kept is the profile in force with its version, 0 when nothing was kept.
type Kept struct {
	Profile
	Version int64
	Stored  Profile // without what the settings file says
}

// Profile gives the profile in force.
func (k *Keeper) Profile() *Kept {
	if p := k.kept.Load(); p != nil {
		return p
	}
	return &Kept{Profile: k.Default}
}

// Level puts in force what was kept since it was called last.
func (k *Keeper) Level(ctx context.Context) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.level(ctx)
}

func (k *Keeper) level(ctx context.Context) error {
	first := k.shelf == nil
	if first {
		k.shelf = &shelf.Shelf{Store: k.Store, Kinds: []library.Kind{Kind}}
	}
	changed := first
	_, err := k.shelf.Level(ctx, func(e library.Entry) error {
		p := Kept{Version: e.Version}
		if err := json.Unmarshal(e.Body, &p.Stored); err != nil {
			return library.Errorf(library.Internal, "read the profile: %w", err)
		}
		p.Profile = p.Stored
		if len(p.Names) == 0 {
			p.Names = k.Default.Names
		}
		k.kept.Store(&p)
		changed = true
		return nil
	})
	if err != nil {
		return fmt.Errorf("follow the profile: %w", err)
	}
	if changed && k.Changed != nil {
		k.Changed(k.Profile().Profile)
	}
	return nil
}

// Follow levels until the context ends: at once when changed is closed by this
// process, and at every tick for other processes. tell is told of failures.
func (k *Keeper) Follow(ctx context.Context, changed func() <-chan struct{}, tick <-chan time.Time, tell func(error)) {
	for {
		wake := changed()
		if err := k.Level(ctx); err != nil && ctx.Err() == nil {
			tell(err)
		}
		select {
		case <-ctx.Done():
			return
		case <-wake:
		case <-tick:
		}
	}
}

func permit(v library.Viewer) error {
	if !v.MayGovern() {
		return library.Errorf(library.Forbidden, "how the library presents itself is for administrators")
	}
	return nil
}

// Save keeps a profile made from a version. It answers Forbidden to all but
// administrators, Invalid for what Check refuses, and Conflict when another was
// kept meanwhile.
func (k *Keeper) Save(ctx context.Context, v library.Viewer, p Profile, version int64, note string) error {
	if err := permit(v); err != nil {
		return err
	}
	if err := p.Check(); err != nil {
		return err
	}
	body, err := json.Marshal(p)
	if err != nil {
		return library.Errorf(library.Internal, "write the profile: %w", err)
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	edit := library.Edit{At: k.Now(), Actor: v.Name, Action: "change the settings", Note: note, Changes: []library.Change{
		{Read: version, Entry: library.Entry{ID: entry, Kind: Kind, Status: library.Published, Audience: library.Public, Body: body}}}}
	if _, err := k.Store.Commit(ctx, edit); err != nil {
		return fmt.Errorf("keep the profile: %w", err)
	}
	return k.level(ctx)
}

// Revision is one version of the profile.
type Revision struct {
	Version  int64
	At       time.Time
	Who, Why string
	Profile  Profile
}

// History gives the versions of the profile, the last first.
func (k *Keeper) History(ctx context.Context, v library.Viewer) ([]Revision, error) {
	if err := permit(v); err != nil {
		return nil, err
	}
	if k.Profile().Version == 0 {
		return nil, nil
	}
	edits, err := k.Store.Revisions(ctx, v, entry)
	if err != nil {
		return nil, fmt.Errorf("read the history of the profile: %w", err)
	}
	var all []Revision
	for _, e := range edits {
		for _, c := range e.Changes {
			r := Revision{Version: c.Entry.Version, At: e.At, Who: e.Actor, Why: e.Note}
			if err := json.Unmarshal(c.Entry.Body, &r.Profile); err != nil {
				return nil, library.Errorf(library.Internal, "read the profile: %w", err)
			}
			all = append(all, r)
		}
	}
	slices.SortFunc(all, func(a, b Revision) int { return int(b.Version - a.Version) })
	return all, nil
}
