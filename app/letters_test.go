package app

import (
	"cmp"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/mail"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"waymark/format"
	"waymark/library"
	"waymark/locale"
)

// opened is a letter as its reader's program takes it apart.
type opened struct {
	to, subject, id   string
	unsubscribe, post string
	text, html        string
}

// open reads the next letter.
func (m *mailbox) open(t *testing.T) opened {
	t.Helper()
	select {
	case raw := <-m.letters:
		return openLetter(t, raw)
	case <-time.After(20 * time.Second):
		t.Fatal("no letter came")
	}
	return opened{}
}

func openLetter(t *testing.T, raw string) opened {
	t.Helper()
	m, err := mail.ReadMessage(strings.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	o := opened{to: m.Header.Get("To"), id: m.Header.Get("Message-ID"), post: m.Header.Get("List-Unsubscribe-Post"),
		unsubscribe: strings.Trim(m.Header.Get("List-Unsubscribe"), "<>")}
	if o.subject, err = new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject")); err != nil {
		t.Fatal(err)
	}
	kind, settings, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	body := m.Body
	if kind != "multipart/alternative" { // read as one of one part, which undoes the quoting
		head := "--x\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
		body, settings = io.MultiReader(strings.NewReader(head), m.Body, strings.NewReader("\r\n--x--\r\n")), map[string]string{"boundary": "x"}
	}
	for parts := multipart.NewReader(body, settings["boundary"]); ; {
		p, err := parts.NextPart()
		if err == io.EOF {
			return o
		}
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(p)
		if err != nil {
			t.Fatal(err)
		}
		text := strings.ReplaceAll(string(b), "\r\n", "\n")
		if strings.HasPrefix(p.Header.Get("Content-Type"), "text/html") {
			o.html = text
		} else {
			o.text = text
		}
	}
}

// reading is a library that sends letters, at a time of its own.
type reading struct {
	*house
	box  *mailbox
	site string
	now  time.Time
}

func openReading(t *testing.T) *reading {
	t.Helper()
	box, smtp := openMailbox(t)
	h, site := entrance(t, func(c *Config) { c.SMTP, c.MailFrom = smtp, "Waymark <library@example.org>" })
	r := &reading{h, box, site, time.Date(2026, 3, 2, 6, 0, 0, 0, time.UTC)}
	h.porter.Now = func() time.Time { return r.now }
	r.add(t, `{"titles":{"en":"A handbook of shelter"},"year":2020}`)
	return r
}

// add imports records and has the index follow.
func (r *reading) add(t *testing.T, lines ...string) {
	t.Helper()
	rep, err := r.importer("test").Import(t.Context(), "new.jsonl", format.JSONLines(strings.NewReader(strings.Join(lines, "\n"))))
	if err != nil || rep.Added != len(lines) {
		t.Fatal(rep, err)
	}
	r.catchUp(t)
}

func (r *reading) catchUp(t *testing.T) {
	t.Helper()
	if err := r.follower.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// ask asks to follow and gives what is answered, once the letter is sent.
func (r *reading) ask(t *testing.T, lang, address, query, every string) (status int, body string) {
	t.Helper()
	res, body := visit(t, r.site).ask("/"+lang+"/follow", url.Values{"address": {address}, "query": {query}, "every": {every}})
	r.porter.Finish()
	return res.StatusCode, body
}

var confirmIn = regexp.MustCompile(`http://\S+/follow/confirm\?key=(\w+)`)

// confirm presses the button of the next letter.
func (r *reading) confirm(t *testing.T, lang string) {
	t.Helper()
	link := confirmIn.FindStringSubmatch(r.box.open(t).text)
	if link == nil {
		t.Fatal("the letter has no link")
	}
	if res, body := visit(t, r.site).ask("/"+lang+"/follow/confirm", url.Values{"key": {link[1]}}); res.StatusCode != 200 {
		t.Fatalf("the button answers %d\n%.400s", res.StatusCode, body)
	}
}

// later lets time pass and sends what is due.
func (r *reading) later(t *testing.T, d time.Duration) []opened {
	t.Helper()
	r.now = r.now.Add(d)
	if err := r.follow.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	var letters []opened
	for len(r.box.letters) > 0 {
		letters = append(letters, r.box.open(t))
	}
	slices.SortFunc(letters, func(a, b opened) int { return cmp.Compare(a.to, b.to) })
	return letters
}

// TestFollow: from the page of a search to the last letter.
func TestFollow(t *testing.T) {
	r := openReading(t)
	v := visit(t, r.site)
	_, page := v.ask("/en/search?q=shelter&page=1", nil)
	if !strings.Contains(page, `action="/en/follow"`) || !strings.Contains(page, `name="query" value="q=shelter"`) {
		t.Fatalf("a search cannot be followed from its page\n%s", page)
	}
	if _, page := v.ask("/en/follow?q=shelter", nil); !strings.Contains(page, "“shelter”") || !strings.Contains(page, `name="query" value="q=shelter"`) {
		t.Errorf("nor by its own address\n%s", page)
	}
	status, first := r.ask(t, "en", "Amina@Example.org", "q=shelter", "day")
	letter := r.box.open(t)
	if status != 200 || letter.to != "<amina@example.org>" || letter.html != "" || letter.unsubscribe != "" || strings.Contains(letter.text, "shelter") || !strings.Contains(letter.text, "its words are shown") {
		t.Fatalf("%d, %+v", status, letter)
	}
	secret := confirmIn.FindStringSubmatch(letter.text)[1]
	for range 2 { // a mail program looks at it
		res, body := v.ask("/en/follow/confirm?key="+secret, nil)
		if res.StatusCode != 200 || res.Header.Get("Cache-Control") != "no-store" || !strings.Contains(body, "“shelter”") || strings.Contains(body, "amina") || len(res.Header.Values("Set-Cookie")) > 0 {
			t.Fatalf("the link answers %d\n%s", res.StatusCode, body)
		}
	}
	if got := r.later(t, 25*time.Hour); len(got) != 0 {
		t.Errorf("letters come before they were confirmed: %v", got)
	}
	if res, _ := v.ask("/en/follow/confirm", url.Values{"key": {secret}}, "Sec-Fetch-Site", "cross-site"); res.StatusCode != 403 {
		t.Errorf("another site presses the button: %d", res.StatusCode)
	}
	if res, body := v.ask("/en/follow/confirm", url.Values{"key": {secret}}); res.StatusCode != 200 || !strings.Contains(body, "You follow this search now") {
		t.Fatalf("the button answers %d\n%s", res.StatusCode, body)
	}
	if res, _ := v.ask("/en/follow/confirm", url.Values{"key": {secret}}); res.StatusCode != 403 {
		t.Errorf("and again %d", res.StatusCode)
	}
	// Who follows already is answered as who does not, and written to as well.
	if _, again := r.ask(t, "en", "amina@example.org", "q=shelter", "day"); again != first || r.box.open(t).text == "" {
		t.Error("the answer tells who follows")
	}
	if got := r.later(t, 25*time.Hour); len(got) != 0 {
		t.Errorf("a letter of nothing: %v", got)
	}
	r.add(t, `{"titles":{"en":"Shelter standards <b>"},"year":2021}`, `{"titles":{"en":"Something else"},"year":2021}`)
	got := r.later(t, 25*time.Hour)
	if len(got) != 1 || got[0].subject != "1 new publication: “shelter”" || !strings.Contains(got[0].text, "Shelter standards <b>\n") || !strings.Contains(got[0].html, "Shelter standards &lt;b&gt;") {
		t.Fatalf("the letter is %+v", got)
	}
	for _, not := range []string{"handbook", "Something else"} {
		if strings.Contains(got[0].text+got[0].html, not) {
			t.Errorf("the letter tells of %s", not)
		}
	}
	if strings.Contains(got[0].html, "src=") || strings.Contains(got[0].html, "url(") {
		t.Errorf("the letter fetches something\n%s", got[0].html)
	}
	if again := r.later(t, 25*time.Hour); len(again) != 0 {
		t.Errorf("the same is told again: %v", again)
	}
	r.stops(t, got[0])
}

// stops ends the letters from one of them.
func (r *reading) stops(t *testing.T, letter opened) {
	t.Helper()
	if letter.post != "List-Unsubscribe=One-Click" || !strings.HasPrefix(letter.unsubscribe, r.site+"/follow/stop?key=") {
		t.Fatalf("the letter ends by %s, %s", letter.unsubscribe, letter.post)
	}
	manage := regexp.MustCompile(`http://\S+/en/follow/manage\?\S+`).FindString(letter.text)
	v := visit(t, r.site)
	for _, address := range []string{letter.unsubscribe, manage} {
		if res, body := v.ask(address, nil); res.StatusCode != 200 || !strings.Contains(body, "Stop these letters") || !strings.Contains(body, `value="day" checked`) {
			t.Errorf("%s answers %d\n%s", address, res.StatusCode, body)
		}
	}
	key := url.Values{"key": {strings.TrimPrefix(letter.unsubscribe, r.site+"/follow/stop?key=")}, "every": {"week"}}
	if res, body := v.ask("/en/follow/manage", key); res.StatusCode != 200 || !strings.Contains(body, `value="week" checked`) {
		t.Errorf("a change answers %d\n%s", res.StatusCode, body)
	}
	r.add(t, `{"titles":{"en":"A third shelter"},"year":2022}`)
	if got := r.later(t, 25*time.Hour); len(got) != 0 {
		t.Errorf("a weekly letter came after a day: %v", got)
	}
	for _, bad := range []string{letter.unsubscribe + "x", r.site + "/follow/stop?key=", r.site + "/follow/stop?key=" + palermo + ".AAAA", r.site + "/follow/stop"} {
		if res, _ := v.ask(bad, url.Values{"List-Unsubscribe": {"One-Click"}}); res.StatusCode != 403 {
			t.Errorf("%s answers %d", bad, res.StatusCode)
		}
	}
	// As a mail provider sends it (RFC 8058, section 3.2), and a mail program's page.
	for range 2 {
		res, body := v.ask(letter.unsubscribe, url.Values{"List-Unsubscribe": {"One-Click"}}, "Origin", "https://mail.example", "Sec-Fetch-Site", "cross-site")
		if res.StatusCode != 200 || len(res.Header.Values("Set-Cookie")) > 0 || !strings.Contains(body, "You get no more letters") {
			t.Errorf("one click answers %d\n%s", res.StatusCode, body)
		}
	}
	if res, _ := v.ask(manage, nil); res.StatusCode != 404 {
		t.Errorf("what was stopped answers %d", res.StatusCode)
	}
	if got := r.later(t, 8*24*time.Hour); len(got) != 0 {
		t.Errorf("letters come after the end: %v", got)
	}
}

// TestFollowIsRefused: what cannot be followed, and how often.
func TestFollowIsRefused(t *testing.T) {
	r := openReading(t)
	for _, c := range []struct {
		name, address, query, every string
		status                      int
		want                        string
	}{
		{"no address", "amina", "q=x", "day", 400, "This is no e-mail address"},
		{"an address that can be mistaken", "amіna@example.org", "q=x", "day", 400, "This is no e-mail address"},
		{"more recipients", "a@example.org, b@example.org", "q=x", "day", 400, "This is no e-mail address"},
		{"no frequency", "a@example.org", "q=x", "hour", 400, ""},
		{"a value that is none", "a@example.org", "country=Atlantis", "day", 400, ""},
		{"a year that is none", "a@example.org", "year=x", "day", 400, ""},
		{"everything", "a@example.org", "", "week", 200, "All publications"},
	} {
		status, body := r.ask(t, "en", c.address, c.query, c.every)
		if status != c.status || !strings.Contains(body, c.want) {
			t.Errorf("%s answers %d\n%.900s", c.name, status, body)
		}
	}
	secret := confirmIn.FindStringSubmatch(r.box.open(t).text)[1]
	if n := len(r.box.letters); n != 0 {
		t.Errorf("%d letters were sent for what was refused", n)
	}
	r.now = r.now.Add(49 * time.Hour)
	if res, _ := visit(t, r.site).ask("/en/follow/confirm", url.Values{"key": {secret}}); res.StatusCode != 403 {
		t.Errorf("a request of two days ago is confirmed: %d", res.StatusCode)
	}
	status := 0
	for range 5 {
		status, _ = r.ask(t, "en", "b@example.org", "q=x", "day")
	}
	if status != 429 {
		t.Errorf("a mailbox can be filled: %d", status)
	}
	r.now = r.now.Add(time.Hour)
	for n := range 12 { // whoever asks for one letter each to many
		status, _ = r.ask(t, "en", fmt.Sprintf("stranger%d@example.org", n), "q=x", "day")
		for len(r.box.letters) > 0 {
			r.box.open(t)
		}
	}
	if status != 429 {
		t.Errorf("letters can be sent to anybody without end: %d", status)
	}
	_, site := demoSite(t) // where no letters are sent there is nothing to follow
	for _, path := range []string{"/en/follow?q=x", "/en/follow/manage?key=x", "/follow/stop?key=x"} {
		if res, _ := get(t, "GET", site+path, "en"); res.StatusCode != 404 {
			t.Errorf("%s answers %d without a mail server", path, res.StatusCode)
		}
	}
	if _, body := get(t, "GET", site+"/en/search?q=trafficking", "en"); strings.Contains(body, "follow-address") {
		t.Error("the form appears without a mail server")
	}
}

// hides are the parts of a letter that differ from run to run.
var hides = regexp.MustCompile(`http://localhost:\d+|key=[\w.%-]+|/r/\w+`)

// TestGoldenLetters: the letter of more new records than it names, in each language.
func TestGoldenLetters(t *testing.T) {
	r := openReading(t)
	for i, lang := range locale.Tags() {
		r.ask(t, lang, fmt.Sprintf("reader%d@example.org", i), "q=refuge+OR+shelter&country=SD&year=1999..", "week")
		r.confirm(t, lang)
	}
	lines := []string{`{"titles":{"en":"Shelter & refuge","fr":"Refuge","ar":"المأوى"},"year":2021,"authors":["Amina Hassan","International Organization for Migration"],"countries":["SD"]}`,
		`{"titles":{"ar":"دليل المأوى shelter"},"languages":["ar"],"date":"2022-05-04","countries":["SD"]}`}
	for n := range 20 {
		lines = append(lines, fmt.Sprintf(`{"titles":{"en":"Shelter in the district of number %s"},"year":2001,"countries":["SD"]}`, strings.Repeat("x", n+1)))
	}
	r.add(t, lines...)
	letters := r.later(t, 8*24*time.Hour)
	if len(letters) != 6 {
		t.Fatalf("%d letters", len(letters))
	}
	for i, lang := range locale.Tags() {
		l := letters[i]
		got := hides.ReplaceAllStringFunc("Subject: "+l.subject+"\n\n"+l.text+"\n\n"+l.html, func(s string) string {
			return map[byte]string{'h': "https://library.example", 'k': "key=KEY", '/': "/r/ID"}[s[0]]
		})
		name := filepath.Join("testdata", "letters", lang+".txt")
		if *update {
			if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(name)
		if err != nil || got != string(want) {
			t.Errorf("the letter in %s differs from %s (-update rewrites it; %v)\n%s", lang, name, err, got)
		}
	}
}

// TestCanaryInLetters: what is not for everyone is in no letter, and becomes
// news when it is opened to everyone.
func TestCanaryInLetters(t *testing.T) {
	r := openReading(t)
	r.add(t, `{"titles":{"en":"The protocol"},"year":2000}`)
	for i, query := range []string{"", "q=zyzzcanary", "q=zyzz*", "year=2031", "q=open+OR+zyzzcanary", "q=canarybird"} {
		r.ask(t, "en", fmt.Sprintf("reader%d@example.org", i), query, "day")
		r.confirm(t, "en")
	}
	var ids []library.ID
	for _, line := range []string{hiddenLine("The Zyzzcanary Manual for Field Staff Alone"), hiddenLine("Another Zyzzcanary Draft of Something"), hiddenLine("A Zyzzcanary title that is listed")} {
		r.add(t, line, fmt.Sprintf(`{"titles":{"en":"Open to everyone %d"},"year":2030}`, len(ids)))
		found, err := r.searcher.Find(t.Context(), library.House(), queryText("zyzzcanary"), "en")
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range found.Hits {
			if !slices.Contains(ids, h.ID) {
				ids = append(ids, h.ID)
			}
		}
	}
	for i, id := range ids {
		edit(t, r.house, id, func(e *library.Entry, res *library.Resource) {
			if e.Audience = library.Staff; i == 1 {
				e.Audience, e.Status = library.Public, library.Draft
			}
			res.Listed = i == 2
		})
	}
	// The index is behind: it still holds what has been hidden meanwhile.
	for _, l := range r.later(t, 25*time.Hour) {
		checkNoCanary(t, l)
	}
	r.catchUp(t)
	r.add(t, `{"titles":{"en":"Open as well"},"year":2030}`)
	letters := r.later(t, 25*time.Hour)
	if len(letters) != 2 {
		t.Errorf("%d letters, want those of all that is new and of what is open", len(letters))
	}
	for _, l := range letters {
		checkNoCanary(t, l)
	}
	// What was never open becomes news when it is opened to everyone.
	id, err := library.NewID(r.now, entropy())
	if err != nil {
		t.Fatal(err)
	}
	e, err := (&library.Resource{ID: id, Status: library.Published, Audience: library.Staff, Titles: library.Text{"en": "A Zyzzcanary manual for all"}, Date: "2031"}).Entry()
	if err != nil {
		t.Fatal(err)
	}
	commit(t, r.house, e, 0)
	r.catchUp(t)
	if letters = r.later(t, 25*time.Hour); len(letters) != 0 {
		t.Errorf("what is for staff is told: %+v", letters)
	}
	edit(t, r.house, id, func(e *library.Entry, _ *library.Resource) { e.Audience = library.Public })
	r.catchUp(t)
	if letters = r.later(t, 25*time.Hour); len(letters) != 5 || !strings.Contains(letters[0].text, "A Zyzzcanary manual for all") {
		t.Errorf("what was opened is told in %d letters, want all but that of an author", len(letters))
	}
}

// hiddenLine is a record with the words of canaries.
func hiddenLine(title string) string {
	return `{"titles":{"en":"` + title + `"},"abstracts":{"en":"A zyzzcanary abstract."},"year":2031,"authors":["Xanthippe Canarybird"]}`
}

func checkNoCanary(t *testing.T, l opened) {
	t.Helper()
	for _, c := range canaries {
		told := strings.ToLower(l.text + l.html)
		if strings.Contains(told, strings.ToLower(c)+" ") { // a query that is repeated ends with it
			t.Errorf("the letter to %s tells of %q\n%s", l.to, c, l.text)
		}
	}
}
