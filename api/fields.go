package api

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
)

// Selection is the members that a client asked for; without any, all. The id is
// always among them.
type Selection []string

// fieldNames gives the names of the members of a resource.
func fieldNames() []string {
	var names []string
	for f := range reflect.TypeFor[Resource]().Fields() {
		if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name != "" && name != "-" {
			names = append(names, name)
		}
	}
	return names
}

// selected reads the parameter fields.
func selected(fields []string) (Selection, error) {
	names := fieldNames()
	for _, f := range fields {
		if !slices.Contains(names, f) {
			return nil, invalid("query.fields", "a resource has no member "+f+": choose from "+strings.Join(names, ", "))
		}
	}
	return fields, nil
}

// MarshalJSON writes the members that were asked for.
func (r Resource) MarshalJSON() ([]byte, error) {
	type plain Resource
	b, err := json.Marshal(plain(r))
	if err != nil || len(r.only) == 0 {
		return b, err
	}
	var all map[string]json.RawMessage
	if err := json.Unmarshal(b, &all); err != nil {
		return nil, err
	}
	for name := range all {
		if name != "id" && !slices.Contains(r.only, name) {
			delete(all, name)
		}
	}
	return json.Marshal(all)
}
