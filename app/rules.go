package app

import (
	"bytes"
	"fmt"
	"os"

	"waymark/format"
	"waymark/library"
	"waymark/vocabulary"
)

// rulesHelp says in the help of commands how a file of rules is written.
const rulesHelp = "CSV of two columns, what a record has and what that becomes. " +
	"Left: a field (subject), a field with a value (subject=TIP), an element of Dublin Core (dc.coverage, dc.type=Text), a set of OAI-PMH (set=hr), or * for every record. " +
	"Right: a field (country), a field with a code or value (topic:trafficking, category:guidance), or - to leave it out. " +
	"A field is moved; a value is given beside the source's own word, in the same field in its place."

// maxRules is the size of a file of rules in bytes.
const maxRules = 256 << 10

// readRules reads a file of rules; a code that no vocabulary has is an error.
func (h *house) readRules(name string) (format.Rules, string, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, "", fmt.Errorf("read the rules: %w", err)
	}
	if info.Size() > maxRules {
		return nil, "", library.Errorf(library.Invalid, "read the rules: %s is larger than %d KiB", name, maxRules>>10)
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, "", fmt.Errorf("read the rules: %w", err)
	}
	rules, err := format.ReadRules(bytes.NewReader(text))
	if err != nil {
		return nil, "", fmt.Errorf("%s: %w", name, err)
	}
	v := h.vocabularies
	lists := map[string][]*vocabulary.List{"topic": {v.Topics}, "category": {v.Categories}, "language": {v.Languages},
		"country": {v.Countries, v.Regions}, "region": {v.Regions, v.Countries}}
	for _, r := range rules {
		known := r.Becomes == "" || lists[r.To] == nil
		for _, list := range lists[r.To] {
			_, ok := list.Find(r.Becomes)
			known = known || ok
		}
		if !known {
			return nil, "", library.Errorf(library.Invalid, "%s: %s %q is not in the vocabulary: see waymark vocabulary", name, r.To, r.Becomes)
		}
	}
	return rules, string(text), nil
}
