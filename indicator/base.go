package indicator

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"waymark/library"
	"waymark/shelf"
)

// Kinds gives the kinds of entries that readers' pages are made of. Series are
// not among them: pages read releases.
func Kinds() []library.Kind {
	return []library.Kind{KindIndicator, KindRelease, KindGroup, KindResults}
}

// Base keeps the registry and the releases of a library at hand and follows
// its edits. Its methods may be called from any goroutine.
type Base struct {
	Store shelf.Store
	Words *Words

	mu    sync.Mutex
	shelf *shelf.Shelf
	all   held
	views map[string]View
}

type held struct {
	indicators map[library.ID]*Indicator
	releases   map[library.ID]*Release
	groups     map[library.ID]*Group
	results    map[library.ID]*Results
}

// View is what one viewer sees of the registry. It does not change.
type View struct {
	Words      *Words
	Seq        int64        // of the last edit that is in it
	Indicators []*Indicator // by code
	Groups     []*Group
	Results    []*Results

	releases map[string][]*Release // by indicator, in the order of their issue
}

// mostViews bounds the kinds of viewers whose views are kept.
const mostViews = 32

// View brings the base level with the library and gives what the viewer sees.
func (b *Base) View(ctx context.Context, v library.Viewer) (View, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.shelf == nil {
		b.shelf = &shelf.Shelf{Store: b.Store, Kinds: Kinds()}
		b.all = held{map[library.ID]*Indicator{}, map[library.ID]*Release{}, map[library.ID]*Group{}, map[library.ID]*Results{}}
	}
	moved, err := b.shelf.Level(ctx, b.all.take)
	if err != nil {
		return View{}, fmt.Errorf("read the indicators: %w", err)
	}
	if moved || len(b.views) > mostViews {
		b.views = map[string]View{}
	}
	key := shelf.Sight(v)
	view, ok := b.views[key]
	if !ok {
		view = b.view(v)
		b.views[key] = view
	}
	return view, nil
}

func (b *Base) view(v library.Viewer) View {
	out := View{Words: b.Words, Seq: b.shelf.Seq(), Indicators: shelf.Seen(v, b.all.indicators), Groups: shelf.Seen(v, b.all.groups), Results: shelf.Seen(v, b.all.results), releases: map[string][]*Release{}}
	slices.SortFunc(out.Indicators, func(a, b *Indicator) int { return strings.Compare(a.Code, b.Code) })
	for _, i := range out.Indicators {
		out.releases[i.Code] = nil
	}
	for _, r := range shelf.Seen(v, b.all.releases) {
		if _, open := out.releases[r.Indicator]; open {
			out.releases[r.Indicator] = append(out.releases[r.Indicator], r)
		}
	}
	for _, all := range out.releases {
		slices.SortFunc(all, func(a, b *Release) int { return cmp.Compare(a.Issue, b.Issue) })
	}
	return out
}

func (h held) take(e library.Entry) (err error) {
	switch e.Kind {
	case KindIndicator:
		h.indicators[e.ID], err = library.ReadEntry[Indicator](e)
	case KindRelease:
		h.releases[e.ID], err = library.ReadEntry[Release](e)
	case KindGroup:
		h.groups[e.ID], err = library.ReadEntry[Group](e)
	case KindResults:
		h.results[e.ID], err = library.ReadEntry[Results](e)
	}
	return err
}

// Indicator gives the indicator of a code.
func (v View) Indicator(code string) (*Indicator, bool) {
	i, ok := slices.BinarySearchFunc(v.Indicators, code, func(i *Indicator, code string) int { return strings.Compare(i.Code, code) })
	if !ok {
		return nil, false
	}
	return v.Indicators[i], true
}

// Releases gives the releases of an indicator, the first first.
func (v View) Releases(code string) []*Release { return v.releases[code] }

// Latest gives the last release of an indicator.
func (v View) Latest(code string) (*Release, bool) {
	all := v.releases[code]
	if len(all) == 0 {
		return nil, false
	}
	return all[len(all)-1], true
}

// Group gives the comparability group of a code.
func (v View) Group(code string) (*Group, bool) {
	for _, g := range v.Groups {
		if g.Code == code {
			return g, true
		}
	}
	return nil, false
}
