package app

import (
	"bytes"
	"cmp"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"waymark/access"
	"waymark/curate"
	"waymark/library"
)

// matrixFile says which status each route answers to each role.
const matrixFile = "testdata/access-matrix.txt"

// matrixRoles are the columns of the matrix, the last being the one who may do most.
var matrixRoles = []string{"anonymous", "reader", "contributor", "limited", "curator", "administrator"}

// matrixHead explains the file to those who read it.
const matrixHead = `# Who may take which route: the status that each route of the router answers to each role.
# Made from the router by go test ./app -run AccessMatrix -update; look at each line that changes.
# "limited" is a curator of Albania alone. 404 instead of 403 hides that there is anything.
# Forms are sent empty, or with what follows "?": 400, 409 and 422 say that the role got past the gate.
# Words in braces are filled in by matrixValues in app/matrix_test.go; a name after # tells which record is meant.
`

// matrixCase is one line of the matrix: a route, and what is put into it.
type matrixCase struct {
	label, method, path string
	form                string
}

// matrixSubjects are the records that stand for {id}.
type matrixSubjects struct{ public, own, draft, staff library.ID }

// matrixForms are what is sent where an empty form would be stopped by more
// than the gate.
var matrixForms = map[string]string{
	"POST /en/desk/r/{id}/edit":     "do=save&base=1",
	"POST /en/desk/r/{id}/withdraw": "base=99&why=test",
	"POST /en/desk/r/{id}/history":  "version=99",
	"POST /en/desk/pairs/{a}/{b}":   "do=different",
	"POST /en/desk/bulk":            "deed=topic",
	"POST /en/desk/undo":            "seq=99",
}

// TestAccessMatrix asks for every route of the router as every role. A route
// that is not in the file fails, and so does one that answers somebody otherwise.
func TestAccessMatrix(t *testing.T) {
	h, _ := demoSite(t)
	h.anyone = true
	doors, err := h.doors(&Config{}, true)
	if err != nil {
		t.Fatal(err)
	}
	m := matrixHouse(t, h, doors)
	var got bytes.Buffer
	got.WriteString(matrixHead)
	fmt.Fprintf(&got, "#\n%-62s %s\n", "# route", strings.Join(matrixRoles, " "))
	for _, c := range m.cases(t, doors.Patterns()) {
		fmt.Fprintf(&got, "%-62s", c.label)
		for _, role := range matrixRoles {
			status := m.ask(t, c, role)
			fmt.Fprintf(&got, " %-*d", len(role), status)
			if status >= 500 || status == http.StatusTooManyRequests {
				t.Errorf("%s answers %d to %s", c.label, status, role)
			}
			if strings.HasPrefix(c.path, "/en/desk") && status < 400 && slices.Contains([]string{"anonymous", "reader"}, role) {
				t.Errorf("%s lets in a mere %s: %d", c.label, role, status)
			}
		}
		got.WriteByte('\n')
	}
	trimmed := regexp.MustCompile(` +\n`).ReplaceAll(got.Bytes(), []byte("\n"))
	if *update {
		if err := os.WriteFile(matrixFile, trimmed, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(matrixFile)
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range differing(string(want), string(trimmed)) {
		t.Error(line)
	}
}

// differing gives the lines that only one of two texts has.
func differing(want, got string) (lines []string) {
	a, b := strings.Split(want, "\n"), strings.Split(got, "\n")
	for _, line := range a {
		if !slices.Contains(b, line) {
			lines = append(lines, "the file says   "+line)
		}
	}
	for _, line := range b {
		if !slices.Contains(a, line) {
			lines = append(lines, "the router says "+line)
		}
	}
	return lines
}

// matrix is a house with somebody of every role.
type matrix struct {
	house    *house
	handler  http.Handler
	persons  map[string]access.Person
	subjects matrixSubjects
}

func matrixHouse(t *testing.T, h *house, handler http.Handler) *matrix {
	t.Helper()
	m := &matrix{house: h, handler: handler, persons: map[string]access.Person{}}
	for name, p := range map[string]access.Person{
		"reader": {}, "contributor": {Role: library.Submitter}, "limited": {Role: library.Curator, Countries: []string{"AL"}},
		"curator": {Role: library.Curator}, "administrator": {Role: library.Administrator},
	} {
		p.Name, p.Address = name, name+"@example.org"
		m.persons[name] = person(t, h, p)
	}
	draft := func(by string, audience library.Audience) library.ID {
		desk := h.desk()
		id, err := desk.NewID()
		if err != nil {
			t.Fatal(err)
		}
		v := library.Viewer{Name: by, Role: library.Submitter}
		if audience != library.Public {
			v.Role, v.Audiences = library.Administrator, []library.Audience{audience}
		}
		_, err = desk.Save(t.Context(), v, curate.Revision{ID: id, Fields: library.Fields{"title.en": {"A draft of " + by}, library.FieldAudience: {string(audience)}}})
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	m.subjects = matrixSubjects{public: palermo, own: draft("contributor", library.Public), draft: draft("somebody", library.Public), staff: draft("staff", library.Staff)}
	return m
}

// cases gives a case for each pattern, and several where it depends on the
// record which a role may touch. The languages have the same routes: English
// stands for all.
func (m *matrix) cases(t *testing.T, patterns []string) (cases []matrixCase) {
	t.Helper()
	english := map[string]bool{}
	for _, pattern := range patterns {
		english[pattern] = true
	}
	for _, pattern := range patterns {
		method, path, ok := strings.Cut(pattern, " ")
		if !ok {
			method, path = "GET", pattern
		}
		if lang, rest := tongue(path); lang != "" && lang != "en" {
			if !english[strings.TrimPrefix(method+" /en"+rest, map[bool]string{false: "GET "}[ok])] {
				t.Errorf("%s stands in one language and not in English", pattern)
			}
			continue
		}
		name := method + " " + path
		c := matrixCase{label: name, method: method, path: path, form: matrixForms[name]}
		if c.form != "" {
			c.label += "?" + c.form
		}
		if !strings.HasPrefix(path, "/en/desk/r/{id}") {
			cases = append(cases, c)
			continue
		}
		for _, s := range []struct {
			of string
			id library.ID
		}{{"published", m.subjects.public}, {"contributor's draft", m.subjects.own}, {"another's draft", m.subjects.draft}, {"for staff", m.subjects.staff}} {
			cases = append(cases, matrixCase{c.label + " # " + s.of, method, strings.Replace(path, "{id}", string(s.id), 1), c.form})
		}
	}
	slices.SortStableFunc(cases, func(a, b matrixCase) int {
		return cmp.Or(cmp.Compare(routeOf(a.label), routeOf(b.label)), cmp.Compare(a.method, b.method))
	})
	return cases
}

func routeOf(label string) string { _, path, _ := strings.Cut(label, " "); return path }

var tongues = regexp.MustCompile(`^/(ar|zh|en|fr|ru|es)(/.*)$`)

// tongue gives the language under which a path stands, and the rest of it.
func tongue(path string) (lang, rest string) {
	if m := tongues.FindStringSubmatch(path); m != nil {
		return m[1], m[2]
	}
	return "", path
}

var braces = regexp.MustCompile(`\{[^}]*\}`)

// ask asks for a case as a role, by a session of its own, and gives the status.
func (m *matrix) ask(t *testing.T, c matrixCase, role string) int {
	t.Helper()
	path := braces.ReplaceAllStringFunc(c.path, func(name string) string { return m.value(t, c, name) })
	if strings.HasSuffix(c.path, "/") { // whatever has no other route
		path += "nothing"
	}
	r := httptest.NewRequest(c.method, path, strings.NewReader(c.form))
	if c.method == "POST" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	if p, ok := m.persons[role]; ok {
		token, err := m.house.porter.Begin(t.Context(), p, "test")
		if err != nil {
			t.Fatal(err)
		}
		r.AddCookie(&http.Cookie{Name: "waymark", Value: token})
	}
	w := httptest.NewRecorder()
	m.handler.ServeHTTP(w, r)
	return w.Code
}

// matrixValues fill in what stands in braces; sections are those of lists.
var matrixValues = map[string]string{
	"{$}": "", "{id}": palermo, "{a}": palermo, "{b}": "01KDVDP3CGFBANAT3JSFXV1REC", "{code}": "shelter-in-time", "{format}": "json",
	"{guide}": "sop-merinia", "{entry}": "screening", "{field}": "topic", "{study}": "01KEVDP3CGFBANAT3JSFXV1REC",
	"{provider}": "hub", "{name}": "style.css", "{digest}": strings.Repeat("0", 64), "{scale}": "1", "{hash}": "none", "{section}": "none", "{list}": "topics", "{file}": "none", "{map}": "demo", "{n}": "1",
}

// value gives what is put into a route for a name in braces. Persons are
// somebody new each time, since some routes remove them.
func (m *matrix) value(t *testing.T, c matrixCase, name string) string {
	t.Helper()
	switch {
	case strings.HasPrefix(c.path, "/en/people/"):
		address := strings.ToLower(string(mustID(t, m.house))) + "@example.org"
		p, err := m.house.porter.Add(t.Context(), access.Person{Address: address})
		if err != nil {
			t.Fatal(err)
		}
		return string(p.ID)
	case name == "{format}" && !strings.Contains(c.path, "/evidence/") && !strings.Contains(c.path, "/indicators/"):
		return "ris"
	case name == "{code}" && strings.Contains(c.path, "/vocabularies/"):
		return "protection"
	case strings.HasPrefix(c.path, "/en/results/"):
		return "demo"
	case name == "{value}":
		field, _, _ := strings.Cut(strings.TrimPrefix(c.path, "/en/"), "/")
		values := map[string]string{"topics": "protection", "countries": "AL", "regions": "africa", "types": "law", "languages": "en", "years": "2009"}
		return url.PathEscape(cmp.Or(values[field], "none"))
	}
	value, ok := matrixValues[name]
	if !ok {
		t.Fatalf("%s: say in matrixValues what stands for %s", c.label, name)
	}
	return value
}

func mustID(t testing.TB, h *house) library.ID {
	t.Helper()
	id, err := h.desk().NewID()
	if err != nil {
		t.Fatal(err)
	}
	return id
}
