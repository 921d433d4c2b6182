package app

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// foreignRecord is a record of the provider, see testdata/harvest/provider.py.
type foreignRecord struct {
	ID      string              `json:"id"`
	Set     string              `json:"set"`
	Date    string              `json:"date,omitempty"`
	Deleted bool                `json:"deleted,omitempty"`
	DC      map[string][]string `json:"dc,omitempty"`
}

// foreignProvider runs a provider of OAI-PMH that others wrote, by the Python
// that WAYMARK_TEST_PYTHON names, and gives its address and a way to change
// what it has. The test is skipped without the package, unless
// WAYMARK_TEST_TOOLS=required.
func foreignProvider(t *testing.T) (address string, change func(...foreignRecord)) {
	t.Helper()
	python := os.Getenv("WAYMARK_TEST_PYTHON")
	if python == "" {
		python = "python3"
	}
	python = tool(t, python)
	if said, err := exec.Command(python, "-c", "import oaipmh.server, sys; sys.exit(sys.version_info < (3, 11))").CombinedOutput(); err != nil {
		if os.Getenv("WAYMARK_TEST_TOOLS") == "required" {
			t.Fatalf("%s has no package oaipmh: %s", python, said)
		}
		t.Skipf("%s has no package oaipmh", python)
	}
	cmd := exec.Command(python, "testdata/harvest/provider.py")
	var errs bytes.Buffer
	cmd.Stderr = &errs
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	address, err = bufio.NewReader(out).ReadString('\n')
	t.Cleanup(func() {
		in.Close()
		if err := cmd.Wait(); err != nil || t.Failed() {
			t.Log(err, errs.String())
		}
	})
	if err != nil {
		t.Fatal("the provider does not begin:", err)
	}
	address = strings.TrimSpace(address)
	return address, func(records ...foreignRecord) {
		t.Helper()
		body, err := json.Marshal(records)
		if err != nil {
			t.Fatal(err)
		}
		res, err := http.Post(strings.TrimSuffix(address, "oai"), "application/json", bytes.NewReader(body))
		if err != nil || res.StatusCode != http.StatusOK {
			t.Fatal(res, err)
		}
		res.Body.Close()
	}
}

// TestForeignProvider harvests a provider that others wrote: whole, page after
// page, one of its sets, then what was added, changed and withdrawn since.
func TestForeignProvider(t *testing.T) {
	address, change := foreignProvider(t)
	t.Setenv("WAYMARK_PRIVATE_ADDRESSES", "true")
	data := t.TempDir()
	check := func(want int, args []string, words ...string) {
		t.Helper()
		code, out, errs := waymark(t, data, args...)
		if code != want {
			t.Errorf("%q: exit code %d\n%s%s", args, code, out, errs)
		}
		for _, w := range words {
			if !strings.Contains(out+errs, w) {
				t.Errorf("%q does not say %q:\n%s%s", args, w, out, errs)
			}
		}
	}
	titles := []string{"Shelter <standards> & practice for harbour %d", "Manuel d’accueil des marins du port %d", "Руководство по приёму в порту %d", "دليل استقبال البحارة في الميناء %d", "第 %d 号港口接待手册"}
	langs := []string{"en", "fr", "ru", "ar", "zh"}
	record := func(n int) foreignRecord {
		kind := n % len(titles)
		return foreignRecord{ID: fmt.Sprintf("oai:others:%d", n), Set: []string{"books", "papers"}[n%2], DC: map[string][]string{
			"title": {fmt.Sprintf(titles[kind], 100+n)}, "language": {langs[kind]}, "date": {fmt.Sprint(1990 + n)},
			"creator": {fmt.Sprintf("Author%d, Anna", n)}, "identifier": {fmt.Sprintf("https://others.example/%d", n)}}}
	}
	var first []foreignRecord
	for n := range 35 {
		r := record(n)
		r.Date = fmt.Sprintf("2020-01-%02d", 1+n%28)
		first = append(first, r)
	}
	first[34].Deleted, first[34].DC = true, nil
	change(first...)
	check(exitWell, []string{"harvest", "add", "whole", address}, `is "Library of Others"`, "persistent")
	run := func(name string, read, added, known, changed int) {
		t.Helper()
		check(exitWell, []string{"harvest", "run", name}, fmt.Sprintf("  read                  %d\n  added                 %d\n  already there         %d\n  changed               %d\n", read, added, known, changed), "warnings              0")
	}
	run("whole", 35, 34, 1, 0) // four pages
	check(exitWell, []string{"harvest", "add", "papers", address, "--set", "papers"})
	run("papers", 17, 0, 17, 0) // known from the whole
	for _, q := range []string{"Shelter <standards> & practice for harbour 130", "Руководство 132", "استقبال 133", "第 134 号港口"} {
		want := "1 to 1 of 1"
		if strings.Contains(q, "134") {
			want = "Nothing"
		}
		check(exitWell, []string{"search", q}, want)
	}

	added, other, gone := record(35), record(5), record(7)
	other.DC["title"] = []string{"Quiet rooms by the sea"}
	gone.Deleted, gone.DC = true, nil
	change(added, other, gone)
	run("whole", 3, 1, 0, 2)
	check(exitWell, []string{"search", "quiet rooms"}, "1 to 1 of 1")
	check(exitWell, []string{"search", "Руководство 107"}, "Nothing")
	run("whole", 3, 0, 3, 0) // what the overlap gives again
	run("papers", 3, 0, 3, 0)
}
