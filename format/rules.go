package format

import (
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Rule says what a field of a source, or a value of it, becomes.
type Rule struct {
	From    string `json:"from"`              // a field of Draft ("subject"), an element of Dublin Core ("dc.coverage"), "set", or "*" for every record
	Value   string `json:"value,omitempty"`   // only where From has this value
	To      string `json:"to"`                // a field of Draft, or "-" to leave it out
	Becomes string `json:"becomes,omitempty"` // the value of To; empty for the source's own
}

// Rules are what a curator says of the words of a source.
type Rules []Rule

// fields are the names of the fields that rules read and write.
var fields = []string{"author", "editor", "publisher", "country", "region", "topic", "subject", "place", "language",
	"category", "container", "volume", "issue", "pages", "edition", "rights"}

// ReadRules reads a file of rules: CSV of two columns, what the source has and
// what that becomes. On the left stands a field, a field and a value as
// "subject=TIP", a set as "set=hr", or "*"; on the right a field, a field and a
// value as "topic:trafficking", or "-". A line that begins with '#' is a remark.
func ReadRules(r io.Reader) (Rules, error) {
	in := csv.NewReader(r)
	in.FieldsPerRecord, in.Comment, in.TrimLeadingSpace = 2, '#', true
	var rules Rules
	for {
		row, err := in.Read()
		if err == io.EOF {
			return rules, nil
		}
		if err != nil {
			return nil, fmt.Errorf("read the rules: %w: write source,field in each line", err)
		}
		line, _ := in.FieldPos(0)
		if len(rules) == 0 && strings.TrimPrefix(row[0], "\ufeff") == "source" && row[1] == "field" {
			continue // headings
		}
		rule, err := ruleOf(strings.TrimPrefix(row[0], "\ufeff"), row[1])
		if err != nil {
			return nil, fmt.Errorf("read the rules: line %d: %w", line, err)
		}
		rules = append(rules, rule)
	}
}

func ruleOf(source, target string) (r Rule, err error) {
	from, value, valued := strings.Cut(source, "=")
	r.From, r.Value = strings.ToLower(strings.TrimSpace(from)), squeeze(value)
	r.To, r.Becomes, _ = strings.Cut(target, ":")
	r.To, r.Becomes = strings.ToLower(strings.TrimSpace(r.To)), squeeze(r.Becomes)
	name, core := strings.CutPrefix(r.From, "dc.")
	whole := r.From == "*" || r.From == "set"
	switch {
	case r.To != "-" && !slices.Contains(fields, r.To):
		return r, fmt.Errorf("there is no field %q: choose from %s, or - to leave it out", r.To, strings.Join(fields, ", "))
	case core && name == "", !core && !whole && !slices.Contains(fields, r.From):
		return r, fmt.Errorf("there is no source field %q: write dc. and an element of Dublin Core, set=NAME, *, or one of %s", r.From, strings.Join(fields, ", "))
	case valued && r.Value == "", r.From == "set" && !valued:
		return r, fmt.Errorf("%q lacks a value after =", source)
	case whole && r.Becomes == "":
		return r, fmt.Errorf("%q needs a value, as topic:trafficking", target)
	}
	return r, nil
}

// meets tells whether a rule speaks of a value of a field.
func (r Rule) meets(field, value string) bool {
	return r.From == field && (r.Value == "" || strings.EqualFold(r.Value, squeeze(value)))
}

// put adds a value to a field, of which one value takes the place of another.
func (d *Draft) put(field string, v Value) {
	if to := d.list(field); to != nil {
		if !slices.ContainsFunc(*to, func(other Value) bool { return other.Text == v.Text }) {
			*to = append(slices.Clip(*to), v)
		}
	} else if to := d.single(field); to != nil {
		*to = v
	}
}

// take applies the rules for a value of a field; it tells whether the value
// stays in its field too. It goes when it is left out, moved, or becomes
// another of the same field.
func (rules Rules) take(d *Draft, field string, v Value) (stays bool) {
	stays = true
	for _, r := range rules {
		if !r.meets(field, v.Text) {
			continue
		}
		to := v
		if r.Becomes != "" {
			to.Text = r.Becomes
		}
		if r.To != "-" {
			d.put(r.To, to)
		}
		if r.To == "-" || r.Becomes == "" && r.To != field || r.Becomes != "" && r.To == field {
			stays = false
		}
	}
	return stays
}

// Apply gives a draft as the rules want it; sets are those that the source has
// it in.
func (rules Rules) Apply(d Draft, sets ...string) Draft {
	if len(rules) == 0 || d.Deleted {
		return d
	}
	out := d
	for _, field := range fields { // emptied first, so that what is moved stays
		if to := out.list(field); to != nil {
			*to = nil
		} else {
			*out.single(field) = Value{}
		}
	}
	for _, field := range fields {
		if from := d.list(field); from != nil {
			for _, v := range *from {
				if rules.take(&out, field, v) {
					out.put(field, v)
				}
			}
		} else if v := *d.single(field); v.Text != "" && rules.take(&out, field, v) && out.single(field).Text == "" {
			out.put(field, v)
		}
	}
	for _, r := range rules {
		if r.From == "*" || r.From == "set" && slices.Contains(sets, r.Value) {
			out.put(r.To, Value{d.Line, r.Becomes})
		}
	}
	return out
}

// core reads a record of Dublin Core, the elements that rules speak of by them.
func (rules Rules) core(rec *element) Draft {
	var told Draft
	rest := *rec
	rest.children = nil
	for _, c := range rec.children {
		v := Value{c.line, squeeze(c.text)}
		if v.Text == "" || rules.take(&told, "dc."+strings.ToLower(c.name.Local), v) {
			rest.children = append(rest.children, c)
		}
	}
	d := dcDraft(&rest)
	for _, field := range fields {
		if from := told.list(field); from != nil {
			for _, v := range *from {
				d.put(field, v)
			}
		} else if v := *told.single(field); v.Text != "" {
			d.put(field, v)
		}
	}
	return d
}

// Drafts applies the rules to a stream.
func (rules Rules) Drafts(in Drafts) Drafts {
	if len(rules) == 0 {
		return in
	}
	return func(yield func(Draft, error) bool) {
		for d, err := range in {
			if err == nil {
				d = rules.Apply(d)
			}
			if !yield(d, err) {
				return
			}
		}
	}
}
