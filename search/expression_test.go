package search

import (
	"fmt"
	"strings"
	"testing"
)

// String writes an expression in full brackets, for the tests.
func (e Expression) String() string {
	var parts []string
	for _, p := range e.Parts {
		parts = append(parts, p.String())
	}
	in := ""
	if e.Field == FieldTitle {
		in = "title:"
	}
	switch e.Operator {
	case Any:
		return "(" + strings.Join(parts, " | ") + ")"
	case Not:
		return "!" + parts[0]
	case Words:
		return in + "<" + e.Text + ">"
	case Phrase:
		return in + `"` + e.Text + `"`
	case Prefix:
		return in + e.Text + "*"
	case Choice:
		return fmt.Sprintf("%s=%s", e.Field, strings.Join(e.Values, ","))
	}
	return "{" + strings.Join(parts, " & ") + "}"
}

func TestParseText(t *testing.T) {
	for text, want := range map[string]string{
		"":                                    "{}",
		"a":                                   "<a>",
		"a b  c":                              "<a b c>",
		`"a b" c`:                             `{"a b" & <c>}`,
		`"a b`:                                `"a b"`,
		`""`:                                  "{}",
		"a -b":                                "{<a> & !<b>}",
		`-"a b"`:                              `!"a b"`,
		"a - b":                               "<a b>",
		"--a":                                 "<--a>",
		"a-b":                                 "<a-b>",
		"-":                                   "{}",
		"a OR b":                              "(<a> | <b>)",
		"a b OR c d":                          "(<a b> | <c d>)",
		"a OR b OR c":                         "(<a> | <b> | <c>)",
		"OR a":                                "<a>",
		"a OR":                                "<a>",
		"OR":                                  "{}",
		"a or b":                              "<a or b>",
		"ORGAN":                               "<ORGAN>",
		"a (b OR c)":                          "{<a> & (<b> | <c>)}",
		"a (b OR c":                           "{<a> & (<b> | <c>)}",
		"a) b":                                "<a b>",
		")(":                                  "{}",
		"(a b) c":                             "<a b c>",
		"-(a OR b)":                           "!(<a> | <b>)",
		"traffick*":                           "traffick*",
		"*":                                   "{}",
		"**":                                  "{}",
		"a* b":                                "{a* & <b>}",
		"country:SD":                          "country=SD",
		"country:sudan refugees":              "{country=sudan & <refugees>}",
		`country:"South Sudan"`:               "country=South Sudan",
		"-country:SD":                         "!country=SD",
		"year:2009..2016":                     "year=2009..2016",
		"title:handbook":                      "title:<handbook>",
		`title:"a handbook"`:                  `title:"a handbook"`,
		"title:hand*":                         "title:hand*",
		"title:a title:b c":                   "{title:<a b> & <c>}",
		"country:":                            "<country>",
		"colour:red":                          "<colour:red>",
		"http://example.org/x":                "<http://example.org/x>",
		"A/RES/64/293":                        "<A/RES/64/293>",
		"؟ !":                                 "{}",
		strings.Repeat("(", 50) + "a":         "<a>",
		strings.Repeat("a OR ", 100) + "last": "(" + strings.TrimSuffix(strings.Repeat("<a> | ", 64), " | ") + ")",
	} {
		if got := ParseText(text).String(); got != want {
			t.Errorf("%.40q reads as %.200s, want %.200s", text, got, want)
		}
	}
}

func TestWanted(t *testing.T) {
	var got []string
	for _, e := range ParseText(`a (b OR "c d") -e f* country:SD`).Wanted() {
		got = append(got, e.String())
	}
	if want := `<a> <b> "c d" f*`; strings.Join(got, " ") != want {
		t.Errorf("wanted %s, want %s", got, want)
	}
}

// FuzzParseText: every text reads, within bounds, and asks no empty word.
func FuzzParseText(f *testing.F) {
	f.Add(`a (b OR "c d") -e f* country:SD`)
	f.Add(`((( -"`)
	f.Fuzz(func(t *testing.T, text string) {
		terms := 0
		var walk func(e Expression, depth int)
		walk = func(e Expression, depth int) {
			if depth > 4*maxDepth {
				t.Fatalf("%q is %d deep", text, depth)
			}
			switch e.Operator {
			case Words, Phrase, Prefix:
				terms++
				if strings.TrimSpace(e.Text) == "" {
					t.Fatalf("%q asks an empty word", text)
				}
			case Not:
				if len(e.Parts) != 1 {
					t.Fatalf("%q has a Not of %d parts", text, len(e.Parts))
				}
			}
			for _, part := range e.Parts {
				walk(part, depth+1)
			}
		}
		walk(ParseText(text), 0)
		if terms > maxTerms {
			t.Fatalf("%q asks %d terms", text, terms)
		}
	})
}
