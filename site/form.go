package site

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"waymark/intake"
	"waymark/library"
	"waymark/locale"
)

// form is a record as a person has filled it in: names are still to be turned
// into codes and IDs.
type form struct {
	values url.Values
	fields library.Fields
	agents []*library.Agent  // that the library does not have yet
	faults map[string]string // what is wrong, by field
	// brought tells that files came with it, which are kept already.
	brought bool
}

// Names of inputs beside those of fields: what is added to a field with boxes
// to tick.
const added = "+"

// lineFields are written one value a line, textFields have one value.
var (
	lineFields = []string{"identifier", "link", "subject"}
	textFields = []string{"date", "category", "container", "volume", "issue", "pages", "edition", "rights",
		library.FieldAudience, library.FieldListed, library.FieldAssigned, library.FieldDue, library.FieldNote, library.FieldPublish, library.FieldOpens}
	tickFields = []string{"country", "region", "topic", "language", "relation"}
)

// read reads a filled-in form. Known gives the names of the agents that the
// record has, which stay the same agents.
func (s *Site) readForm(ctx context.Context, l *locale.Language, values url.Values, known map[string]library.ID) (form, error) {
	f := form{values: values, fields: library.Fields{}, faults: map[string]string{}}
	put := func(name string, values ...string) {
		for _, v := range values {
			if v = strings.TrimSpace(v); v != "" && !slices.Contains(f.fields[name], v) {
				f.fields[name] = append(f.fields[name], v)
			}
		}
	}
	for name, v := range values {
		base, lang, ok := strings.Cut(name, ".")
		if ok && lang != "" && (base == "title" || base == "abstract") {
			put(name, strings.ReplaceAll(v[0], "\r\n", "\n"))
		}
		if digest, ok := strings.CutPrefix(name, "file:"); ok && (len(v) == 3 || len(v) == 4) && v[0] != "" {
			if f.fields["file:"+digest] = v[:3:3]; len(v) == 4 && v[3] != "" {
				f.fields["file:"+digest] = v // name, audience, language and day of opening, in that order
			}
		}
	}
	for _, name := range textFields {
		put(name, values.Get(name))
	}
	for _, name := range lineFields {
		put(name, lines(values.Get(name))...)
	}
	for i, v := range f.fields["identifier"] {
		scheme, value, ok := strings.Cut(v, ":")
		if !ok {
			f.faults["identifier"] = l.T("desk.fault.identifier")
		}
		f.fields["identifier"][i] = strings.ToLower(strings.TrimSpace(scheme)) + ":" + strings.TrimSpace(value)
	}
	for _, name := range tickFields {
		put(name, values[name]...)
	}
	s.addCodes(&f, l, put)
	if kind, to := values.Get("relation"+added+"type"), values.Get("relation"+added); to != "" {
		to = strings.ToUpper(strings.Trim(to[strings.LastIndex(strings.TrimSuffix(to, "/"), "/")+1:], "/ "))
		if !library.ID(to).Valid() {
			f.faults["relation"] = l.T("desk.fault.relation")
		} else {
			put("relation", kind+":"+to)
		}
	}
	return f, s.addAgents(ctx, &f, known)
}

// addCodes adds the names that were written beside boxes to tick.
func (s *Site) addCodes(f *form, l *locale.Language, put func(string, ...string)) {
	for _, name := range coded {
		list := s.Vocabularies.Field(library.Field(name))
		for _, word := range strings.FieldsFunc(f.values.Get(name+added), func(r rune) bool { return r == ';' || r == '\n' || r == '،' }) {
			if strings.TrimSpace(word) == "" {
				continue
			}
			term, ok := list.Find(word)
			if ok {
				put(name, term.Code)
				continue
			}
			f.faults[name] = l.T("desk.fault.unknown", "Name", strings.TrimSpace(word))
			if near, ok := s.Vocabularies.Near(list, word); ok {
				label, _ := near.Labels.In(l.Tag)
				f.faults[name] += " " + l.T("desk.fault.near", "Name", label)
			}
		}
	}
}

// addAgents turns the names of contributors into agents.
func (s *Site) addAgents(ctx context.Context, f *form, known map[string]library.ID) error {
	for _, role := range contributors {
		for _, name := range lines(f.values.Get(role)) {
			id, ok := known[name]
			if !ok {
				ids, fresh, err := s.Names.Named(ctx, []string{name})
				if err != nil {
					return err
				}
				if len(ids) == 0 {
					continue
				}
				id = ids[0]
				f.agents = append(f.agents, fresh...)
				known[name] = id // the same new name in another role is the same agent
			}
			if !slices.Contains(f.fields[role], string(id)) {
				f.fields[role] = append(f.fields[role], string(id))
			}
		}
	}
	return nil
}

// Names gives the agents that names stand for; see intake.Importer.
type Names interface {
	Named(ctx context.Context, names []string) ([]library.ID, []*library.Agent, error)
}

var _ Names = (*intake.Importer)(nil)

func lines(s string) []string {
	var out []string
	for line := range strings.Lines(s) {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}
