package evidence

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"waymark/library"
)

// FieldPublication holds the records of the catalogue that tell of a study.
const FieldPublication = "publication"

// texts gives the fields of one value that describe a study, with their places.
func (s *Study) texts() map[string]*string {
	return map[string]*string{"kind": &s.Kind, "state": &s.State, "design": &s.Design, "comparison": &s.Comparison, "registration": &s.Registration,
		"ethics": &s.Ethics, "survivor_role": &s.SurvivorRole, "evaluator": &s.Evaluator}
}

// lists gives the fields of several codes.
func (s *Study) lists() map[string]*[]string {
	return map[string]*[]string{"country": &s.Countries, "setting": &s.Settings, "population": &s.Populations, "form": &s.Forms, "pillar": &s.Pillars, "language": &s.Languages}
}

// numbers gives the fields that hold a whole number.
func (s *Study) numbers() map[string]**int {
	return map[string]**int{"participants": &s.Participants, "sites": &s.Sites}
}

// Fields gives how a study is described, as a person edits it: all but its
// codings, findings and appraisals, which have forms of their own.
func (s *Study) Fields() library.Fields {
	f := library.Fields{}
	put := func(name string, values ...string) {
		if len(values) > 0 && values[0] != "" {
			f[name] = values
		}
	}
	putText(f, "title", s.Titles)
	for name, at := range s.texts() {
		put(name, *at)
	}
	for name, at := range s.lists() {
		put(name, slices.Sorted(slices.Values(*at))...)
	}
	for name, at := range s.numbers() {
		put(name, whole(*at))
	}
	if s.Year != 0 {
		put("year", strconv.Itoa(s.Year))
	}
	put("cost", yes(s.CostData))
	put("empty", yes(s.Empty))
	for _, p := range s.Publications {
		f[FieldPublication] = append(f[FieldPublication], string(p.Resource))
	}
	return f
}

// SetFields makes a study be described as the fields say, and no more. The
// hash of a publication that is new is left empty. It answers Invalid for each
// field that holds no number where one belongs, joined.
func (s *Study) SetFields(f library.Fields) error {
	r := &reading{fields: f}
	s.Titles = r.text("title")
	for name, at := range s.texts() {
		*at = f.First(name)
	}
	for name, at := range s.lists() {
		*at = inOrder(*at, f[name])
	}
	for name, at := range s.numbers() {
		*at = r.whole(name)
	}
	s.Year = 0
	if year := r.whole("year"); year != nil {
		s.Year = *year
	}
	s.CostData, s.Empty = f.First("cost") != "", f.First("empty") != ""
	old := s.Publications
	s.Publications = nil
	for _, id := range f[FieldPublication] {
		p := Publication{Resource: library.ID(id)}
		if i := slices.IndexFunc(old, func(o Publication) bool { return o.Resource == p.Resource }); i >= 0 {
			p = old[i]
		}
		s.Publications = append(s.Publications, p)
	}
	return errors.Join(r.faults...)
}

// Fields gives a finding as a person edits it.
func (n *Finding) Fields() library.Fields {
	f := library.Fields{}
	for name, at := range n.texts() {
		if *at != "" {
			f[name] = []string{*at}
		}
	}
	for name, at := range n.decimals() {
		if *at != nil {
			f[name] = []string{decimal(*at)}
		}
	}
	for name, at := range n.wholes() {
		if *at != nil {
			f[name] = []string{whole(*at)}
		}
	}
	for name, list := range map[string][]string{"population": n.Populations, "country": n.Countries} {
		if len(list) > 0 {
			f[name] = slices.Sorted(slices.Values(list))
		}
	}
	n.Locator.fields(f)
	putText(f, "plain", n.Plain)
	return f
}

func (n *Finding) texts() map[string]*string {
	return map[string]*string{"intervention": &n.Intervention, "outcome": &n.Outcome, "direction": &n.Direction, "metric": &n.Metric, "certainty": &n.Certainty, "harms": &n.Harms}
}

func (n *Finding) decimals() map[string]**float64 {
	return map[string]**float64{"value": &n.Value, "low": &n.Low, "high": &n.High}
}

func (n *Finding) wholes() map[string]**int {
	return map[string]**int{"n": &n.N, "months": &n.Months}
}

// SetFields makes a finding say what the fields say. It answers Invalid for
// each field that holds no number where one belongs, joined.
func (n *Finding) SetFields(f library.Fields) error {
	r := &reading{fields: f}
	for name, at := range n.texts() {
		*at = f.First(name)
	}
	for name, at := range n.decimals() {
		*at = r.decimal(name)
	}
	for name, at := range n.wholes() {
		*at = r.whole(name)
	}
	n.Populations, n.Countries = inOrder(n.Populations, f["population"]), inOrder(n.Countries, f["country"])
	n.Locator = r.locator()
	n.Plain = r.text("plain")
	return errors.Join(r.faults...)
}

// Fields gives an appraisal as a person edits it; domains are lines "name:
// judgement: support".
func (a *Appraisal) Fields() library.Fields {
	f := library.Fields{}
	for name, value := range map[string]string{"tool": a.Tool, "version": a.Version, "overall": a.Overall, "date": a.Date, "agreed": yes(a.Agreed), "current": yes(a.Current)} {
		if value != "" {
			f[name] = []string{value}
		}
	}
	for _, d := range a.Domains {
		line := d.Name + ": " + d.Judgement
		if d.Support != "" {
			line += ": " + d.Support
		}
		f["domain"] = append(f["domain"], line)
	}
	return f
}

// SetFields makes an appraisal say what the fields say. A domain that was
// there keeps its locator.
func (a *Appraisal) SetFields(f library.Fields) error {
	a.Tool, a.Version, a.Overall, a.Date = f.First("tool"), f.First("version"), f.First("overall"), f.First("date")
	a.Agreed, a.Current = f.First("agreed") != "", f.First("current") != ""
	old := a.Domains
	a.Domains = nil
	for _, line := range f["domain"] {
		name, rest, ok := strings.Cut(line, ":")
		judgement, support, _ := strings.Cut(rest, ":")
		d := Domain{Name: strings.TrimSpace(name), Judgement: strings.TrimSpace(judgement), Support: strings.TrimSpace(support)}
		if !ok || d.Name == "" || d.Judgement == "" {
			return fault("domain", "desk.fault.domain", "the domain %q of an appraisal has no judgement", line)
		}
		if i := slices.IndexFunc(old, func(o Domain) bool { return o.Name == d.Name }); i >= 0 {
			d.Locator = old[i].Locator
		}
		a.Domains = append(a.Domains, d)
	}
	return nil
}

// Fields gives a gap as a person edits it; findings are "study/number", from 1.
func (g *Gap) Fields() library.Fields {
	f := library.Fields{}
	for name, value := range map[string]string{"row": g.Row, "column": g.Column, "statement": g.Statement, "gap": g.Kind, "searched": g.Searched, "closed": g.Closed} {
		if value != "" {
			f[name] = []string{value}
		}
	}
	if g.Priority != 0 {
		f["priority"] = []string{strconv.Itoa(g.Priority)}
	}
	for _, ref := range g.Findings {
		f["finding"] = append(f["finding"], fmt.Sprintf("%s/%d", ref.Study, ref.Finding+1))
	}
	putText(f, "basis", g.Basis)
	return f
}

// SetFields makes a gap say what the fields say.
func (g *Gap) SetFields(f library.Fields) error {
	r := &reading{fields: f}
	g.Row, g.Column, g.Statement, g.Kind, g.Searched, g.Closed = f.First("row"), f.First("column"), f.First("statement"), f.First("gap"), f.First("searched"), f.First("closed")
	g.Priority, g.Findings = 0, nil
	if n := r.whole("priority"); n != nil {
		g.Priority = *n
	}
	for _, line := range f["finding"] {
		study, number, ok := strings.Cut(line, "/")
		n, err := strconv.Atoi(number)
		if !ok || err != nil || n < 1 {
			r.fault("finding", "desk.fault.finding")
			continue
		}
		g.Findings = append(g.Findings, FindingRef{library.ID(study), n - 1})
	}
	g.Basis = r.text("basis")
	return errors.Join(r.faults...)
}

func (l Locator) fields(f library.Fields) {
	for name, value := range map[string]string{"at.resource": string(l.Resource), "at.file": l.File, "at.label": l.Label} {
		if value != "" {
			f[name] = []string{value}
		}
	}
	if l.Page > 0 {
		f["at.page"] = []string{strconv.Itoa(l.Page)}
	}
}

// reading reads fields and gathers what is at fault in them.
type reading struct {
	fields library.Fields
	faults []error
}

func (r *reading) fault(field, key string) {
	r.faults = append(r.faults, fault(field, key, "the field %s holds %q", field, r.fields[field]))
}

func (r *reading) whole(name string) *int {
	text := r.fields.First(name)
	if text == "" {
		return nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		r.fault(name, "desk.fault.whole")
		return nil
	}
	return &n
}

func (r *reading) decimal(name string) *float64 {
	text := r.fields.First(name)
	if text == "" {
		return nil
	}
	v, err := strconv.ParseFloat(text, 64)
	if err != nil || v-v != 0 { // nor infinite
		r.fault(name, "desk.fault.number")
		return nil
	}
	return &v
}

func (r *reading) locator() Locator {
	l := Locator{Resource: library.ID(r.fields.First("at.resource")), File: r.fields.First("at.file"), Label: r.fields.First("at.label")}
	if page := r.whole("at.page"); page != nil {
		l.Page = *page
	}
	return l
}

// text reads a text in several languages: "title.fr".
func (r *reading) text(name string) library.Text {
	var t library.Text
	for _, field := range slices.Sorted(maps.Keys(r.fields)) {
		if lang, ok := strings.CutPrefix(field, name+"."); ok && r.fields.First(field) != "" {
			if t == nil {
				t = library.Text{}
			}
			t[lang] = r.fields.First(field)
		}
	}
	return t
}

func putText(f library.Fields, name string, t library.Text) {
	for lang, s := range t {
		f[name+"."+lang] = []string{s}
	}
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return ""
}

// inOrder gives new values in the order of the old ones, what is new behind.
func inOrder(old, now []string) []string {
	out := slices.DeleteFunc(slices.Clone(old), func(c string) bool { return !slices.Contains(now, c) })
	for _, c := range now {
		if !slices.Contains(out, c) {
			out = append(out, c)
		}
	}
	return out
}

// fault is invalid with the message that a person is to read.
func fault(field, key, format string, args ...any) error {
	err := library.Errorf(library.Invalid, format, args...)
	err.Field, err.Key = field, key
	return err
}
