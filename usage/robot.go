package usage

import (
	_ "embed"
	"regexp"
	"strings"
)

//go:embed robots.txt
var list string

// literals are the names that are looked for as they stand, in lower case; they
// are most of the list and quick to look for. patterns are the rest.
var literals, patterns = split(list)

func split(list string) (literals []string, patterns *regexp.Regexp) {
	var rest []string
	for line := range strings.Lines(list) {
		line = strings.TrimRight(line, "\r\n")
		switch {
		case line == "":
		case regexp.QuoteMeta(line) == line || regexp.QuoteMeta(line) == strings.ReplaceAll(line, "-", `\-`):
			literals = append(literals, strings.ToLower(line))
		default:
			rest = append(rest, "(?:"+line+")")
		}
	}
	return literals, regexp.MustCompile("(?i)" + strings.Join(rest, "|"))
}

// longest is how much of a name is looked through, in bytes.
const longest = 1000

// Robot tells whether a program that names itself so is a robot by COUNTER's
// list, in whatever case of letters. One that does not name itself is. Telephones
// of the maker Cubot are none.
func Robot(agent string) bool {
	agent = agent[:min(len(agent), longest)]
	lower := strings.ReplaceAll(strings.ToLower(agent), "cubot", "")
	for _, l := range literals {
		if strings.Contains(lower, l) {
			return true
		}
	}
	return patterns.MatchString(agent)
}
