package evidence

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"waymark/library"
	"waymark/shelf"
)

// Store is what the evidence base reads. Places tells where entries stand,
// through merges, without their bodies.
type Store interface {
	shelf.Store
	Places(ctx context.Context, v library.Viewer, ids []library.ID) (map[library.ID]library.Entry, error)
}

// Base keeps the evidence of a library at hand and follows its edits. Its
// methods may be called from any goroutine.
type Base struct {
	Store Store
	Words *Words

	mu    sync.Mutex
	shelf *shelf.Shelf
	all   held
	// places tells where the publications of studies stand: a study whose
	// publications a viewer may not see is not for that viewer either.
	places map[library.ID]library.Entry
	views  map[string]View // by what a viewer may see, until something changes
}

// mostViews bounds the kinds of viewers whose views are kept.
const mostViews = 32

// held is everything, for every reader; what one may see is decided by View.
type held struct {
	frameworks map[library.ID]*Framework
	maps       map[library.ID]*Map
	studies    map[library.ID]*Study
	gaps       map[library.ID]*Gap
	claims     map[library.ID]*Claim
	snapshots  map[library.ID]*Snapshot
	sheets     map[library.ID]*Sheet
}

// View is the evidence that one viewer sees, in the order of its entries. It
// does not change.
type View struct {
	Words      *Words
	Seq        int64
	Frameworks []*Framework
	Maps       []*Map
	Studies    []*Study
	Gaps       []*Gap
	Claims     []*Claim
	Snapshots  []*Snapshot

	places map[library.ID]library.Entry
	all    []*Study // also of publications that are gone; for the house
	sheets []*Sheet // of coders at work: a viewer is shown their own
}

// Now gives the record that a publication is today, which is another one when
// it was merged.
func (v View) Now(publication library.ID) library.ID {
	if e, ok := v.places[publication]; ok {
		return e.ID
	}
	return publication
}

// View brings the base level with the library and gives what the viewer sees.
func (b *Base) View(ctx context.Context, v library.Viewer) (View, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.shelf == nil {
		b.shelf = &shelf.Shelf{Store: b.Store, Kinds: Kinds()}
		b.all = held{map[library.ID]*Framework{}, map[library.ID]*Map{}, map[library.ID]*Study{}, map[library.ID]*Gap{}, map[library.ID]*Claim{}, map[library.ID]*Snapshot{}, map[library.ID]*Sheet{}}
	}
	moved, err := b.shelf.Level(ctx, b.all.take)
	if err != nil {
		return View{}, fmt.Errorf("read the evidence: %w", err)
	}
	if moved {
		places, err := b.Store.Places(ctx, library.House(), b.all.publications())
		if err != nil {
			b.shelf = nil // all is read again
			return View{}, fmt.Errorf("look where the publications of studies stand: %w", err)
		}
		b.places = places
	}
	if moved || len(b.views) > mostViews {
		b.views = map[string]View{}
	}
	key := shelf.Sight(v)
	view, ok := b.views[key]
	if !ok {
		view = View{Words: b.Words, Seq: b.shelf.Seq(), places: b.places, Frameworks: shelf.Seen(v, b.all.frameworks), Maps: shelf.Seen(v, b.all.maps),
			Studies: slices.DeleteFunc(shelf.Seen(v, b.all.studies), func(s *Study) bool { return !s.open(v, b.places) }),
			Gaps:    shelf.Seen(v, b.all.gaps), Claims: shelf.Seen(v, b.all.claims), Snapshots: shelf.Seen(v, b.all.snapshots), sheets: shelf.Seen(v, b.all.sheets)}
		if v.Role >= library.System {
			view.all = shelf.Seen(v, b.all.studies)
		}
		b.views[key] = view
	}
	return view, nil
}

// open tells whether the viewer may see any publication of the study, or it
// has none of its own in the catalogue.
func (s *Study) open(v library.Viewer, places map[library.ID]library.Entry) bool {
	for _, p := range s.Publications {
		if e, ok := places[p.Resource]; ok && v.Sees(e.Status, e.Audience) {
			return true
		}
	}
	return len(s.Publications) == 0
}

// publications gives the publications of all studies, each once.
func (h held) publications() []library.ID {
	once := map[library.ID]bool{}
	for _, s := range h.studies {
		for _, p := range s.Publications {
			once[p.Resource] = true
		}
	}
	return slices.Collect(maps.Keys(once))
}

func (h held) take(e library.Entry) (err error) {
	switch e.Kind {
	case KindFramework:
		h.frameworks[e.ID], err = library.ReadEntry[Framework](e)
	case KindMap:
		h.maps[e.ID], err = library.ReadEntry[Map](e)
	case KindStudy:
		h.studies[e.ID], err = library.ReadEntry[Study](e)
	case KindGap:
		h.gaps[e.ID], err = library.ReadEntry[Gap](e)
	case KindClaim:
		h.claims[e.ID], err = library.ReadEntry[Claim](e)
	case KindSnapshot:
		h.snapshots[e.ID], err = library.ReadEntry[Snapshot](e)
	case KindSheet:
		h.sheets[e.ID], err = library.ReadEntry[Sheet](e)
	}
	return err
}

// Framework gives the framework that a map or study names as "code/version".
func (v View) Framework(name string) (*Framework, bool) {
	for _, f := range v.Frameworks {
		if fmt.Sprintf("%s/%d", f.Code, f.Number) == name {
			return f, true
		}
	}
	return nil, false
}

// Map gives the map of a code, or the first when it is empty.
func (v View) Map(code string) (*Map, bool) {
	for _, m := range v.Maps {
		if code == "" || m.Code == code {
			return m, true
		}
	}
	return nil, false
}

// Study gives a study by its identifier.
func (v View) Study(id library.ID) (*Study, bool) {
	i, ok := slices.BinarySearchFunc(v.Studies, id, func(s *Study, id library.ID) int { return strings.Compare(string(s.ID), string(id)) })
	if !ok {
		return nil, false
	}
	return v.Studies[i], true
}

// About gives the studies that publications of the catalogue tell of, by the
// publication: the hook by which a search or a record's page leads to them.
func (v View) About(resources ...library.ID) map[library.ID][]*Study {
	found := map[library.ID][]*Study{}
	for _, s := range v.Studies {
		for _, p := range s.Publications {
			if now := v.Now(p.Resource); slices.Contains(resources, now) {
				found[now] = append(found[now], s)
			}
		}
	}
	return found
}

// At gives the view that a snapshot froze: its one map with its studies.
func (s *Snapshot) At(w *Words) View {
	m, f := s.Content.Map, s.Content.Framework
	v := View{Words: w, Maps: []*Map{&m}, Frameworks: []*Framework{&f}}
	for i := range s.Content.Studies {
		st := s.Content.Studies[i].Study
		st.ID, st.Version = s.Content.Studies[i].ID, s.Content.Studies[i].Version
		v.Studies = append(v.Studies, &st)
	}
	for i := range s.Content.Gaps {
		v.Gaps = append(v.Gaps, &s.Content.Gaps[i])
	}
	return v
}
