package store

import (
	"encoding/json"
	"strings"
	"unicode/utf8"

	"waymark/library"
)

// check refuses an edit that no state of the library could take in.
func check(edit library.Edit) error {
	switch {
	case len(edit.Changes) == 0:
		return invalid("changes", "an edit changes at least one entry")
	case edit.At.IsZero():
		return invalid("at", "an edit has a time")
	case edit.Actor == "" || edit.Action == "":
		return invalid("actor", "an edit says who did what")
	case !storable(edit.Actor, edit.Action, edit.Note):
		return invalid("note", "the actor, action or note of an edit is no clean UTF-8")
	}
	seen := make(map[library.ID]bool, len(edit.Changes))
	for _, c := range edit.Changes {
		if seen[c.Entry.ID] {
			return invalid("changes", "an edit changes entry %s twice", c.Entry.ID)
		}
		seen[c.Entry.ID] = true
		if err := checkEntry(c.Entry); err != nil {
			return err
		}
	}
	return nil
}

func checkEntry(e library.Entry) error {
	switch {
	case !e.ID.Valid():
		return invalid("id", "%q is no ULID", e.ID)
	case e.Kind == "" || e.Status == "" || e.Audience == "":
		return invalid("status", "entry %s lacks its kind, status or audience", e.ID)
	case (e.Status == library.Merged) != (e.MergedInto != ""):
		return invalid("merged_into", "entry %s is %s but names the successor %q", e.ID, e.Status, e.MergedInto)
	case !json.Valid(e.Body) || !utf8.Valid(e.Body):
		return invalid("body", "the body of entry %s is no JSON", e.ID)
	case !storable(string(e.Kind), string(e.Status), string(e.Audience)):
		return invalid("status", "the kind, status or audience of entry %s is no clean UTF-8", e.ID)
	}
	for _, k := range e.Keys {
		if k.Scheme == "" || k.Value == "" || !storable(k.Scheme, k.Value) {
			return invalid("keys", "the key %q %q of entry %s is empty or no clean UTF-8", k.Scheme, k.Value, e.ID)
		}
	}
	return nil
}

// storable tells that every engine keeps the texts as they are: PostgreSQL
// takes neither invalid UTF-8 nor a zero byte.
func storable(texts ...string) bool {
	for _, t := range texts {
		if !utf8.ValidString(t) || strings.IndexByte(t, 0) >= 0 {
			return false
		}
	}
	return true
}

// invalid makes the error of an edit that cannot be made, with the field at fault.
func invalid(field, format string, args ...any) error {
	err := library.Errorf(library.Invalid, format, args...)
	err.Field = field
	return err
}
