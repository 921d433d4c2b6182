package guide

import (
	"regexp"
	"strconv"
	"strings"
)

var (
	itemLine = regexp.MustCompile(`^\s*(?:[-*+]|\d{1,9}[.)])\s`)
	rowLine  = regexp.MustCompile(`^\s*\|`)
	markLine = regexp.MustCompile(`^:::`)
)

// Units cuts Markdown into what is compared and merged as one: a paragraph, an
// item of a list with what lies in it, a row of a table, a heading, a fenced
// block. Each keeps the blank lines behind it, so that all of them joined are
// the text again.
func Units(text string) []string {
	var units []string
	start, blank, fenced := 0, false, false
	for at := 0; at < len(text); {
		end := len(text)
		if i := strings.IndexByte(text[at:], '\n'); i >= 0 {
			end = at + i + 1
		}
		line := text[at:end]
		empty := strings.TrimSpace(line) == ""
		fence := strings.HasPrefix(strings.TrimLeft(line, " "), "```")
		begins := !empty && !fenced && (blank || itemLine.MatchString(line) || rowLine.MatchString(line) ||
			markLine.MatchString(line) || strings.HasPrefix(line, "#"))
		if begins && at > start {
			units = append(units, text[start:at])
			start = at
		}
		if fence {
			fenced = !fenced
		}
		blank = empty && !fenced
		at = end
	}
	if start < len(text) {
		units = append(units, text[start:])
	}
	return units
}

var ordinal = regexp.MustCompile(`^(\s*)(\d{1,9})([.)])\s`)

// said is what a unit says: neither white space nor the number of an item,
// which changes when one is put before it, have a part in it.
func said(unit string) string {
	return strings.Join(strings.Fields(ordinal.ReplaceAllString(unit, "1$3 ")), " ")
}

// Unnumbered gives a text with a bullet in the place of each item's number, to
// be compared: one item more is one change, not a change of all behind it.
func Unnumbered(text string) string {
	units := Units(text)
	for i, u := range units {
		units[i] = ordinal.ReplaceAllString(u, "$1• ")
	}
	return strings.Join(units, "")
}

// same tells whether two units say the same.
func same(a, b string) bool { return a == b || said(a) == said(b) }

// renumbered counts the items of numbered lists anew, each list from its first number.
func renumbered(text string) string {
	lines := strings.SplitAfter(text, "\n")
	next := map[string]int{} // by indentation
	blank, fenced := true, false
	for i, l := range lines {
		if strings.HasPrefix(strings.TrimSpace(l), "```") {
			fenced = !fenced
		}
		m := ordinal.FindStringSubmatch(l)
		switch {
		case fenced:
		case m == nil:
			if blank && strings.TrimSpace(l) != "" && !strings.HasPrefix(l, " ") && !strings.HasPrefix(l, "\t") {
				clear(next)
			}
		default:
			number, running := next[m[1]]
			if !running {
				number, _ = strconv.Atoi(m[2]) // nine digits by the expression
			}
			lines[i] = m[1] + strconv.Itoa(number) + l[len(m[1])+len(m[2]):]
			next[m[1]] = number + 1
			for indent := range next {
				if len(indent) > len(m[1]) {
					delete(next, indent)
				}
			}
		}
		blank = strings.TrimSpace(l) == ""
	}
	return strings.Join(lines, "")
}

// pairing finds the longest common sequence of two lists of units: for each of
// a the place of its partner in b, or -1.
func pairing(a, b []string) []int {
	pairs := make([]int, len(a))
	for i := range pairs {
		pairs[i] = -1
	}
	head := 0
	for head < len(a) && head < len(b) && same(a[head], b[head]) {
		pairs[head] = head
		head++
	}
	n, m := len(a)-head, len(b)-head
	longest := make([][]int32, n+1)
	for i := range longest {
		longest[i] = make([]int32, m+1)
	}
	for i := n - 1; i >= 0; i-- {
		for j := m - 1; j >= 0; j-- {
			if same(a[head+i], b[head+j]) {
				longest[i][j] = longest[i+1][j+1] + 1
			} else {
				longest[i][j] = max(longest[i+1][j], longest[i][j+1])
			}
		}
	}
	for i, j := 0, 0; i < n && j < m; {
		switch {
		case same(a[head+i], b[head+j]):
			pairs[head+i] = head + j
			i, j = i+1, j+1
		case longest[i+1][j] >= longest[i][j+1]:
			i++
		default:
			j++
		}
	}
	return pairs
}

// Changed gives for each unit of now whether base has it not.
func Changed(base, now string) []bool {
	a, b := Units(base), Units(now)
	changed := make([]bool, len(b))
	for i := range changed {
		changed[i] = true
	}
	for _, j := range pairing(a, b) {
		if j >= 0 {
			changed[j] = false
		}
	}
	return changed
}
