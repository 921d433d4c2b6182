package site

import (
	"net/http"
	"slices"
	"strings"

	"waymark/library"
	"waymark/locale"
	"waymark/serve"
)

// labels writes the fields of records for a person: codes and IDs by their names.
type labels struct {
	s      *Site
	l      *locale.Language
	agents map[library.ID]*library.Agent
	titles map[library.ID]string
}

// labels reads what is needed to write fields: agents, and records that are
// pointed to, each only if the viewer may see it.
func (s *Site) labels(r *http.Request, l *locale.Language, all ...library.Fields) (labels, error) {
	v := serve.Viewer(r)
	out := labels{s: s, l: l, titles: map[library.ID]string{}}
	var agents, others []library.ID
	for _, f := range all {
		for _, role := range contributors {
			for _, id := range f[role] {
				agents = append(agents, library.ID(id))
			}
		}
		for _, rel := range f["relation"] {
			_, id, _ := strings.Cut(rel, ":")
			others = append(others, library.ID(id))
		}
	}
	var err error
	if out.agents, err = s.Catalogue.Agents(r.Context(), v, agents); err != nil {
		return out, err
	}
	records, err := s.Catalogue.Records(r.Context(), v, others)
	if err != nil {
		return out, err
	}
	for _, rec := range records {
		out.titles[rec.ID], _ = rec.Title(l.Tag)
	}
	return out, nil
}

// coded names the fields whose values are codes of a vocabulary.
var coded = []string{"country", "region", "topic", "language", "category"}

// contributors names the fields that hold agents.
var contributors = []string{string(library.Author), string(library.Editor), string(library.Publisher)}

// name gives a field's name for a person: "Title (French)".
func (a labels) name(field string) string {
	base, lang, inLanguage := strings.Cut(field, ".")
	if strings.HasPrefix(field, "file:") {
		return a.l.T("desk.field.file")
	}
	label := a.l.T("field." + base)
	if slices.Contains([]string{"abstract", "relation", library.FieldAudience, library.FieldListed, library.FieldAssigned, library.FieldDue, library.FieldNote, library.FieldPublish, library.FieldOpens}, base) {
		label = a.l.T("desk.field." + base)
	}
	if inLanguage {
		label += " (" + a.s.Vocabularies.Languages.Label(lang, a.l.Tag) + ")"
	}
	return label
}

// values gives the values of a field for a person.
func (a labels) values(field string, values []string) []string {
	out := slices.Clone(values)
	for i, v := range out {
		switch {
		case slices.Contains(contributors, field):
			out[i] = a.agent(library.ID(v))
		case field == "relation":
			kind, id, _ := strings.Cut(v, ":")
			title := a.titles[library.ID(id)]
			if title == "" {
				title = id
			}
			out[i] = a.l.T("desk.relation."+kind) + ": " + title
		case field == library.FieldAudience:
			out[i] = audienceName(a.l, library.Audience(v))
		case field == library.FieldListed:
			out[i] = a.l.T("desk.yes")
		case field == "date", field == library.FieldDue, field == library.FieldPublish, field == library.FieldOpens:
			out[i] = a.l.Date(library.Date(v))
		default:
			if slices.Contains(coded, field) {
				out[i] = a.s.Vocabularies.Field(library.Field(field)).Label(v, a.l.Tag)
			}
		}
	}
	return slices.DeleteFunc(out, func(s string) bool { return s == "" })
}

func (a labels) agent(id library.ID) string {
	if agent := a.agents[id]; agent != nil {
		name, _ := agent.Names.In(a.l.Tag)
		return name
	}
	return string(id)
}

// audienceName names a group of readers; those of a library's own have the name
// that it gave them.
func audienceName(l *locale.Language, a library.Audience) string {
	switch a {
	case library.Public, library.Staff:
		return l.T("desk.audience." + string(a))
	}
	return string(a)
}
