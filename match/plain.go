package match

import (
	"net/url"
	"strconv"
	"strings"

	"waymark/analysis"
)

// Plain gives the identifier in the one form that all ways of writing it
// share: a DOI in lower case and without its resolver, an ISBN as 13 digits
// (ISO 2108), a symbol of the United Nations in upper case without spaces.
func (id Identifier) Plain() Identifier {
	switch id.Scheme {
	case "doi":
		v := strings.ToLower(strings.TrimSpace(id.Value))
		if at := strings.Index(v, "10."); at > 0 && strings.Trim(v[:at], "abcdefghijklmnopqrstuvwxyz.:/ ") == "" {
			v = v[at:]
		}
		return Identifier{id.Scheme, v}
	case "isbn":
		return Identifier{id.Scheme, plainISBN(id.Value)}
	case "un-symbol":
		return Identifier{id.Scheme, strings.ToUpper(strings.ReplaceAll(id.Value, " ", ""))}
	}
	return id
}

// plainISBN gives an ISBN of 10 or 13 digits as 13; anything else as it is.
func plainISBN(value string) string {
	v := strings.ToUpper(strings.NewReplacer("-", "", " ", "").Replace(value))
	if len(v) != 10 || strings.Trim(v[:9], "0123456789") != "" {
		return v
	}
	v = "978" + v[:9]
	sum := 0
	for i, c := range v {
		sum += int(c-'0') * (1 + 2*(i%2))
	}
	return v + strconv.Itoa((10-sum%10)%10)
}

// plainURL gives an address without what differs between ways to the same
// page: scheme, "www.", fragment, a slash at the end. An address of a whole
// host says nothing of a work and gives nothing.
func plainURL(s string) string {
	u, err := url.Parse(strings.TrimSpace(s))
	if err != nil || u.Host == "" {
		return ""
	}
	path := strings.TrimRight(u.EscapedPath(), "/")
	if path == "" && u.RawQuery == "" {
		return ""
	}
	plain := strings.TrimPrefix(strings.ToLower(u.Host), "www.") + path
	if u.RawQuery != "" {
		plain += "?" + u.RawQuery
	}
	return plain
}

// extent is where a work stands or how long it is; 0 when it is not said.
type extent struct{ first, last, count int }

// extentOf reads "12-34", "pp. 112–9", "120 p.", "xii, 120 pages".
func extentOf(s string) (e extent) {
	var numbers []int
	words := analysis.Words(s)
	counted := false
	for _, w := range words {
		if n, err := strconv.Atoi(w); err == nil && n > 0 && n < 1_000_000 {
			numbers = append(numbers, n)
		} else if counted = counted || len(numbers) > 0; counted && len(numbers) == 0 {
			return extent{}
		}
	}
	switch {
	case len(numbers) == 0:
		return extent{}
	case counted || len(numbers) == 1:
		e.count = numbers[len(numbers)-1]
		return e
	}
	e.first, e.last = numbers[0], numbers[1]
	if e.last < e.first { // "112-9"
		unit := 10
		for unit <= e.last {
			unit *= 10
		}
		e.last += e.first / unit * unit
	}
	if e.last < e.first {
		return extent{}
	}
	e.count = e.last - e.first + 1
	return e
}

// same tells that both say, and say the same.
func (e extent) same(o extent) bool {
	if e.first != 0 && o.first != 0 {
		return e.first == o.first && e.last == o.last
	}
	return e.count != 0 && e.count == o.count
}

// apart tells that both say, and that one is much longer than the other, as a
// report is beside its summary.
func (e extent) apart(o extent) bool {
	few, many := min(e.count, o.count), max(e.count, o.count)
	return few != 0 && many-few > 5 && many > few+few/4
}
