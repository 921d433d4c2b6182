package provider

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Fault is an error of the protocol (section 3.6), which is the harvester's.
type Fault struct{ Code, Text string }

// Error implements error.
func (f *Fault) Error() string { return f.Code + ": " + f.Text }

func faultf(code, format string, args ...any) error {
	return &Fault{code, fmt.Sprintf(format, args...)}
}

// The codes of faults. Neither noMetadataFormats nor noSetHierarchy can come
// about: every record is in every format, and there are sets.
const (
	badVerb            = "badVerb"
	badArgument        = "badArgument"
	badResumptionToken = "badResumptionToken"
	cannotDisseminate  = "cannotDisseminateFormat"
	idDoesNotExist     = "idDoesNotExist"
	noRecordsMatch     = "noRecordsMatch"
)

// verbs gives the arguments that each verb takes; those it must have come first,
// up to the empty one.
var verbs = map[string][]string{
	"Identify":            {""},
	"ListMetadataFormats": {"", "identifier"},
	"ListSets":            {"", "resumptionToken"},
	"GetRecord":           {"identifier", "metadataPrefix", ""},
	"ListIdentifiers":     {"metadataPrefix", "", "from", "until", "set", "resumptionToken"},
	"ListRecords":         {"metadataPrefix", "", "from", "until", "set", "resumptionToken"},
}

// maxBody bounds what a request says in its body, in bytes.
const maxBody = 64 << 10

// arguments reads a request, from its address or, of POST, from its body.
func arguments(r *http.Request) (url.Values, error) {
	if r.Method != http.MethodPost {
		values, err := url.ParseQuery(r.URL.RawQuery)
		if err != nil {
			return values, faultf(badArgument, "the address cannot be read")
		}
		return values, nil
	}
	r.Body = http.MaxBytesReader(nil, r.Body, maxBody)
	if err := r.ParseForm(); err != nil {
		return url.Values{}, faultf(badArgument, "the body cannot be read as a form")
	}
	values := r.PostForm
	for name := range r.URL.Query() { // an argument is nowhere else than in the body
		if values.Has(name) {
			return values, faultf(badArgument, "%s stands in the address and in the body", name)
		}
	}
	return values, nil
}

// check gives the verb of a request whose arguments are those that the verb
// takes.
func check(values url.Values) (string, error) {
	given := values["verb"]
	if len(given) != 1 {
		return "", faultf(badVerb, "a request has one verb; this one has %d", len(given))
	}
	verb := given[0]
	known, ok := verbs[verb]
	if !ok {
		return "", faultf(badVerb, "there is no such verb")
	}
	for name, given := range values {
		switch {
		case name == "verb":
		case name == "" || !slices.Contains(known, name):
			return verb, faultf(badArgument, "%s does not take an argument %q", verb, name)
		case len(given) != 1:
			return verb, faultf(badArgument, "%s is given %d times", name, len(given))
		}
	}
	if values.Has("resumptionToken") {
		if len(values) > 2 {
			return verb, faultf(badArgument, "a resumptionToken stands alone")
		}
		return verb, nil
	}
	for _, name := range known[:slices.Index(known, "")] {
		if !values.Has(name) {
			return verb, faultf(badArgument, "%s needs the argument %s", verb, name)
		}
	}
	return verb, nil
}

// The two granularities of the protocol.
const (
	byDay    = time.DateOnly
	bySecond = "2006-01-02T15:04:05Z"
)

// moment reads a date of either granularity.
func moment(name, s string) (at time.Time, layout string, err error) {
	for _, layout := range []string{byDay, bySecond} {
		if len(s) == len(layout) {
			if at, err := time.Parse(layout, s); err == nil {
				return at, layout, nil
			}
		}
	}
	return at, "", faultf(badArgument, "%s is neither YYYY-MM-DD nor YYYY-MM-DDThh:mm:ssZ", name)
}

// span is a range of times: from the first on, before the second; zero times
// are no bounds.
type span struct{ from, before time.Time }

// spanOf reads the bounds of a list, of which the protocol has both included.
func spanOf(values url.Values) (s span, err error) {
	var fromLayout, untilLayout string
	if values.Has("from") {
		if s.from, fromLayout, err = moment("from", values.Get("from")); err != nil {
			return s, err
		}
	}
	if !values.Has("until") {
		return s, nil
	}
	if s.before, untilLayout, err = moment("until", values.Get("until")); err != nil {
		return s, err
	}
	if fromLayout != "" && fromLayout != untilLayout {
		return s, faultf(badArgument, "from and until are of different granularity")
	}
	if s.before.Before(s.from) {
		return s, faultf(badArgument, "from is later than until")
	}
	step := time.Second
	if untilLayout == byDay {
		step = 24 * time.Hour
	}
	s.before = s.before.Add(step)
	return s, nil
}

// asFault gives the fault that an error is.
func asFault(err error) (*Fault, bool) { return errors.AsType[*Fault](err) }

// printable takes what XML cannot hold out of what is given back to a harvester.
func printable(s string) string { return strings.ToValidUTF8(s, "\ufffd") }
