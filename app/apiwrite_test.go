package app

import (
	"flag"
	"fmt"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"waymark/library"
)

// TestAPIWrites goes the way of a curator's program: create, read, change,
// collide, withdraw.
func TestAPIWrites(t *testing.T) {
	h, _ := demoSite(t)
	host := apiOf(t, h, library.Viewer{Name: "a program", Role: library.Curator})
	site := host + v1
	const draft = `{"status":"published","titles":{"en":"A Guide to Quiet Interviews with Survivors in Shelters"},"date":"2020","languages":["en"],"countries":["SD"],
		"identifiers":[{"scheme":"doi","value":"10.1234/quiet"}],"links":["https://example.org/quiet"],"contributors":[{"name":"IOM","role":"author"},{"name":"Ruiz, Ana","role":"editor"}],"relations":[{"type":"supersedes","target":"` + palermo + `"}]%s}`
	res, body := ask(t, "POST", site+"/resources", fmt.Sprintf(draft, ""))
	if res.StatusCode != 201 || !strings.Contains(body, `"name":"International Organization for Migration"`) || !strings.Contains(body, `"name":"Ana Ruiz"`) {
		t.Fatalf("%d: %s", res.StatusCode, body)
	}
	where := host + res.Header.Get("Location")
	if res, body = ask(t, "POST", site+"/resources", fmt.Sprintf(draft, "")); res.StatusCode != 409 || !strings.Contains(body, where[len(where)-26:]) {
		t.Errorf("made twice: %d: %s", res.StatusCode, body)
	}
	for name, c := range map[string]struct {
		more   string
		status int
		at     string
	}{
		"an unknown member":           {`,"colour":"red"`, 422, "body.colour"},
		"an unknown topic":            {`,"topics":["none"]`, 422, "body.topics"},
		"no date":                     {`,"date":"2020-13"`, 422, "body.date"},
		"a link that is none":         {`,"links":["javascript:alert(1)"]`, 422, "body.links[0]"},
		"a language that is none":     {`,"abstracts":{"??":"x"}`, 422, "body.abstracts"},
		"an agent that is none":       {`,"contributors":[{"agent":"x","role":"author"}]`, 422, "contributors[0].agent"},
		"a relation to nothing":       {`,"relations":[{"type":"part-of","target":"01ARZ3NDEKTSV4RRFFQ69G5FAV"}]`, 400, "relations"},
		"for staff by one who is not": {`,"audience":"staff"`, 403, ""},
		"an internal category":        {`,"category":"internal-instruction"`, 422, "body.category"},
	} {
		if res, body := ask(t, "POST", site+"/resources", fmt.Sprintf(draft, c.more)); res.StatusCode != c.status || !strings.Contains(body, c.at) {
			t.Errorf("%s: %d: %s", name, res.StatusCode, body)
		}
	}
	res, _ = ask(t, "GET", where, "")
	tag := res.Header.Get("ETag")
	if res, _ = ask(t, "PUT", where, fmt.Sprintf(draft, "")); res.StatusCode != 428 {
		t.Errorf("without If-Match: %d", res.StatusCode)
	}
	changed := strings.Replace(fmt.Sprintf(draft, `,"note":"the year"`), `"2020"`, `"2021-05"`, 1)
	if res, body = ask(t, "PUT", where, changed, "If-Match", tag); res.StatusCode != 200 || !strings.Contains(body, `"date":"2021-05"`) || !strings.Contains(body, `"version":2`) {
		t.Errorf("%d: %s", res.StatusCode, body)
	}
	next := res.Header.Get("ETag")
	if res, body = ask(t, "PUT", where, changed, "If-Match", tag); res.StatusCode != 412 || !strings.Contains(body, "changed meanwhile") {
		t.Errorf("an old version: %d: %s", res.StatusCode, body)
	}
	if res, _ = ask(t, "DELETE", where+"?note=retracted", "", "If-Match", tag); res.StatusCode != 412 {
		t.Errorf("an old version is withdrawn: %d", res.StatusCode)
	}
	if res, body = ask(t, "DELETE", where+"?note=retracted", "", "If-Match", next); res.StatusCode != 204 {
		t.Errorf("%d: %s", res.StatusCode, body)
	}
	if res, _ = ask(t, "GET", where, ""); res.StatusCode != 410 {
		t.Errorf("withdrawn, it answers %d", res.StatusCode)
	}
}

var asked = flag.Int("asked", 5, "cases that schemathesis makes up for each operation")

// TestAPIKeepsItsWord has schemathesis ask what the OpenAPI document allows and
// what it does not, as a reader and as a curator, and hold the answers to it.
func TestAPIKeepsItsWord(t *testing.T) {
	program := tool(t, "schemathesis")
	h, _ := demoSite(t)
	for name, as := range map[string]library.Viewer{"reader": {}, "curator": {Name: "test", Role: library.Curator}} {
		site := apiOf(t, h, as)
		cmd := exec.CommandContext(t.Context(), program, "run", site+v1+"/openapi.json", "--phases", "examples,coverage,fuzzing", "--max-examples", strconv.Itoa(*asked),
			"--checks", "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,response_schema_conformance,unsupported_method,negative_data_rejection",
			"--generation-deterministic", "--no-color", "--suppress-health-check", "all")
		cmd.Dir = t.TempDir()
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("as %s: %v\n%s", name, err, out)
		}
	}
}

// TestAPIDocumentIsValid has openapi-spec-validator read the OpenAPI document.
func TestAPIDocumentIsValid(t *testing.T) {
	program := tool(t, "openapi-spec-validator")
	_, site := demoSite(t)
	_, body := ask(t, "GET", site+v1+"/openapi.json", "")
	if out, err := exec.CommandContext(t.Context(), program, write(t, "openapi.json", body)).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
