package format

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// told gives the format that a source is taken for.
func told(head string) string {
	for _, f := range Formats() {
		if f.is([]byte(head[:min(len(head), sniff)])) {
			return f.Name
		}
	}
	return ""
}

// TestOwnOutputIsRecognised: what a format writes is read as that format when
// nobody says what it is. XML and JSON are of one format only, but that a JSON
// Lines' file may be told by less than others.
func TestOwnOutputIsRecognised(t *testing.T) {
	rnd, more := rand.New(rand.NewPCG(3, 4)), rich()
	for _, f := range Formats() {
		if f.Write == nil {
			continue
		}
		for range 50 {
			var b strings.Builder
			w := f.Write(&b)
			for range 1 + rnd.IntN(3) {
				d := someDraft(rnd)
				if rnd.IntN(2) == 0 {
					more(&d)
				}
				if err := w.Write(d); err != nil {
					t.Fatal(f.Name, err)
				}
			}
			if err := w.Close(); err != nil {
				t.Fatal(f.Name, err)
			}
			if name := told(b.String()); name != f.Name {
				t.Fatalf("%s is taken for %s:\n%s", f.Name, name, b.String())
			}
			for _, other := range Formats() {
				if strings.Contains(".xml .rdf .json .jsonl", f.Extension) && other.Name != f.Name && other.Name != "page" && other.Name != "jsonl" && other.is([]byte(b.String()[:min(b.Len(), sniff)])) {
					t.Fatalf("%s is also taken for %s:\n%s", f.Name, other.Name, b.String())
				}
			}
		}
	}
}

// TestSamplesAreRecognised: so are the files of other programs.
func TestSamplesAreRecognised(t *testing.T) {
	for sample, want := range map[string]string{
		risSample: "ris", bibSample: "bibtex", cslSample: "csljson", marcXMLSample: "marcxml", endNoteSample: "endnote", dcSample: "dc", zoteroSample: "zotero", referSample: "refer", modsSample: "mods", qdcSample: "qdc",
		`{"data":[` + dataCiteRecord + `]}`: "datacite", dataCitePlain: "datacite", dataCiteXMLSample: "datacitexml",
	} {
		if name := told(sample); name != want {
			t.Errorf("the sample of %s is taken for %s", want, name)
		}
	}
	// An answer that declares oai_dc beside what is richer is of the richer alone.
	for sample, want := range map[string]string{modsSample: "mods", marcXMLSample: "marcxml", qdcSample: "qdc", dataCiteXMLSample: "datacitexml"} {
		sample = strings.Replace(sample, "xmlns", `xmlns:oai_dc="`+nsOAIDC+`" xmlns`, 1)
		if name := told(sample); name != want || isDublinCore([]byte(sample)) {
			t.Errorf("the sample of %s with oai_dc declared is taken for %s", want, name)
		}
	}
}
