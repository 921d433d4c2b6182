package curate

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"waymark/library"
)

// Queues gives the reasons for which records wait, in the order of the desk.
func Queues() []library.Queue {
	return []library.Queue{library.QueueSubmitted, library.QueueReview, library.QueueReturned, library.QueueProposed, library.QueueUnread, library.QueueLinks, library.QueueDue}
}

// Filter says which of the waiting records are wanted; empty fields ask for
// nothing.
type Filter struct {
	Assigned string // "-" for those that nobody is at work on
	Topic    string
	Country  string
}

// Nobody is the value of Filter.Assigned for records that nobody works on.
const Nobody = "-"

func (f Filter) wants(r *library.Resource) bool {
	who := r.Review.Assigned
	return (f.Assigned == "" || f.Assigned == who || f.Assigned == Nobody && who == "") &&
		(f.Topic == "" || slices.Contains(r.Topics, f.Topic)) && (f.Country == "" || slices.Contains(r.Countries, f.Country))
}

// Waiting gives the records of a queue that the viewer may change, those that
// changed last first.
func (d *Desk) Waiting(ctx context.Context, v library.Viewer, q library.Queue, f Filter) ([]*library.Resource, error) {
	if err := permit(v); err != nil {
		return nil, err
	}
	keys := []library.Key{{Scheme: library.KeyQueue, Value: string(q)}}
	today := library.Date(d.Now().UTC().Format("2006-01-02"))
	if q == library.QueueDue {
		keys = library.DueKeys(d.Now().UTC())
	}
	if q == library.QueueLinks {
		broken, err := d.Visits.Broken(ctx, library.House())
		if err != nil {
			return nil, fmt.Errorf("look for broken addresses: %w", err)
		}
		var addresses []string
		for _, visit := range broken {
			addresses = append(addresses, visit.URL)
		}
		keys = library.LinkKeys(addresses)
	}
	entries, err := d.Store.Find(ctx, v, library.KindResource, keys, 0)
	if err != nil {
		return nil, fmt.Errorf("look for what waits as %s: %w", q, err)
	}
	var waiting []*library.Resource
	for _, e := range entries {
		r, err := library.ResourceOf(e)
		if err != nil {
			return nil, err
		}
		if q == library.QueueDue && r.Review.Due > today {
			continue
		}
		if v.MayEdit(r) && f.wants(r) {
			waiting = append(waiting, r)
		}
	}
	slices.SortFunc(waiting, func(a, b *library.Resource) int {
		return cmp.Or(b.Updated.Compare(a.Updated), cmp.Compare(b.ID, a.ID))
	})
	return waiting, nil
}

// Top gives the first records of a queue, at most some, and how many wait in
// it. A queue of which the viewer may change all is not read whole for that.
func (d *Desk) Top(ctx context.Context, v library.Viewer, q library.Queue, f Filter, most int) ([]*library.Resource, int, error) {
	if err := permit(v); err != nil {
		return nil, 0, err
	}
	if d.Latest == nil || !v.MayEditAll() || f != (Filter{}) || q == library.QueueDue || q == library.QueueLinks {
		all, err := d.Waiting(ctx, v, q, f)
		return all[:min(most, len(all))], len(all), err
	}
	entries, n, err := d.Latest.Latest(ctx, v, library.KindResource, library.Key{Scheme: library.KeyQueue, Value: string(q)}, most)
	if err != nil {
		return nil, 0, fmt.Errorf("look for what waits as %s: %w", q, err)
	}
	var top []*library.Resource
	for _, e := range entries {
		r, err := library.ResourceOf(e)
		if err != nil {
			return nil, 0, err
		}
		top = append(top, r)
	}
	return top, n, nil
}

// CountPairs tells how many pairs wait for a decision.
func (d *Desk) CountPairs(ctx context.Context, v library.Viewer) (int, error) {
	if err := permit(v); err != nil {
		return 0, err
	}
	if d.Latest == nil {
		all, err := d.Duplicates(ctx, v, 0)
		return len(all), err
	}
	_, n, err := d.Latest.Latest(ctx, v, library.KindPair, library.Key{Scheme: library.KeyPairOpen, Value: "1"}, 0)
	return n, err
}

// Mine gives the drafts that a contributor has submitted and that nobody has
// published yet.
func (d *Desk) Mine(ctx context.Context, v library.Viewer) ([]*library.Resource, error) {
	if v.Role < library.Submitter || v.Name == "" {
		return nil, library.Errorf(library.Forbidden, "this is for contributors")
	}
	// The drafts of others are not read for a contributor: the house finds
	// them, and only the viewer's own are given out.
	entries, err := d.Store.Find(ctx, library.House(), library.KindResource, handedIn(), 0)
	if err != nil {
		return nil, fmt.Errorf("look for what %s submitted: %w", v.Name, err)
	}
	var mine []*library.Resource
	for _, e := range entries {
		r, err := library.ResourceOf(e)
		if err != nil {
			return nil, err
		}
		if r.Review.Submitted == v.Name {
			mine = append(mine, r)
		}
	}
	return mine, nil
}

// Holding gives the records that hold one of some files, of those that the
// viewer sees.
func (d *Desk) Holding(ctx context.Context, v library.Viewer, files []library.File) ([]*library.Resource, error) {
	var keys []library.Key
	for _, f := range files {
		keys = append(keys, library.Key{Scheme: library.KeyFile, Value: f.Digest})
	}
	if len(keys) == 0 {
		return nil, nil
	}
	entries, err := d.Store.Find(ctx, v, library.KindResource, keys, 0)
	if err != nil {
		return nil, fmt.Errorf("look for the records of files: %w", err)
	}
	var holding []*library.Resource
	for _, e := range entries {
		r, err := library.ResourceOf(e)
		if err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(r.FilesFor(v), func(f library.File) bool {
			return slices.ContainsFunc(files, func(g library.File) bool { return f.Digest == g.Digest })
		}) {
			continue // nobody learns so that a file is there which is not for them
		}
		holding = append(holding, r)
	}
	return holding, nil
}
