package match

import (
	"cmp"
	"slices"
	"strconv"
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

// Keys gives the keys of a record, each once. Records that Compare may find to
// be more than Different, or related, nearly always share one.
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

// partSign stands before the hash of some words of a title.
const partSign = "+"

// nearKeys gives values of which two titles that differ by a typing error, a
// few words or a dropped subtitle share one: the first four words, and each
// three of the four longest, which tend to be the rare ones; of a short title
// each pair. They are hashed, since a library has very many of them.
func nearKeys(words []string) []string {
	if len(words) == 0 {
		return nil
	}
	keys := make([]string, 1, 5)
	keys[0] = shorten("^", words[:min(4, len(words))]...)
	words = slices.Clone(words)
	slices.SortFunc(words, func(a, b string) int {
		return cmp.Or(len(b)-len(a), strings.Compare(a, b))
	})
	words = slices.Compact(words)
	if len(words) >= 4 {
		a, b, c, d := words[0], words[1], words[2], words[3]
		return append(keys, shorten(partSign, a, b, c), shorten(partSign, a, b, d), shorten(partSign, a, c, d), shorten(partSign, b, c, d))
	}
	for i, a := range words {
		for _, b := range words[i+1:] {
			keys = append(keys, shorten(partSign, a, b))
		}
	}
	return keys
}

// shorten gives a sign and a hash of words in base 36.
func shorten(sign string, words ...string) string {
	return sign + strconv.FormatUint(hash(words...), 36)
}

// hash is FNV-1a, 64 bits, of strings with a zero byte after each.
func hash(list ...string) uint64 {
	const offset, prime = 14695981039346656037, 1099511628211
	h := uint64(offset)
	for _, s := range list {
		for i := range len(s) {
			h = (h ^ uint64(s[i])) * prime
		}
		h *= prime // as after a zero byte
	}
	return h
}
