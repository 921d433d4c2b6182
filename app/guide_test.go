package app

import (
	"archive/zip"
	"bytes"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"waymark/guide"
	"waymark/library"
	"waymark/search"
)

// sectionOf gives a section of a guide of the demonstration by its name.
func sectionOf(t *testing.T, h *house, slug, name string) guide.Reading {
	t.Helper()
	o, err := h.guides.Open(t.Context(), library.House(), slug, guide.When{})
	if err != nil {
		t.Fatal(err)
	}
	all, err := h.guides.Sections(t.Context(), o, "", o.Language())
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range all {
		if r.Name == name {
			return r
		}
	}
	t.Fatalf("%s has no section %s", slug, name)
	return guide.Reading{}
}

func TestGuideDoors(t *testing.T) {
	h, site := demoSite(t)
	risk, pilots := sectionOf(t, h, "global-sop", "screening/risk"), sectionOf(t, h, "sop-aldoria", "identification/pilots")
	waits := sectionOf(t, h, "sop-merinia", "screening/risk")
	office := sectionOf(t, h, "crisis-handbook", "duty-roster/how")
	rows := []struct {
		name, path   string
		status       int
		location     string
		want, refuse []string
	}{
		{name: "all guides", path: "/en/guides", status: 200, want: []string{"Counter-trafficking in emergencies", "Example: standard operating procedures of Aldoria"}},
		{name: "a guide", path: "/en/guides/crisis-handbook", status: 200, want: []string{"The first 72 hours", "Edition 2", "guide.epub", "Made up for a demonstration", "Review overdue"}, refuse: []string{"Duty roster"}},
		{name: "an entry", path: "/en/guides/crisis-handbook/first-72-hours", status: 200, want: []string{"<ol>\n<li>Ask who is arranging transport", "Must be followed", "data-copy=\"/g/", "On this page"}},
		{name: "in French, behind", path: "/fr/guides/crisis-handbook/first-conversation", status: 200, want: []string{`class="behind"`, "Cette traduction est en retard", "Que dire"}},
		{name: "in Arabic", path: "/ar/guides/crisis-handbook/first-conversation", status: 200, want: []string{`dir="rtl"`, "المحادثة الأولى"}},
		{name: "in a language that it does not have", path: "/es/guides/crisis-handbook/consent", status: 200, want: []string{"A signature is not consent"}},
		{name: "an edition", path: "/en/guides/crisis-handbook/first-72-hours?edition=1", status: 200, want: []string{"You are reading edition 1", "noindex"}, refuse: []string{"chat groups"}},
		{name: "a day", path: "/en/guides/crisis-handbook?at=2000-01-01", status: 404},
		{name: "no day", path: "/en/guides/crisis-handbook?at=yesterday", status: 400},
		{name: "no edition", path: "/en/guides/crisis-handbook?edition=9", status: 404},
		{name: "changes", path: "/en/guides/crisis-handbook/-/changes?from=1&to=2", status: 200, want: []string{"<ins>", "safety or law", "Stop if"}},
		{name: "changes until now", path: "/en/guides/crisis-handbook/-/changes?from=2", status: 200, want: []string{"No section differs"}},
		{name: "changes of nothing", path: "/en/guides/crisis-handbook/-/changes", status: 400},
		{name: "a lasting address", path: "/g/" + string(pilots.ID), status: 302, location: "/en/g/" + string(pilots.ID)},
		{name: "and where it leads", path: "/en/g/" + string(pilots.ID), status: 302, location: "/en/guides/sop-aldoria/identification#s-" + string(pilots.ID)},
		{name: "a hidden lasting address", path: "/en/g/" + string(office.ID), status: 404},
		{name: "a hidden entry", path: "/en/guides/crisis-handbook/duty-roster", status: 404},
		{name: "feedback on what is hidden", path: "/en/guides/crisis-handbook/-/feedback/" + string(office.ID), status: 404},
		{name: "an adaptation", path: "/en/guides/sop-aldoria", status: 200, want: []string{"adopted as they are", "Compare section by section", "Standard operating procedures: a global framework"}},
		{name: "its parameters", path: "/en/guides/sop-aldoria/referral", status: 200, want: []string{`<bdi>000-100</bdi>`, "On the outer islands", "Added by this place"}},
		{name: "unfilled in the framework", path: "/en/guides/global-sop/referral", status: 200, want: []string{`<span class="unfilled">hotline</span>`}},
		{name: "what waits", path: "/en/guides/sop-merinia/screening", status: 200, want: []string{"the local text must be looked through", "answer due by"}},
		{name: "three texts", path: "/en/guides/sop-merinia/-/update/" + string(waits.ID), status: 200, want: []string{"can be joined", "<ins>", "Nothing changes here until a person"}},
		{name: "comparison", path: "/en/guides/sop-merinia/-/comparison", status: 200, want: []string{"The Juvenile Court must be told", "Deviation approved by National Commission", "Facts of the place"}},
		{name: "comparison as CSV", path: "/en/guides/sop-merinia/-/comparison.csv", status: 200, want: []string{"section,entry,heading,decision", ",adapted,The Juvenile Court must be told the same day.,"}},
		{name: "a framework has no comparison", path: "/en/guides/global-sop/-/comparison", status: 404},
		{name: "countries", path: "/en/guides/global-sop/-/countries", status: 200, want: []string{`class="late">1<`, "Example: standard operating procedures of Merinia"}},
		{name: "one section everywhere", path: "/en/guides/global-sop/-/sections/" + string(risk.ID), status: 200, want: []string{"in all countries", "tell the Juvenile Court", "Says the same as the framework"}},
		{name: "no such guide", path: "/en/guides/nothing", status: 404},
		{name: "no such entry", path: "/en/guides/global-sop/nothing", status: 404},
		{name: "found", path: "/en/search?q=juvenile+court", status: 200, want: []string{"/en/guides/sop-merinia/screening#s-", "Section of a guide"}},
		{name: "found once, not in every country", path: "/en/search?q=" + url.QueryEscape(`"relatives, neighbours or people"`), status: 200, want: []string{"1 section of a guide"}},
		{name: "found in the language of the reader", path: "/fr/search?q=interrogatoire&kind=guide-section", status: 200, want: []string{"Le premier entretien", "<mark>interrogatoire</mark>"}},
		{name: "within a guide", path: "/en/search?q=telephones&guide=" + string(risk.Guide), status: 200, want: []string{"Standard operating procedures: a global framework"}, refuse: []string{"/en/guides/crisis-handbook/"}},
		{name: "within no guide", path: "/en/search?guide=" + string(office.ID), status: 400},
		{name: "suggested", path: "/en/suggest?q=non-puni", status: 200, want: []string{`"label":"Non-punishment"`, `/en/guides/global-sop/purpose-and-principles#s-`}},
	}
	for _, c := range rows {
		t.Run(c.name, func(t *testing.T) {
			res, body := get(t, "GET", site+c.path, "en")
			if res.StatusCode != c.status || res.Header.Get("Location") != c.location {
				t.Fatalf("%d %q, want %d %q", res.StatusCode, res.Header.Get("Location"), c.status, c.location)
			}
			for _, s := range c.want {
				if !strings.Contains(body, s) {
					t.Errorf("lacks %q", s)
				}
			}
			for _, s := range append(c.refuse, "%!", "ZgotmplZ", "guide.", "<no value>") {
				if s == "guide." && !unsaid.MatchString(body) {
					continue
				}
				if strings.Contains(body, s) {
					t.Errorf("holds %q", s)
				}
			}
			if n := compressed(t, body); n > 14<<10 {
				t.Errorf("%d bytes compressed", n)
			}
		})
	}
}

// unsaid finds keys of messages that have no words.
var unsaid = regexp.MustCompile(`>\s*(guide|guides|field|search)\.[a-z.]+\s*<`)

// TestRenamedEntryMoves: an address that an entry had leads to the one it has.
func TestRenamedEntryMoves(t *testing.T) {
	h, site := demoSite(t)
	desk := library.House()
	o, err := h.guides.Open(t.Context(), desk, "crisis-handbook", guide.When{})
	if err != nil {
		t.Fatal(err)
	}
	if err := h.guides.Rename(t.Context(), desk, o, o.Named("consent").ID, "informed-consent"); err != nil {
		t.Fatal(err)
	}
	res, _ := get(t, "GET", site+"/en/guides/crisis-handbook/consent", "en")
	if res.StatusCode != 301 || res.Header.Get("Location") != "/en/guides/crisis-handbook/informed-consent" {
		t.Errorf("%d %s", res.StatusCode, res.Header.Get("Location"))
	}
}

func TestFeedbackForm(t *testing.T) {
	h, site := demoSite(t)
	s := sectionOf(t, h, "crisis-handbook", "consent/glance")
	path := site + "/en/guides/crisis-handbook/-/feedback/" + string(s.ID)
	send := func(origin string, form url.Values) (int, string) {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), "POST", path, strings.NewReader(form.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if origin != "" {
			req.Header.Set("Origin", origin)
		}
		res, err := client().Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		var b bytes.Buffer
		if _, err := b.ReadFrom(res.Body); err != nil {
			t.Fatal(err)
		}
		return res.StatusCode, b.String()
	}
	good := url.Values{"kind": {"unclear"}, "text": {"What is a mark?"}}
	if code, body := send("", good); code != 200 || !strings.Contains(body, "Thank you") {
		t.Errorf("%d %s", code, body)
	}
	for name, c := range map[string]struct {
		origin string
		form   url.Values
		status int
	}{
		"another site": {"https://evil.example", good, 403},
		"no kind":      {"", url.Values{"text": {"x"}}, 400},
		"empty":        {"", url.Values{"kind": {"error"}}, 400},
		"huge":         {"", url.Values{"kind": {"error"}, "text": {strings.Repeat("x", 100_000)}}, 400},
		"a robot":      {"", url.Values{"kind": {"error"}, "text": {"x"}, "website": {"https://spam.example"}}, 200},
	} {
		if code, _ := send(c.origin, c.form); code != c.status {
			t.Errorf("%s: %d, want %d", name, code, c.status)
		}
	}
	open, err := h.guides.Feedback(t.Context(), library.House())
	if err != nil || len(open) != 1 || open[0].Text != "What is a mark?" || open[0].Hash == "" {
		t.Errorf("%+v %v", open, err)
	}
	refused := 0
	for range 10 {
		if code, _ := send("", good); code == http.StatusTooManyRequests {
			refused++
		}
	}
	if refused < 5 {
		t.Errorf("of ten more at once from one place, %d are refused", refused)
	}
}

// TestGuideCanary: no page, list, suggestion, file or count tells anonymous
// readers of what in guides is for staff, nor of a text whose base was closed.
func TestGuideCanary(t *testing.T) {
	h, site := demoSite(t)
	before := total(t, h, library.Viewer{}, search.Query{})
	staff := library.Viewer{Audiences: []library.Audience{library.Staff}}
	words := []string{"canarydemo", "roster", "Handing over a post"}
	check := func(path, body string) {
		t.Helper()
		for _, w := range words {
			if strings.Contains(strings.ToLower(body), strings.ToLower(w)) {
				t.Errorf("%s tells of %q", path, w)
			}
		}
	}
	walk(t, site, check)
	for _, path := range []string{"/en/search?kind=guide-section", "/en/search?kind=guide-section&page=2", "/en/search?q=safety+of+staf", "/en/suggest?q=duty", "/en/suggest?q=handing",
		"/en/guides/crisis-handbook?edition=1", "/en/guides/crisis-handbook/-/changes?from=1&to=2"} {
		_, body := get(t, "GET", site+path, "en")
		check(path, body)
	}
	for _, file := range []string{"guide.epub", "guide.zip"} {
		_, body := get(t, "GET", site+"/en/guides/crisis-handbook/-/"+file, "en")
		z, err := zip.NewReader(strings.NewReader(body), int64(len(body)))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range z.File {
			check(file+"/"+f.Name, f.Name+readZip(t, f))
		}
	}
	if got := total(t, h, library.Viewer{}, queryText("canarydemo")); got != 0 {
		t.Errorf("a reader finds %d", got)
	}
	if got := total(t, h, staff, queryText("canarydemo")); got != 1 {
		t.Errorf("staff find %d", got)
	}
	// Closing a section of the framework closes what derives from it by a note.
	within := sectionOf(t, h, "global-sop", "referral/time")
	if got := total(t, h, library.Viewer{}, queryText(`"outer islands"`)); got != 1 {
		t.Errorf("%d sections speak of outer islands", got)
	}
	if err := h.guides.Restrict(t.Context(), library.House(), within.ID, library.Staff); err != nil {
		t.Fatal(err)
	}
	if err := h.follower.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := total(t, h, library.Viewer{}, queryText(`"outer islands"`)); got != 0 {
		t.Error("what derives from a closed section is still found")
	}
	if got := total(t, h, staff, queryText(`"outer islands"`)); got != 1 {
		t.Errorf("staff find %d of it", got)
	}
	if after := total(t, h, library.Viewer{}, search.Query{}); after != before-2 {
		t.Errorf("%d found before, %d after", before, after)
	}
	_, body := get(t, "GET", site+"/en/guides/sop-aldoria/referral", "en")
	if strings.Contains(body, "outer islands") || strings.Contains(body, "danger of life") {
		t.Error("the page of an adaptation shows the text of a closed section")
	}
	n, err := h.follower.Check(t.Context(), func(d search.Difference) { t.Errorf("the index has %s %s", d.ID, d.What) })
	if err != nil || n < 108 {
		t.Error(n, err)
	}
}

func readZip(t *testing.T, f *zip.File) string {
	t.Helper()
	r, err := f.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var b bytes.Buffer
	if _, err := b.ReadFrom(r); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestBooks: a guide is an e-book without a fault to epubcheck, whose links lead
// somewhere, and the same bytes when it is made again.
func TestBooks(t *testing.T) {
	h, _ := demoSite(t)
	checker, err := exec.LookPath("epubcheck")
	if err != nil && os.Getenv("WAYMARK_TEST_TOOLS") == "required" {
		t.Fatal("epubcheck is not installed, and WAYMARK_TEST_TOOLS=required")
	}
	for _, c := range []struct {
		slug, lang string
		edition    int
		want       string
		check      bool // by epubcheck, which takes seconds for each
	}{{"crisis-handbook", "en", 2, "telephones, also your own", true}, {"crisis-handbook", "ar", 0, "المحادثة الأولى", false},
		{"global-sop", "fr", 1, "Non-sanction", false}, {"sop-sahla", "ar", 0, "دائرة الإيواء", true}} {
		o, err := h.guides.Open(t.Context(), library.Viewer{}, c.slug, guide.When{Edition: c.edition})
		if err != nil {
			t.Fatal(err)
		}
		var made [2]bytes.Buffer
		for i := range made {
			write, err := h.book(t.Context(), o, c.lang, "https://library.example", ".epub")
			if err != nil {
				t.Fatal(err)
			}
			if err := write(&made[i]); err != nil {
				t.Fatal(err)
			}
		}
		if !bytes.Equal(made[0].Bytes(), made[1].Bytes()) {
			t.Errorf("%s %s: two makings differ", c.slug, c.lang)
		}
		z, err := zip.NewReader(bytes.NewReader(made[0].Bytes()), int64(made[0].Len()))
		if err != nil || z.File[0].Name != "mimetype" {
			t.Fatal(err)
		}
		var all string
		for _, f := range z.File {
			all += readZip(t, f)
		}
		if strings.Contains(all, "waymark-page") {
			t.Errorf("%s %s: a link has no ending", c.slug, c.lang)
		}
		if !strings.Contains(all, c.want) {
			t.Errorf("%s %s lacks %q", c.slug, c.lang, c.want)
		}
		if !c.check {
			continue
		}
		if checker == "" {
			t.Log("epubcheck is not installed: the e-books were not checked")
			continue
		}
		name := filepath.Join(t.TempDir(), c.slug+".epub")
		if err := os.WriteFile(name, made[0].Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command("java", "-jar", checker, "--failonwarnings", name).CombinedOutput()
		if err != nil {
			t.Errorf("%s %s: %v\n%s", c.slug, c.lang, err, out)
		}
	}
}

func TestGuideCommand(t *testing.T) {
	data := t.TempDir()
	page := filepath.Join(t.TempDir(), "field-notes.html")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(page, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write(`<html><body><h1>Field notes</h1><h2>Arrival</h2><p>Ask <b>first</b>.</p><h3>Who asks</h3><ol><li>One</li><li>Two<ul><li>x_y</li></ul></li></ol><h2>Leaving</h2><table><tr><th>a<th>b<tr><td>1<td>2</table></body></html>`)
	code, out, errs := waymark(t, data, "guide", "import", page)
	if code != exitWell || !strings.Contains(out, "2 entries and 3 sections added") {
		t.Fatalf("%d %s%s", code, out, errs)
	}
	write(`<html><body><h1>Field notes</h1><h2>Arrival</h2><p>Ask <b>twice</b>.</p></body></html>`)
	if code, _, errs := waymark(t, data, "guide", "import", page); code != exitFailed || !strings.Contains(errs, "how heavy") {
		t.Errorf("%d %s", code, errs)
	}
	if code, out, errs := waymark(t, data, "guide", "import", page, "--class", "substantive", "--summary", "Twice"); code != exitWell || !strings.Contains(out, "1 sections changed") {
		t.Errorf("%d %s%s", code, out, errs)
	}
	if code, out, errs := waymark(t, data, "guide", "import", "demo/sop"); code != exitRefused || !strings.Contains(errs, "/r/01KDVDNAZ80HZQAZ02R8CNEYJS leads nowhere") {
		t.Errorf("links to records that are not there: %d %s%s", code, out, errs)
	}
	if code, out, _ := waymark(t, data, "guide", "check"); code != exitRefused || strings.Count(out, "/r/") != 2 {
		t.Errorf("the check finds %d %s", code, out)
	}
	if code, _, errs := waymark(t, data, "import", "demo/collection.jsonl"); code != exitWell {
		t.Fatal(errs)
	}
	if code, out, errs := waymark(t, data, "guide", "check"); code != exitWell {
		t.Errorf("the check finds %s%s", out, errs)
	}
	for _, dir := range []string{"demo/sop", "demo/sop-merinia"} {
		if code, out, errs := waymark(t, data, "guide", "import", dir); code != exitWell {
			t.Fatalf("%s%s", out, errs)
		}
	}
	if code, out, _ := waymark(t, data, "guide", "import", "demo/sop-update"); code != exitWell || !strings.Contains(out, "5 sections changed") {
		t.Errorf("%s", out)
	}
	if code, out, errs := waymark(t, data, "guide", "settle", "sop-merinia", "--editorial"); code != exitWell || out != "1 sections settled\n" {
		t.Errorf("%s%s", out, errs)
	}
	code, out, _ = waymark(t, data, "guide", "drift", "global-sop")
	if code != exitWell || !strings.Contains(out, "safety-legal") || strings.Contains(out, "editorial") {
		t.Error(out)
	}
	if code, out, _ := waymark(t, data, "guide", "issue", "sop-merinia"); code != exitWell || !strings.Contains(out, "Edition 1 of sop-merinia") {
		t.Error(out)
	}
	book := filepath.Join(t.TempDir(), "x.epub")
	if code, _, errs := waymark(t, data, "guide", "export", "sop-merinia", book); code != exitWell {
		t.Error(errs)
	}
	if info, err := os.Stat(book); err != nil || info.Size() < 2000 {
		t.Error(info, err)
	}
	if code, out, _ := waymark(t, data, "guide", "list"); code != exitWell || strings.Count(out, "\n") != 3 {
		t.Error(out)
	}
}
