package search

import (
	"math/rand/v2"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"waymark/library"
)

func TestParseAndEncode(t *testing.T) {
	for in, want := range map[string]string{
		"":                                   "",
		"q=":                                 "",
		"q=+a++b+":                           "q=a+b",
		"country=SD&country=SD":              "country=SD",
		"country=UA&country=SD&q=x":          "q=x&country=SD&country=UA",
		"year=2015":                          "year=2015",
		"year=2015..2015":                    "year=2015",
		"year=2009..2016":                    "year=2009..2016",
		"year=2016..2009":                    "year=2009..2016",
		"year=2009..":                        "year=2009..",
		"year=..2016":                        "year=..2016",
		"year=..":                            "",
		"year=2009&year=2016":                "year=2009..2016",
		"year=&year=2016":                    "year=..2016",
		"year=2009&year=":                    "year=2009..",
		"year=&year=":                        "",
		"sort=newest":                        "", // the default without words
		"q=a&sort=newest":                    "q=a&sort=newest",
		"q=a&sort=relevance":                 "q=a",
		"sort=title&page=1":                  "sort=title",
		"page=3":                             "page=3",
		"utm=x&q=a":                          "q=a",
		"q=%ff%feabc":                        "q=abc",
		"q=" + strings.Repeat("word+", 1000): "q=" + strings.TrimSuffix(strings.Repeat("word+", 200), "+"),
	} {
		q, err := Parse(mustValues(t, in))
		if err != nil {
			t.Errorf("%.60s: %v", in, err)
			continue
		}
		if got := q.Encode(); got != want {
			t.Errorf("%.60s: encodes to %.80q, want %.80q", in, got, want)
		}
	}
	for in, field := range map[string]string{
		"year=20x9": "year", "year=12": "year", "year=2009..x": "year", "year=9999": "year",
		"sort=colour": "sort", "page=0": "page", "page=-1": "page", "page=x": "page", "page=99999999999999999999": "page",
		strings.Repeat("country=SD", 1) + manyValues(): "country",
	} {
		_, err := Parse(mustValues(t, in))
		e, ok := err.(*library.Error)
		if !ok || e.Kind != library.Invalid || e.Field != field {
			t.Errorf("%.40s: %v, want Invalid in %s", in, err, field)
		}
	}
}

func manyValues() string {
	var b strings.Builder
	for i := range MaxValues + 1 {
		b.WriteString("&country=X" + string(rune('A'+i)))
	}
	return b.String()
}

func mustValues(t *testing.T, s string) url.Values {
	t.Helper()
	v, err := url.ParseQuery(s)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// TestQueryIsAValue: building one query never changes another, and every query
// that can be built reads back as itself.
func TestQueryIsAValue(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	fields := library.Facets()
	values := []string{"a", "b", "c", "2009", "2010..2012"}
	for range 5000 {
		q := Query{Text: []string{"", "a", "a b"}[rnd.IntN(3)]}
		for range rnd.IntN(8) {
			before, f, v := q.Encode(), fields[rnd.IntN(len(fields))], values[rnd.IntN(len(values))]
			var next Query
			switch rnd.IntN(4) {
			case 0:
				next = q.Without(f, v)
				if next.Has(f, v) {
					t.Fatalf("%q without %s=%s still has it: %q", before, f, v, next.Encode())
				}
			case 1:
				next = q.By([]Sort{Relevance, Newest, ByTitle, Added, ""}[rnd.IntN(5)])
			case 2:
				next = q.At(1 + rnd.IntN(20))
			default:
				next = q.With(f, v)
			}
			if after := q.Encode(); after != before {
				t.Fatalf("the query changed from %q to %q", before, after)
			}
			q = next
		}
		back, err := Parse(mustValues(t, q.Encode()))
		if err != nil {
			t.Fatalf("%q: %v", q.Encode(), err)
		}
		if back.Encode() != q.Encode() || back.Order() != q.Order() || back.Years != q.Years || back.Number() != q.Number() {
			t.Fatalf("%q reads back as %q", q.Encode(), back.Encode())
		}
		for _, f := range fields {
			if !reflect.DeepEqual(append([]string{}, back.Values(f)...), append([]string{}, q.Values(f)...)) {
				t.Fatalf("%q: %s is %v, read back %v", q.Encode(), f, q.Values(f), back.Values(f))
			}
		}
	}
}

// FuzzParse: no address makes Parse fail but with Invalid, and what it reads
// reads back the same.
func FuzzParse(f *testing.F) {
	f.Add("q=a&country=SD&year=2009..2016&sort=title&page=2")
	f.Add("year=&year=..")
	f.Fuzz(func(t *testing.T, s string) {
		values, err := url.ParseQuery(s)
		if err != nil {
			return
		}
		q, err := Parse(values)
		if err != nil {
			if library.KindOf(err) != library.Invalid {
				t.Errorf("%q: %v", s, err)
			}
			return
		}
		again, err := Parse(mustValues(t, q.Encode()))
		if err != nil || again.Encode() != q.Encode() {
			t.Errorf("%q encodes to %q, which reads back as %q, %v", s, q.Encode(), again.Encode(), err)
		}
	})
}
