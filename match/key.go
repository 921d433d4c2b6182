package match

import (
	"slices"
	"strings"
)

// Key is a value that two records share when they may be one work.
type Key struct{ Scheme, Value string }

// The schemes of keys, beside those of identifiers.
const (
	KeyTitle = "title" // TitleKey of each title
	KeyNear  = "near"  // parts of a title, for titles that are near
	KeyURL   = "url"   // plain form of an address
	KeyRoman = "roman" // consonants of a title, for one in two scripts
)

// EnoughWeight is how much the keys that two records share must weigh for them
// to be worth comparing.
const EnoughWeight = 2

// Weight says how much it means that two records share the key. One pair of
// words is too little where a title has six of them: a typing error spoils
// three.
func (k Key) Weight() int {
	if k.Scheme == KeyNear && strings.HasPrefix(k.Value, pairSign) {
		return 1
	}
	return EnoughWeight
}

// pairSign stands before a pair of words of a title that has six such pairs.
const pairSign = "+"

// Keys gives the keys of a record, each once. Records that Compare may find to
// be more than Different, or related, share keys of EnoughWeight.
func (r *Record) Keys() []Key {
	keys := make([]Key, 0, 10)
	add := func(scheme, value string) {
		if k := (Key{scheme, value}); value != "" && !slices.Contains(keys, k) {
			keys = append(keys, k)
		}
	}
	for _, t := range r.titles {
		add(KeyTitle, strings.Join(t.key, " "))
		for _, s := range nearKeys(t.words) {
			add(KeyNear, s)
		}
		if t.other || r.roman {
			add(KeyRoman, skeleton(t.key))
		}
	}
	for _, id := range r.identifiers {
		add(id.Scheme, id.Value)
	}
	for _, u := range r.urls {
		add(KeyURL, u)
	}
	return keys
}

// nearKeys gives values of which two titles that differ by a typing error, a
// few words or a dropped subtitle share some: the first four words, and each
// pair among the four longest, which tend to be the rare ones.
func nearKeys(words []string) []string {
	if len(words) == 0 {
		return nil
	}
	keys := make([]string, 1, 7)
	keys[0] = "^" + strings.Join(words[:min(4, len(words))], " ")
	words = slices.Clone(words)
	slices.SortStableFunc(words, func(a, b string) int {
		if d := len(b) - len(a); d != 0 {
			return d
		}
		return strings.Compare(a, b)
	})
	words = slices.Compact(words)
	sign := ""
	if len(words) >= 4 {
		words, sign = words[:4], pairSign
	}
	for i, a := range words {
		for _, b := range words[i+1:] {
			keys = append(keys, sign+a+" "+b)
		}
	}
	return keys
}
