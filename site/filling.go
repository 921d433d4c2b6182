package site

import (
	"cmp"
	"slices"
	"strings"

	"waymark/curate"
	"waymark/library"
	"waymark/locale"
)

// filling fills a form in.
type filling struct {
	labels
	rec    *library.Resource
	form   form
	clash  *curate.Clash
	viewer library.Viewer
	// uploads are the files that the viewer has brought and not saved yet.
	uploads []library.File
}

// value gives what stands in an input: what the person wrote, else what the
// fields say, as lines for a person.
func (f *filling) value(name string) string {
	if f.form.values != nil {
		return f.form.values.Get(name)
	}
	values := f.form.fields[name]
	if slices.Contains(contributors, name) {
		values = f.labels.values(name, values)
	}
	return strings.Join(values, "\n")
}

// chosen gives the values of a field that are ticked.
func (f *filling) chosen(name string) []string {
	if f.form.fields != nil {
		return f.form.fields[name]
	}
	return f.form.values[name]
}

// theirs gives what another person made of a field, when it clashes.
func (f *filling) theirs(name string) string {
	if f.clash == nil || !slices.Contains(f.clash.Fields, name) {
		return ""
	}
	if said := f.labels.values(name, f.clash.Theirs[name]); len(said) > 0 {
		return strings.Join(said, "\n")
	}
	return "–"
}

// maxSaid bounds what is shown of a source's words, in bytes.
const maxSaid = 300

// said gives what sources say of a field, with a note, where that is not what
// the record says.
func (f *filling) said(name string) []string {
	var out []string
	for _, src := range f.rec.Sources {
		for _, st := range src.Stated {
			if st.Field != name || st.Note == "" && f.says(name, st.Values) {
				continue
			}
			said := strings.Join(st.Values, "; ")
			said = strings.ToValidUTF8(said[:min(len(said), maxSaid)], "")
			key := "desk.said"
			if st.Note != "" {
				key = "desk.proposed"
			}
			if line := f.l.T(key, "Source", src.Name, "Text", said); !slices.Contains(out, line) {
				out = append(out, line)
			}
		}
	}
	return out
}

// says tells whether the record says what a source states, in any language.
func (f *filling) says(name string, stated []string) bool {
	now := f.rec.Fields()
	var known []string
	for field, values := range now {
		if base, _, _ := strings.Cut(field, "."); base == name {
			known = append(known, values...)
		}
	}
	for _, id := range now[name] {
		if a := f.agents[library.ID(id)]; a != nil && slices.Contains(contributors, name) {
			known = append(append(known, a.Acronym), a.Variants...)
			for _, s := range a.Names {
				known = append(known, s)
			}
		}
	}
	return !slices.ContainsFunc(stated, func(s string) bool {
		if slices.Contains(coded, name) {
			term, ok := f.s.Vocabularies.Field(library.Field(name)).Find(s)
			return !ok || !slices.Contains(now[name], term.Code)
		}
		return !slices.ContainsFunc(known, func(k string) bool { return k == s || library.NameKey(k) == library.NameKey(s) })
	})
}

// texts gives a row for each language of the interface and of the record, those
// with text first.
func (f *filling) texts() []textRow {
	tags := append(slices.Clone(f.rec.Languages), f.l.Tag)
	for name := range f.form.fields {
		if base, lang, ok := strings.Cut(name, "."); ok && (base == "title" || base == "abstract") {
			tags = append(tags, lang)
		}
	}
	for name := range f.form.values {
		if base, lang, ok := strings.Cut(name, "."); ok && (base == "title" || base == "abstract") {
			tags = append(tags, lang)
		}
	}
	slices.Sort(tags[len(f.rec.Languages):])
	tags = append(tags, locale.Tags()...)
	var rows []textRow
	for i, tag := range tags {
		if slices.Contains(tags[:i], tag) || tag == "" {
			continue
		}
		row := textRow{Lang: tag, Dir: locale.Direction(tag), Label: f.s.Vocabularies.Languages.Label(tag, f.l.Tag),
			Title: f.value("title." + tag), Abstract: f.value("abstract." + tag),
			TheirTitle: f.theirs("title." + tag), TheirAbstract: f.theirs("abstract." + tag)}
		if tag == library.Undetermined {
			row.Label = f.l.T("desk.undetermined")
		}
		row.Open = len(rows) == 0 || row.Title+row.Abstract+row.TheirTitle+row.TheirAbstract != ""
		if len(rows) == 0 {
			row.Said = append(f.said("title"), f.said("abstract")...)
		}
		rows = append(rows, row)
	}
	slices.SortStableFunc(rows, func(a, b textRow) int { return cmp.Compare(empties(a), empties(b)) })
	return rows
}

func empties(r textRow) int {
	if r.Open {
		return 0
	}
	return 1
}

// groups gives the other fields under their headings.
func (f *filling) groups() []formGroup {
	field := func(name, kind string) formField {
		return formField{Name: name, Kind: kind, Label: f.name(name), Value: f.value(name), Fault: f.form.faults[name], Theirs: f.theirs(name), Said: f.said(name)}
	}
	lines := func(name string) formField {
		out := field(name, "lines")
		out.Hint = f.l.T("desk.hint." + name)
		if slices.Contains(contributors, name) {
			out.List = "/" + f.l.Tag + "/desk/names"
		}
		return out
	}
	tick := func(name string) formField {
		out := field(name, "tick")
		for _, code := range f.chosen(name) {
			out.Choices = append(out.Choices, choice{code, f.labels.values(name, []string{code})[0], true})
		}
		out.Add = f.form.values.Get(name + added)
		if name != "relation" {
			out.List = "list-" + name
			out.Hint = f.l.T("desk.hint.add")
		}
		return out
	}
	every := func(name, kind string) formField {
		out := field(name, kind)
		out.Choices = f.s.choices(f.l, library.Field(name), f.chosen(name)...)
		return out
	}
	groups := []formGroup{
		{f.l.T("desk.group.who"), []formField{lines("author"), lines("editor"), lines("publisher"), field("date", "date")}},
		{f.l.T("desk.group.about"), []formField{tick("country"), tick("region"), every("topic", "all"), every("category", "choose"), tick("language"), lines("subject")}},
		{f.l.T("desk.group.where"), []formField{lines("link"), lines("identifier"), field("container", "line"), field("volume", "line"), field("issue", "line"),
			field("pages", "line"), field("edition", "line"), field("rights", "line"), f.relation(tick("relation"))}},
	}
	if f.viewer.Role < library.Curator {
		return append(groups, formGroup{f.l.T("desk.group.desk"), []formField{field(library.FieldNote, "line")}})
	}
	return append(groups, formGroup{f.l.T("desk.group.desk"), f.desk(field)})
}

// relation offers the kinds of relations to add.
func (f *filling) relation(out formField) formField {
	out.Kind, out.Hint = "relation", f.l.T("desk.hint.relation")
	return out
}

// desk gives the fields that are for curators to say.
func (f *filling) desk(field func(name, kind string) formField) []formField {
	audience := field(library.FieldAudience, "choose")
	for _, a := range f.audiences() {
		audience.Choices = append(audience.Choices, choice{string(a), audienceName(f.l, a), slices.Contains(f.chosen(library.FieldAudience), string(a))})
	}
	listed := field(library.FieldListed, "box")
	listed.Hint = f.l.T("desk.hint.listed")
	if f.form.fields == nil {
		listed.Value = f.form.values.Get(library.FieldListed)
	}
	fields := []formField{audience, listed, field(library.FieldOpens, "date"), field(library.FieldAssigned, "line"), field(library.FieldDue, "date"), field(library.FieldNote, "line")}
	if f.rec.Status == library.Draft {
		fields = append(fields, field(library.FieldPublish, "date"))
	}
	return fields
}

// audiences gives those that the viewer may choose: their own, and the record's.
func (f *filling) audiences() []library.Audience {
	all := append([]library.Audience{library.Public, library.Staff}, f.viewer.Audiences...)
	all = append(all, f.rec.Audience)
	slices.Sort(all[1:])
	return slices.DeleteFunc(slices.Compact(all), func(a library.Audience) bool {
		return a == "" || a != library.Public && a != f.rec.Audience && !slices.Contains(f.viewer.Audiences, a)
	})
}

func (f *filling) files() []fileRow {
	var rows []fileRow
	own := f.rec.FilesFor(f.viewer)
	for i, file := range append(own, f.uploads...) {
		if i >= len(own) && f.rec.HasFile(file.Digest) {
			continue
		}
		key := "file:" + file.Digest
		values := f.chosen(key)
		if len(values) < 3 {
			values = []string{file.Name, string(file.Audience), file.Language, string(file.Opens)}
		}
		row := fileRow{Key: key, Name: values[0], Language: values[2], Opens: strings.Join(values[3:], ""), Audiences: []choice{{"", f.l.T("desk.audience.same"), values[1] == ""}}}
		for _, a := range f.audiences() {
			if a != library.Public {
				row.Audiences = append(row.Audiences, choice{string(a), audienceName(f.l, a), values[1] == string(a)})
			}
		}
		if i >= len(own) {
			row.New = file.Digest
		}
		rows = append(rows, row)
	}
	return rows
}
