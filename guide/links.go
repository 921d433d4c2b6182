package guide

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"waymark/library"
)

// inward is a link into this library: what it names, by ID or by a key.
type inward struct {
	kind library.Kind // empty for any
	id   library.ID
	key  library.Key
}

// language is what stands before an address that was copied from a page.
var language = regexp.MustCompile(`^/[a-z]{2}(/|$)`)

// Lasting gives a link as texts are to hold it: without the language of the
// page that it was copied from.
func Lasting(to string) string {
	if language.MatchString(to) {
		return "/" + strings.TrimPrefix(to[3:], "/")
	}
	return to
}

// inwardOf reads a link to a resource, a part of a guide, a study or an
// indicator; others lead out of the library, or to a page of its own that is
// always there.
func inwardOf(to string) (inward, bool) {
	path, _, _ := strings.Cut(Lasting(to), "#")
	path, _, _ = strings.Cut(path, "?")
	for _, p := range []struct {
		prefix, scheme string
		kind           library.Kind
	}{{"/r/", "", library.KindResource}, {"/g/", "", ""}, {"/evidence/studies/", "", "study"},
		{"/indicators/", "code", "indicator"}, {"/guides/", library.KeyGuideSlug, library.KindGuide}} {
		rest, ok := strings.CutPrefix(path, p.prefix)
		name, _, _ := strings.Cut(rest, "/")
		switch {
		case !ok:
		case p.scheme == "":
			return inward{kind: p.kind, id: library.ID(name)}, true
		default:
			return inward{kind: p.kind, key: library.Key{Scheme: p.scheme, Value: name}}, true
		}
	}
	return inward{}, false
}

// inHouse gives the ID that a link into this library names.
func inHouse(to string) (library.ID, bool) {
	in, ok := inwardOf(to)
	return in.id, ok && in.id != ""
}

// leads refuses a text with links that lead to nothing.
func (g *Guides) leads(ctx context.Context, v library.Viewer, body string) error {
	broken, err := g.broken(ctx, v, body)
	if err == nil && len(broken) > 0 {
		dead := strings.Join(broken, ", ")
		err = &library.Error{Kind: library.Invalid, Field: "links", Why: dead, Err: fmt.Errorf("these links lead nowhere: %s", dead)}
	}
	return err
}

// broken gives the links of a text that lead to nothing in this library, or to
// nothing that a viewer sees.
func (g *Guides) broken(ctx context.Context, v library.Viewer, body string) ([]string, error) {
	var out []string
	for _, to := range Links(body) {
		in, ok := inwardOf(to)
		if !ok {
			continue
		}
		there, err := g.there(ctx, v, in)
		if err != nil {
			return nil, fmt.Errorf("look for what a text links to: %w", err)
		}
		if !there {
			out = append(out, to)
		}
	}
	return out, nil
}

// there tells whether a viewer sees what a link names.
func (g *Guides) there(ctx context.Context, v library.Viewer, in inward) (bool, error) {
	var found []library.Entry
	var err error
	if in.id != "" {
		found, err = g.Store.Entries(ctx, v, []library.ID{in.id})
	} else {
		found, err = g.Store.Find(ctx, v, in.kind, []library.Key{in.key}, 1)
	}
	for _, e := range found {
		standing := e.Status == library.Published || e.Status == library.Draft || e.Status == library.Merged
		if standing && (in.kind == "" || e.Kind == in.kind) {
			return true, err
		}
	}
	return false, err
}
