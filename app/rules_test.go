package app

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestRules: what a curator says of the words of a source is done in harvests
// and imports; a code that is in no vocabulary is named at once.
func TestRules(t *testing.T) {
	const around = `<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"><responseDate>2026-03-02T09:00:00Z</responseDate>%s</OAI-PMH>`
	const record = `<record><header><identifier>oai:a:1</identifier><datestamp>2026-01-01</datestamp><setSpec>hr:tip</setSpec></header><metadata><o:dc xmlns:o="http://www.openarchives.org/OAI/2.0/oai_dc/"><dc:title>Of shelter standards</dc:title><dc:coverage>Sudan</dc:coverage><dc:type>WP</dc:type></o:dc></metadata></record>`
	provider := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("verb") == "Identify" {
			fmt.Fprintf(w, around, "<Identify><repositoryName>A Library</repositoryName><granularity>YYYY-MM-DD</granularity></Identify>")
			return
		}
		fmt.Fprintf(w, around, "<ListRecords>"+record+"</ListRecords>")
	}))
	defer provider.Close()
	t.Setenv("WAYMARK_PRIVATE_ADDRESSES", "true")
	data := t.TempDir()
	rules := write(t, "rules.csv", "source,field\ndc.coverage,country\ncategory=WP,category:research-study\nset=hr:tip,topic:trafficking\n*,region:worldwide\n")
	odd := write(t, "odd.csv", "*,topic:traficking\n")
	if code, out, errs := waymark(t, data, "harvest", "add", "a", provider.URL, "--map", odd); code != exitFailed || !strings.Contains(errs, `topic "traficking" is not in the vocabulary`) {
		t.Error(code, out, errs)
	}
	for _, args := range [][]string{{"harvest", "add", "a", provider.URL, "--map", rules}, {"harvest", "run"},
		{"import", "--map", write(t, "more.csv", "*,country:TD\nsubject=tip,topic:trafficking\n"), write(t, "table.csv", "Title,Keywords\nOf hotlines in the north,TIP\n")}} {
		if code, out, errs := waymark(t, data, args...); code != exitWell || args[0] != "harvest" && !strings.Contains(out, "added                 1") || strings.Contains(out, "not in the vocabulary") {
			t.Fatal(args, code, out, errs)
		}
	}
	for _, c := range [][]string{{"--country", "Sudan"}, {"--topic", "Trafficking", "shelter"}, {"--category", "Research Study"}, {"--region", "worldwide"}, {"--country", "Chad"}, {"--topic", "Trafficking", "hotlines"}} {
		if code, out, errs := waymark(t, data, append([]string{"search"}, c...)...); code != exitWell || !strings.Contains(out, "1 to 1 of 1") {
			t.Error(c, code, out, errs)
		}
	}
}
