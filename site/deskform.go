package site

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"waymark/evidence"
	"waymark/library"
	"waymark/locale"
	"waymark/vocabulary"
)

// formPage is pages/form.html: something small of the desk as a form, such as
// a finding or the definition of an indicator.
type formPage struct {
	deskFrame
	Crumb   link
	Heading text
	Draft   bool
	Go      []link // what else there is to do with it
	Lead    []string
	Action  string
	Hidden  []hidden
	Problem string
	Groups  []formGroup
	Buttons []choice // the chosen one is the main one
	Grave   *link    // takes it out
	Parts   []group  // what it has of its own, each with a form
	Lists   []suggestions
}

// inputs is what stands in a form, and what is wrong with it.
type inputs struct {
	s      *Site
	l      *locale.Language
	fields library.Fields
	faults map[string]string
	clash  *library.Clash
	adds   url.Values // names that were written beside boxes to tick
}

// controls are the inputs of a form that are no fields.
var controls = []string{"do", "base", "take", "why", "sure", "id", "place"}

// sent reads a posted form of small records: a field of lineNames is one value
// a line, names beside boxes to tick become codes.
func (s *Site) sent(w http.ResponseWriter, r *http.Request, l *locale.Language, lineNames ...string) (inputs, error) {
	in := inputs{s: s, l: l, fields: library.Fields{}, faults: map[string]string{}}
	if err := readForm(w, r, maxForm); err != nil {
		return in, err
	}
	in.adds = r.PostForm
	for name, values := range r.PostForm {
		if slices.Contains(controls, name) || strings.HasSuffix(name, added) {
			continue
		}
		if slices.Contains(lineNames, name) {
			values = lines(strings.Join(values, "\n"))
		} else {
			for i, v := range values {
				values[i] = strings.TrimSpace(strings.ReplaceAll(v, "\r\n", "\n"))
			}
			values = slices.DeleteFunc(values, func(v string) bool { return v == "" })
			slices.Sort(values)
		}
		if len(values) > 0 {
			in.fields[name] = values
		}
	}
	f := form{values: r.PostForm, fields: in.fields, faults: in.faults}
	s.addCodes(&f, l, func(name string, codes ...string) {
		for _, code := range codes {
			if !slices.Contains(in.fields[name], code) {
				in.fields[name] = append(in.fields[name], code)
				slices.Sort(in.fields[name])
			}
		}
	})
	return in, nil
}

// base gives the version from which a form was made, 0 for something new.
func base(r *http.Request) int64 {
	n, err := strconv.ParseInt(r.PostForm.Get("base"), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// take puts into the fields what another has made of those that a person ticks.
func (in inputs) take(r *http.Request, theirs library.Fields) {
	for _, name := range r.PostForm["take"] {
		if delete(in.fields, name); len(theirs[name]) > 0 {
			in.fields[name] = theirs[name]
		}
	}
}

// refused tells whether an error is one that the form is shown again with, and
// notes it there.
func (in *inputs) refused(err error) bool {
	if clash, ok := evidence.AsClash(err); ok {
		in.clash, in.fields = clash, clash.Merged
		return true
	}
	f := form{faults: in.faults}
	return faulty(in.l, err, &f)
}

// field makes an input; kind is as in formField.
func (in inputs) field(name, kind, label string) formField {
	f := formField{Name: name, Kind: kind, Label: label, Value: strings.Join(in.fields[name], "\n"), Fault: in.faults[name]}
	if in.clash != nil && slices.Contains(in.clash.Fields, name) {
		if f.Theirs = strings.Join(in.clash.Theirs[name], "\n"); f.Theirs == "" {
			f.Theirs = "–"
		}
	}
	return f
}

func (in inputs) line(name, key string) formField  { return in.field(name, "line", in.l.T(key)) }
func (in inputs) date(name, key string) formField  { return in.field(name, "date", in.l.T(key)) }
func (in inputs) box(name, key string) formField   { return in.field(name, "box", in.l.T(key)) }
func (in inputs) lines(name, key string) formField { return in.field(name, "lines", in.l.T(key)) }

// from makes an input to choose one or, with kind "all", several of a
// vocabulary; deeper terms stand behind a dash.
func (in inputs) from(name, kind, key string, list *vocabulary.List) formField {
	f := in.field(name, kind, in.l.T(key))
	for _, t := range list.All() {
		label, _ := t.Labels.In(in.l.Tag)
		if t.Broader != "" && kind == "choose" {
			label = "– " + label
		}
		f.Choices = append(f.Choices, choice{t.Code, label, slices.Contains(in.fields[name], t.Code)})
	}
	if f.Theirs != "" && f.Theirs != "–" {
		f.Theirs = list.Label(f.Theirs, in.l.Tag)
	}
	return f
}

// words makes an input to choose one of a few words, named by their messages.
func (in inputs) words(name, key string, words ...string) formField {
	f := in.field(name, "choose", in.l.T(key))
	for _, w := range words {
		f.Choices = append(f.Choices, choice{w, in.l.T("code.word." + w), slices.Contains(in.fields[name], w)})
	}
	return f
}

// tick makes boxes of the countries or languages that are chosen, and room to
// add others by name.
func (in inputs) tick(field library.Field) formField {
	name := string(field)
	f := in.field(name, "tick", in.l.T("field."+name))
	for _, code := range in.fields[name] {
		f.Choices = append(f.Choices, choice{code, in.s.Vocabularies.Field(field).Label(code, in.l.Tag), true})
	}
	f.List, f.Hint = "list-"+name, in.l.T("desk.hint.add")
	if f.Fault != "" {
		f.Add = in.adds.Get(name + added)
	}
	return f
}

// texts makes an input for each language of the interface.
func (in inputs) texts(name, key string) (all []formField) {
	tags := []string{in.l.Tag}
	for _, tag := range locale.Tags() {
		if tag != in.l.Tag {
			tags = append(tags, tag)
		}
	}
	for _, field := range slices.Sorted(maps.Keys(in.fields)) { // and of what is there
		if tag, ok := strings.CutPrefix(field, name+"."); ok && !slices.Contains(tags, tag) {
			tags = append(tags, tag)
		}
	}
	for _, tag := range tags {
		f := in.field(name+"."+tag, "line", in.l.T(key)+" ("+in.s.Vocabularies.Languages.Label(tag, in.l.Tag)+")")
		f.Lang = tag
		all = append(all, f)
	}
	return all
}

// showInputs shows a form with its groups; what is wrong with no single input
// stands above it.
func (s *Site) showInputs(w http.ResponseWriter, p formPage, in inputs, groups ...formGroup) error {
	p.Groups = groups
	shown := map[string]bool{}
	ticks := false
	for _, g := range groups {
		for _, f := range g.Fields {
			shown[f.Name] = true
			ticks = ticks || f.Kind == "tick"
		}
	}
	status := http.StatusOK
	if len(in.faults) > 0 {
		status, p.Problem = http.StatusUnprocessableEntity, p.L.T("desk.faults")
		for _, name := range slices.Sorted(maps.Keys(in.faults)) {
			if !shown[name] {
				p.Problem += " " + in.faults[name]
			}
		}
	}
	if in.clash != nil {
		status, p.Problem = http.StatusConflict, p.L.T("desk.clash", "Who", in.clash.Actor, "Date", p.L.Day(in.clash.At))
		for i := range p.Hidden {
			if p.Hidden[i].Name == "base" {
				p.Hidden[i].Value = strconv.FormatInt(in.clash.Version, 10)
			}
		}
	}
	if ticks {
		for _, field := range []library.Field{library.FieldCountry, library.FieldLanguage} {
			list := suggestions{ID: "list-" + string(field)}
			for _, c := range s.choices(p.L, field) {
				list.Values = append(list.Values, c.Label)
			}
			p.Lists = append(p.Lists, list)
		}
	}
	return s.show(w, status, "form", p)
}
