package provider

import (
	"bytes"
	"regexp"
	"strings"

	"waymark/library"
	"waymark/vocabulary"
)

// set is a set of the protocol: those that have a value in a field, or any.
// Sets are named like facets: topic, topic:protection, country:SD.
type set struct {
	field library.Field
	value string // empty: any
}

// setFields are the fields by which the library can be harvested in part.
func setFields() []library.Field {
	return []library.Field{library.FieldTopic, library.FieldCountry, library.FieldLanguage, library.FieldCategory}
}

// setWord is what may stand in a part of a setSpec.
var setWord = regexp.MustCompile(`^[A-Za-z0-9_.!~*'()-]+$`)

// parseSet reads a setSpec. One that is well written but names no set holds
// nothing, as the protocol wants it.
func parseSet(spec string) (set, error) {
	parts := strings.Split(spec, ":")
	for _, part := range parts {
		if !setWord.MatchString(part) {
			return set{}, faultf(badArgument, "the set is not written as a setSpec")
		}
	}
	s := set{field: library.Field(parts[0])}
	if len(parts) == 2 {
		s.value = parts[1]
	}
	known := len(parts) <= 2
	if known {
		known = false
		for _, f := range setFields() {
			known = known || f == s.field
		}
	}
	if !known {
		return set{}, faultf(noRecordsMatch, "there is no such set: see ListSets")
	}
	return s, nil
}

// may tells whether the body of a resource can be in the set, at a glance: a
// value that does not stand in it at all is not one of its values.
func (s set) may(body []byte) bool {
	return s.value == "" || bytes.Contains(body, []byte(`"`+s.value+`"`))
}

// holds tells whether a resource is in the set.
func (s set) holds(r *library.Resource) bool {
	for _, v := range r.Values(s.field) {
		if s.value == "" || v == s.value {
			return true
		}
	}
	return false
}

// specs gives the sets that a resource is in and that ListSets names.
func specs(r *library.Resource, v *vocabulary.Vocabularies) []string {
	var all []string
	for _, f := range setFields() {
		for _, value := range r.Values(f) {
			if _, known := v.Field(f).Get(value); known && setWord.MatchString(value) {
				all = append(all, string(f)+":"+value)
			}
		}
	}
	return all
}
