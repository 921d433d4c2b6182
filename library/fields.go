package library

import (
	"maps"
	"slices"
	"strings"
)

// Fields is what a record says, field by field, as a person edits it and a
// history shows it: names as in sources ("author", "country"), with the
// language behind a point ("title.fr") and the digest of a file behind a colon
// ("file:…"). Values are codes and IDs; identifiers are "scheme:value",
// relations "type:ID". A field without values is not there.
type Fields map[string][]string

// The fields that are not said by sources.
const (
	FieldAudience = "audience"
	FieldListed   = "listed"   // "yes": others are told the title
	FieldAssigned = "assigned" // the curator at work on it
	FieldDue      = "due"      // when it is to be reviewed
	FieldNote     = "note"     // from the one who submitted it
	FieldPublish  = "publish"  // the day on which the draft is published
	FieldOpens    = "opens"    // the day on which it is for everyone
)

// roles names the fields of contributors.
var roles = []ContributorRole{Author, Editor, Publisher}

// texts gives the fields of one value, with the place of each.
func (r *Resource) texts() map[string]*string {
	return map[string]*string{
		"date": (*string)(&r.Date), "category": &r.Category, "container": &r.Container, "volume": &r.Volume, "issue": &r.Issue,
		"pages": &r.Pages, "edition": &r.Edition, "rights": &r.Rights, FieldAudience: (*string)(&r.Audience),
		FieldAssigned: &r.Review.Assigned, FieldDue: (*string)(&r.Review.Due), FieldNote: &r.Review.Note,
		FieldPublish: (*string)(&r.Review.Publish), FieldOpens: (*string)(&r.Review.Opens),
	}
}

// lists gives the fields of several plain values, with the place of each.
func (r *Resource) lists() map[string]*[]string {
	return map[string]*[]string{"country": &r.Countries, "region": &r.Regions, "topic": &r.Topics, "language": &r.Languages, "subject": &r.Subjects}
}

// Fields gives what the record says.
func (r *Resource) Fields() Fields {
	f := Fields{}
	put := func(name string, values ...string) {
		if len(values) > 0 && values[0] != "" {
			f[name] = append(f[name], values...)
		}
	}
	for lang, s := range r.Titles {
		put("title."+lang, s)
	}
	for lang, s := range r.Abstracts {
		put("abstract."+lang, s)
	}
	for name, at := range r.texts() {
		put(name, *at)
	}
	for name, at := range r.lists() {
		put(name, *at...)
	}
	for _, role := range roles {
		for _, id := range r.In(role) {
			put(string(role), string(id))
		}
	}
	for _, id := range r.Identifiers {
		put("identifier", id.Scheme+":"+id.Value)
	}
	for _, l := range r.Links {
		put("link", l.URL)
	}
	for _, rel := range r.Relations {
		put("relation", string(rel.Type)+":"+string(rel.Target))
	}
	if r.Listed {
		put(FieldListed, "yes")
	}
	for _, file := range r.Files {
		put("file:"+file.Digest, file.Name, string(file.Audience), file.Language)
		if file.Opens != "" {
			put("file:"+file.Digest, string(file.Opens))
		}
	}
	return f
}

// SetFields makes the record say what the fields say, and no more; of files
// only name, audience, language and the day of opening can be set, and none can be added or taken
// away. What sources stated stays.
func (r *Resource) SetFields(f Fields) {
	r.Titles, r.Abstracts, r.Contributors, r.Identifiers, r.Links, r.Relations = Text{}, nil, nil, nil, nil, nil
	for _, name := range slices.Sorted(maps.Keys(f)) {
		values := f[name]
		if lang, ok := strings.CutPrefix(name, "title."); ok {
			r.Titles[lang] = values[0]
		}
		if lang, ok := strings.CutPrefix(name, "abstract."); ok {
			if r.Abstracts == nil {
				r.Abstracts = Text{}
			}
			r.Abstracts[lang] = values[0]
		}
	}
	for name, at := range r.texts() {
		*at = f.First(name)
	}
	for name, at := range r.lists() {
		*at = slices.Clone(f[name])
	}
	for _, role := range roles {
		for _, id := range f[string(role)] {
			r.Contributors = append(r.Contributors, Contributor{ID(id), role})
		}
	}
	for _, v := range f["identifier"] {
		scheme, value, _ := strings.Cut(v, ":")
		r.Identifiers = append(r.Identifiers, Identifier{scheme, value})
	}
	for _, v := range f["link"] {
		r.Links = append(r.Links, Link{v})
	}
	for _, v := range f["relation"] {
		kind, id, _ := strings.Cut(v, ":")
		r.Relations = append(r.Relations, Relation{RelationType(kind), ID(id)})
	}
	r.Listed = f.First(FieldListed) != ""
	for i := range r.Files {
		if v := f["file:"+r.Files[i].Digest]; len(v) == 3 || len(v) == 4 {
			r.Files[i].Name, r.Files[i].Audience, r.Files[i].Language, r.Files[i].Opens = v[0], Audience(v[1]), v[2], ""
			if len(v) == 4 {
				r.Files[i].Opens = Date(v[3])
			}
		}
	}
}

// Picked tells whether a merge takes a field from one of two records. Of the
// others it takes the values of both, or they are for the desk to say.
func Picked(name string) bool {
	return !slices.Contains([]string{"topic", "identifier", "link", "subject", "relation", FieldAudience, FieldListed, FieldAssigned, FieldDue, FieldNote, FieldPublish, FieldOpens}, name) &&
		!strings.HasPrefix(name, "file:")
}

// Take makes the record say what another says in some fields, those left out
// that are not Picked or that the other does not have.
func (r *Resource) Take(other *Resource, names []string) {
	if len(names) == 0 {
		return
	}
	mine, theirs := r.Fields(), other.Fields()
	contributors := r.Contributors
	for _, name := range names {
		if len(theirs[name]) > 0 && Picked(name) {
			mine[name] = theirs[name]
		}
	}
	r.SetFields(mine)
	if !slices.ContainsFunc(roles, func(r ContributorRole) bool { return slices.Contains(names, string(r)) }) {
		r.Contributors = contributors // in the order in which a source named them
	}
}

// First gives the first value of a field, or "".
func (f Fields) First(name string) string {
	if len(f[name]) == 0 {
		return ""
	}
	return f[name][0]
}

// Differing gives the names of the fields in which two differ, sorted.
func (f Fields) Differing(other Fields) []string {
	names := map[string]bool{}
	for _, of := range []Fields{f, other} {
		for name := range of {
			if !slices.Equal(f[name], other[name]) {
				names[name] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(names))
}

// sets are the fields whose values have no order: what one adds and another
// takes away are both kept.
var sets = []string{"country", "region", "topic", "identifier", "link", "subject", "relation"}

// Ordered gives fields whose sets stand in the order in which other has them,
// what it lacks behind, so that a form that gives them in another order changes
// nothing.
func (f Fields) Ordered(other Fields) Fields {
	out := maps.Clone(f)
	for _, name := range sets {
		if len(f[name]) > 1 {
			kept := slices.DeleteFunc(slices.Clone(other[name]), func(v string) bool { return !slices.Contains(f[name], v) })
			out[name] = union(kept, f[name])
		}
	}
	return out
}

// Rebase brings what one person made of base (mine) together with what another
// made of it meanwhile (theirs): a field that only one has changed is as that
// one has it, sets take both changes. Clashes names the fields that both have
// changed otherwise; in merged they are as mine.
func Rebase(base, mine, theirs Fields) (merged Fields, clashes []string) {
	merged = maps.Clone(mine)
	for _, name := range base.Differing(theirs) {
		b, m, t := base[name], mine[name], theirs[name]
		var value []string
		switch {
		case slices.Equal(b, m), slices.Equal(m, t):
			value = t
		case slices.Contains(sets, name):
			value = less(m, b, t) // what they took away
			value = union(value, less(t, b, nil))
		default:
			clashes = append(clashes, name)
			value = m
		}
		if delete(merged, name); len(value) > 0 {
			merged[name] = value
		}
	}
	return merged, clashes
}
