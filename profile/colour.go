package profile

import (
	"cmp"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
)

// Colours are those of one theme, as #rrggbb; empty for the style sheet's own.
type Colours struct {
	Accent string `json:"accent,omitempty"` // of links and buttons
	Paper  string `json:"paper,omitempty"`  // of the page
}

// theme is what the style sheet sets around those two; a test compares them.
type theme struct{ accent, paper, raised, wash, ink, soft, warm string }

func themes(dark bool) theme {
	if dark {
		return theme{"#83d2c8", "#10171a", "#172024", "#14262a", "#e6ebe9", "#a6b3b6", "#f0c674"}
	}
	return theme{"#0b5c5e", "#fbfaf6", "#fff", "#e9f1ee", "#1b2427", "#54626a", "#8a5a00"}
}

// Least is the least contrast between a text and what is behind it: that of
// WCAG 2.2, criterion 1.4.3, for text of any size.
const Least = 4.5

var hex = regexp.MustCompile(`^#([0-9a-f]{3}|[0-9a-f]{6})$`)

// Contrast is the contrast ratio of two colours as WCAG 2.2 defines it, from 1
// to 21. It is 0 for what is no colour.
func Contrast(a, b string) float64 {
	l, ok := luminance(a)
	m, too := luminance(b)
	if !ok || !too {
		return 0
	}
	return (max(l, m) + 0.05) / (min(l, m) + 0.05)
}

// luminance is the relative luminance of a colour: 0 for black, 1 for white.
func luminance(colour string) (float64, bool) {
	if !hex.MatchString(colour) {
		return 0, false
	}
	digits := colour[1:]
	if len(digits) == 3 {
		digits = strings.Repeat(digits[:1], 2) + strings.Repeat(digits[1:2], 2) + strings.Repeat(digits[2:], 2)
	}
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(digits[2*i:2*i+2], 16, 8)
		if err != nil {
			return 0, false
		}
		c := float64(n) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum, true
}

// OnAccent gives the colour of text on the accent: black or white, of which one
// always has a contrast of more than 4.5.
func OnAccent(accent string) string {
	if Contrast(accent, "#fff") >= Contrast(accent, "#000") {
		return "#fff"
	}
	return "#000"
}

// faults tells which texts could not be read, each with its ratio.
func (c Colours) faults(dark bool) (faults []string) {
	name := map[bool]string{false: "light", true: "dark"}[dark]
	for _, one := range []string{c.Accent, c.Paper} {
		if one != "" && !hex.MatchString(one) {
			faults = append(faults, fmt.Sprintf("%.20q is no colour: write #rrggbb", one))
		}
	}
	if len(faults) > 0 || c == (Colours{}) {
		return faults
	}
	t := themes(dark)
	accent, paper := cmp.Or(c.Accent, t.accent), cmp.Or(c.Paper, t.paper)
	for _, pair := range []struct{ what, text, behind string }{
		{"the accent on the page", accent, paper}, {"the accent on raised parts", accent, t.raised}, {"the accent on notes", accent, t.wash},
		{"the text on the page", t.ink, paper}, {"the grey text on the page", t.soft, paper}, {"the warm text on the page", t.warm, paper},
	} {
		if ratio := Contrast(pair.text, pair.behind); ratio < Least {
			// Rounded down, so that 4.49 is never said to be 4.5.
			faults = append(faults, fmt.Sprintf("%s theme: %s (%s on %s) has a contrast of %.2f, less than %.1f", name, pair.what, pair.text, pair.behind, math.Floor(ratio*100)/100, Least))
		}
	}
	return faults
}

// Sheet gives the style sheet of the profile's colours, empty when it has none.
func (p *Profile) Sheet() string {
	light, dark := p.Light.rules(), p.Dark.rules()
	if light == "" && dark == "" {
		return ""
	}
	sheet := ""
	if light != "" {
		// A light accent has no place in the dark, where another is needed.
		sheet = "@media not (prefers-color-scheme: dark) {\n:root {" + light + " }\n}\n"
	}
	if dark != "" {
		sheet += "@media (prefers-color-scheme: dark) {\n:root {" + dark + " }\n}\n"
	}
	return sheet
}

func (c Colours) rules() string {
	s := ""
	if c.Accent != "" {
		s += " --accent: " + c.Accent + "; --on-accent: " + OnAccent(c.Accent) + ";"
	}
	if c.Paper != "" {
		s += " --paper: " + c.Paper + ";"
	}
	return s
}
