package provider

import (
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"waymark/catalogue"
	"waymark/library"
	"waymark/store"
	"waymark/vocabulary"
)

var start = time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)

// shelf is a library with a provider before it; an hour passes between edits.
type shelf struct {
	t     *testing.T
	store *store.Store
	url   string
	clock time.Time
	p     *Provider
}

func newShelf(t *testing.T) *shelf {
	t.Helper()
	st, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "library.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	v, err := vocabulary.Load(nil)
	if err != nil {
		t.Fatal(err)
	}
	s := &shelf{t: t, store: st, clock: start}
	st.Now = func() time.Time { return s.clock }
	s.p = &Provider{Notices: st, Catalogue: &catalogue.Catalogue{Store: st}, Vocabularies: v, Now: func() time.Time { return s.clock },
		Name: "A Library & More", URL: "https://library.example.org", PageSize: 3}
	server := httptest.NewServer(s.p.Handler())
	t.Cleanup(server.Close)
	s.url = server.URL
	return s
}

func id(n int) library.ID { return library.ID(fmt.Sprintf("01ARZ3NDEKTSV4RRFFQ%07d", n)) }

// resource makes a public resource.
func resource(n int, topics ...string) *library.Resource {
	return &library.Resource{ID: id(n), Status: library.Published, Audience: library.Public, Titles: library.Text{"en": fmt.Sprintf("Work %d <of> many & more\x02", n)},
		Languages: []string{"en"}, Topics: topics, Countries: []string{"SD"}, Category: "toolkit", Date: "2015"}
}

// put commits resources as they are now.
func (s *shelf) put(resources ...*library.Resource) {
	s.t.Helper()
	edit := library.Edit{At: s.clock, Actor: "t", Action: "edit"}
	for _, r := range resources {
		e, err := r.Entry()
		if err != nil {
			s.t.Fatal(err)
		}
		if e.Status == library.Merged {
			e.MergedInto = id(1)
		}
		edit.Changes = append(edit.Changes, library.Change{Read: r.Version, Entry: e})
		r.Version++
	}
	if _, err := s.store.Commit(s.t.Context(), edit); err != nil {
		s.t.Fatal(err)
	}
	s.clock = s.clock.Add(time.Hour)
}

// document is an answer as an XML reader takes it.
type document struct {
	XMLName xml.Name `xml:"http://www.openarchives.org/OAI/2.0/ OAI-PMH"`
	Date    string   `xml:"responseDate"`
	Request struct {
		Attributes []xml.Attr `xml:",any,attr"`
		Base       string     `xml:",chardata"`
	} `xml:"request"`
	Errors []struct {
		Code string `xml:"code,attr"`
	} `xml:"error"`
	Records  []record `xml:"ListRecords>record"`
	Record   *record  `xml:"GetRecord>record"`
	Headers  []header `xml:"ListIdentifiers>header"`
	Sets     []string `xml:"ListSets>set>setSpec"`
	Formats  []string `xml:"ListMetadataFormats>metadataFormat>metadataPrefix"`
	Earliest string   `xml:"Identify>earliestDatestamp"`
	Tokens   []resume `xml:"ListRecords>resumptionToken"`
	TokensID []resume `xml:"ListIdentifiers>resumptionToken"`
}

type record struct {
	Header   header `xml:"header"`
	Metadata *struct {
		Inner string `xml:",innerxml"`
	} `xml:"metadata"`
}

type header struct {
	Status     string   `xml:"status,attr"`
	Identifier string   `xml:"identifier"`
	Datestamp  string   `xml:"datestamp"`
	Sets       []string `xml:"setSpec"`
}

type resume struct {
	Text   string `xml:",chardata"`
	Total  string `xml:"completeListSize,attr"`
	Cursor string `xml:"cursor,attr"`
}

// code gives the code of the answer's error.
func (d document) code() string {
	if len(d.Errors) == 0 {
		return ""
	}
	return d.Errors[0].Code
}

func (s *shelf) read(res *http.Response, err error) document {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	var d document
	if err := xml.Unmarshal(body, &d); err != nil || res.StatusCode != 200 || res.Header.Get("Content-Type") != "text/xml; charset=utf-8" {
		s.t.Fatalf("%s answers %d %q: %v\n%s", res.Request.URL, res.StatusCode, res.Header, err, body)
	}
	if _, err := time.Parse(bySecond, d.Date); err != nil {
		s.t.Errorf("the answer is dated %q", d.Date)
	}
	return d
}

func (s *shelf) ask(query string) document {
	s.t.Helper()
	return s.read(http.Get(s.url + "/oai?" + query))
}

// all harvests the list of a query and writes it as "number, - when gone".
func (s *shelf) all(query string, between ...func()) string {
	s.t.Helper()
	var got []string
	for pages := 0; pages < 50; pages++ {
		d := s.ask(query)
		if d.code() != "" {
			return d.code()
		}
		headers := d.Headers
		for _, r := range d.Records {
			if (r.Metadata == nil) != (r.Header.Status == "deleted") {
				s.t.Errorf("%s is %q and its metadata %v", r.Header.Identifier, r.Header.Status, r.Metadata)
			}
			headers = append(headers, r.Header)
		}
		for _, h := range headers {
			gone := ""
			if h.Status == "deleted" {
				gone = "-"
			}
			got = append(got, strings.TrimLeft(h.Identifier[len(h.Identifier)-7:], "0")+gone)
		}
		tokens := slices.Concat(d.Tokens, d.TokensID)
		if len(tokens) == 0 || tokens[0].Text == "" {
			if pages > 0 && len(tokens) == 0 {
				s.t.Errorf("the last page of %s has no empty token", query)
			}
			return strings.Join(got, " ")
		}
		if len(between) > pages {
			between[pages]()
		}
		verb, _, _ := strings.Cut(query, "&")
		query = verb + "&resumptionToken=" + tokens[0].Text
	}
	s.t.Fatalf("%s has no end", query)
	return ""
}

const (
	records     = "verb=ListRecords&metadataPrefix=oai_dc"
	identifiers = "verb=ListIdentifiers&metadataPrefix=oai_dc"
)

// TestFaults: each wrong request gets its code, and a right one none.
func TestFaults(t *testing.T) {
	s := newShelf(t)
	s.put(resource(1, "protection"), resource(2), resource(3), resource(4))
	hidden := resource(5)
	hidden.Audience = library.Staff
	s.put(hidden)
	known := url.QueryEscape("oai:library.example.org:" + string(id(1)))
	good := s.ask(records).Tokens[0].Text
	for _, c := range []struct{ query, code string }{
		{"verb=Identify", ""},
		{"verb=ListSets", ""},
		{"verb=ListMetadataFormats", ""},
		{"verb=ListMetadataFormats&identifier=" + known, ""},
		{"verb=GetRecord&metadataPrefix=marcxml&identifier=" + known, ""},
		{records, ""}, {identifiers, ""},
		{"verb=ListRecords&resumptionToken=" + good, ""},
		{"", "badVerb"}, {"verb=", "badVerb"}, {"verb=identify", "badVerb"}, {"verb=Identify&verb=Identify", "badVerb"}, {"verb=Nothing", "badVerb"},
		{"metadataPrefix=oai_dc", "badVerb"},
		{"verb=Identify&x=1", "badArgument"}, {"verb=Identify&metadataPrefix=oai_dc", "badArgument"}, {"verb=Identify&%zz", "badArgument"},
		{"verb=ListRecords", "badArgument"}, {"verb=ListIdentifiers&from=2026-01-01", "badArgument"},
		{"verb=GetRecord&metadataPrefix=oai_dc", "badArgument"}, {"verb=GetRecord&identifier=" + known, "badArgument"},
		{records + "&metadataPrefix=oai_dc", "badArgument"}, {records + "&from=2026-01-01&from=2026-01-01", "badArgument"},
		{records + "&identifier=" + known, "badArgument"},
		{records + "&from=2026", "badArgument"}, {records + "&from=", "badArgument"}, {records + "&from=2026-02-30", "badArgument"},
		{records + "&from=2026-01-01T00:00:00", "badArgument"}, {records + "&until=2026-01-01T00:00:00.0Z", "badArgument"},
		{records + "&from=2026-01-01T00:00:00%2B01:00", "badArgument"}, {records + "&until=01.01.2026", "badArgument"},
		{records + "&from=2026-01-01&until=2026-01-01T00:00:00Z", "badArgument"}, {records + "&from=2026-01-02&until=2026-01-01", "badArgument"},
		{records + "&set=", "badArgument"}, {records + "&set=a%20b", "badArgument"}, {records + "&set=topic:", "badArgument"},
		{records + "&resumptionToken=" + good, "badArgument"},
		{"verb=ListRecords&metadataPrefix=", "badArgument"}, {"verb=ListRecords&metadataPrefix=oai+dc", "badArgument"},
		{"verb=GetRecord&metadataPrefix=oai_dc&identifier=a+b", "badArgument"},
		{"verb=ListRecords&resumptionToken=", "badResumptionToken"}, {"verb=ListRecords&resumptionToken=x", "badResumptionToken"},
		{"verb=ListIdentifiers&resumptionToken=" + good, "badResumptionToken"},
		{"verb=ListRecords&resumptionToken=" + good[:len(good)-1], "badResumptionToken"},
		{"verb=ListSets&resumptionToken=" + good, "badResumptionToken"},
		{"verb=ListRecords&metadataPrefix=mods99", "cannotDisseminateFormat"}, {"verb=ListRecords&metadataPrefix=oai_DC", "cannotDisseminateFormat"},
		{"verb=GetRecord&metadataPrefix=none&identifier=" + known, "cannotDisseminateFormat"},
		{"verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:library.example.org:" + string(id(9)), "idDoesNotExist"},
		{"verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:library.example.org:" + string(id(5)), "idDoesNotExist"},
		{"verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:other.example.org:" + string(id(1)), "idDoesNotExist"},
		{"verb=ListMetadataFormats&identifier=oai:library.example.org:none", "idDoesNotExist"},
		{records + "&set=nothing", "noRecordsMatch"}, {records + "&set=topic:nothing", "noRecordsMatch"}, {records + "&set=a:b:c", "noRecordsMatch"},
		{records + "&from=2030-01-01", "noRecordsMatch"}, {records + "&until=2000-01-01", "noRecordsMatch"}, {records + "&until=0001-01-01", "noRecordsMatch"},
	} {
		if got := s.ask(c.query).code(); got != c.code {
			t.Errorf("%q answers %q, want %q", c.query, got, c.code)
		}
		values, err := url.ParseQuery(c.query)
		if err != nil {
			continue
		}
		d := s.read(http.PostForm(s.url+"/oai", values))
		if d.code() != c.code {
			t.Errorf("%q by POST answers %q, want %q", c.query, d.code(), c.code)
		}
		repeated := c.code != badVerb && c.code != badArgument
		if repeated != (len(d.Request.Attributes) > 0) || d.Request.Base != "https://library.example.org/oai" {
			t.Errorf("%q: the request is given back as %+v", c.query, d.Request)
		}
	}
	if d := s.read(http.Post(s.url+"/oai?verb=Identify", "application/x-www-form-urlencoded", strings.NewReader("verb=Identify"))); d.code() != badArgument {
		t.Errorf("a verb in address and body answers %q", d.code())
	}
}

// TestLives: what becomes of a record is what a harvester is told, page by page
// and again later.
func TestLives(t *testing.T) {
	s := newShelf(t)
	all := make([]*library.Resource, 10)
	for n := 1; n <= 9; n++ {
		all[n] = resource(n, []string{"protection", "trafficking"}[n%2])
	}
	s.put(all[1:4]...) // 10:00
	s.put(all[4:7]...) // 11:00
	s.put(all[7:]...)  // 12:00
	same := func(what, got, want string) {
		t.Helper()
		if got != want {
			t.Errorf("%s: %s, want %s", what, got, want)
		}
	}
	for _, list := range []string{records, identifiers} {
		same("everything", s.all(list), "1 2 3 4 5 6 7 8 9")
		same("from", s.all(list+"&from=2026-03-01T11:00:00Z"), "4 5 6 7 8 9")
		same("from a second later", s.all(list+"&from=2026-03-01T11:00:01Z"), "7 8 9")
		same("until", s.all(list+"&until=2026-03-01T11:00:00Z"), "1 2 3 4 5 6")
		same("until a second earlier", s.all(list+"&until=2026-03-01T10:59:59Z"), "1 2 3")
		same("a day", s.all(list+"&from=2026-03-01&until=2026-03-01"), "1 2 3 4 5 6 7 8 9")
		same("one moment", s.all(list+"&from=2026-03-01T11:00:00Z&until=2026-03-01T11:00:00Z"), "4 5 6")
		same("a topic", s.all(list+"&set=topic:trafficking"), "1 3 5 7 9")
		same("a topic since", s.all(list+"&set=topic:trafficking&from=2026-03-01T12:00:00Z"), "7 9")
		same("all topics", s.all(list+"&set=topic"), "1 2 3 4 5 6 7 8 9")
		same("a country", s.all(list+"&set=country:SD"), "1 2 3 4 5 6 7 8 9")
		same("a language", s.all(list+"&set=language:fr"), noRecordsMatch)
	}
	d := s.ask(records)
	if d.Tokens[0].Total != "9" || d.Tokens[0].Cursor != "0" {
		t.Errorf("the first page says %+v", d.Tokens[0])
	}
	if got := d.Records[0].Header.Sets; !slices.Equal(got, []string{"topic:trafficking", "country:SD", "language:en", "category:toolkit"}) {
		t.Errorf("the sets are %q", got)
	}
	if inner := d.Records[0].Metadata.Inner; !strings.Contains(inner, "Work 1 &lt;of&gt; many &amp; more\ufffd") || !strings.Contains(inner, "https://library.example.org/r/"+string(id(1))) {
		t.Errorf("the record is %s", inner)
	}

	all[2].Status, all[3].Status, all[4].Audience, all[5].Status = library.Withdrawn, library.Merged, library.Staff, library.Draft
	all[3].Titles["en"], all[4].Titles["en"] = "secret", "secret"
	s.put(all[2:6]...) // 13:00
	same("the ended", s.all(records+"&from=2026-03-01T13:00:00Z"), "2- 3- 4- 5-")
	same("the ended of a set", s.all(records+"&from=2026-03-01T13:00:00Z&set=topic:trafficking"), "3- 5-")
	one := s.ask("verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:library.example.org:" + string(id(4))).Record
	if one == nil || one.Header.Status != "deleted" || one.Header.Datestamp != "2026-03-01T13:00:00Z" || one.Metadata != nil {
		t.Errorf("a closed record is %+v", one)
	}
	all[4].Titles["en"] = "more secret"
	s.put(all[4]) // 14:00, seen by staff alone
	same("work behind closed doors", s.all(records+"&from=2026-03-01T14:00:00Z"), noRecordsMatch)
	all[2].Status = library.Published
	s.put(all[2]) // 15:00
	same("taken back", s.all(records+"&from=2026-03-01T14:00:00Z"), "2")
	// While a harvest is on its way: what it has passed and what it has not yet
	// reached is changed, and so comes at the end.
	same("changes between pages", s.all(records, func() { s.put(all[1], all[9]) }, func() {
		all[8].Status = library.Withdrawn
		s.put(all[8])
	}), "1 6 7 8 3- 4- 5- 2 1 9 8-")
	if got := s.ask("verb=Identify").Earliest; got != "2026-03-01T11:00:00Z" {
		t.Errorf("the earliest is %s", got)
	}
}

// TestTokens: a token that differs in any character from one that was given is
// refused, and one that was given goes on with another program over the same
// library, as after a restart.
func TestTokens(t *testing.T) {
	s := newShelf(t)
	for n := 1; n <= 7; n++ {
		s.put(resource(n))
	}
	good := s.ask(records + "&from=2026-03-01T11:00:00Z&until=2026-03-01T15:00:00Z").Tokens[0].Text
	for i := range good {
		for _, c := range []byte("Aa0_") {
			bad := good[:i] + string(c) + good[i+1:]
			if bad == good {
				continue
			}
			if got := s.ask("verb=ListRecords&resumptionToken=" + bad).code(); got != badResumptionToken {
				t.Fatalf("a token with %q at %d answers %q", c, i, got)
			}
		}
	}
	again := *s.p
	again.PageSize = 2
	server := httptest.NewServer(again.Handler())
	defer server.Close()
	s.url = server.URL
	if got := s.all("verb=ListRecords&resumptionToken=" + good); got != "5 6" {
		t.Errorf("after a restart the list goes on with %s", got)
	}
}

// TestCompressed: an answer is given in gzip to who takes it.
func TestCompressed(t *testing.T) {
	s := newShelf(t)
	req, err := http.NewRequestWithContext(t.Context(), "GET", s.url+"/oai?verb=ListSets", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept-Encoding", "gzip") // by hand: the client leaves it as it is
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.Header.Get("Content-Encoding") != "gzip" {
		t.Errorf("the answer has the headers %v", res.Header)
	}
}

// TestSets: each name is well formed, known once, and its like stands before it.
func TestSets(t *testing.T) {
	s := newShelf(t)
	seen := map[string]bool{}
	for _, spec := range s.ask("verb=ListSets").Sets {
		parent, _, nested := strings.Cut(spec, ":")
		if _, err := parseSet(spec); err != nil || seen[spec] || nested && !seen[parent] {
			t.Errorf("the set %q: %v", spec, err)
		}
		seen[spec] = true
	}
	for _, want := range []string{"topic:protection", "country:SD", "language:ar", "category"} {
		if !seen[want] {
			t.Errorf("there is no set %s", want)
		}
	}
}

// TestHosts: identifiers name a host by the OAI's guidelines.
func TestHosts(t *testing.T) {
	for address, want := range map[string]string{
		"": nowhere, "https://library.example.org": "library.example.org", "https://Library.Example.org:8443/": "library.example.org",
		"http://127.0.0.1:8080": nowhere, "http://localhost": nowhere, "https://a.b/c": "a.b",
	} {
		if got := (&Provider{URL: address}).host(); got != want {
			t.Errorf("%q gives %q, want %q", address, got, want)
		}
	}
}

// FuzzRequest: whatever is asked, the answer is of the protocol.
func FuzzRequest(f *testing.F) {
	for _, seed := range []string{"verb=Identify", records, "verb=ListRecords&resumptionToken=AAAA", "verb=GetRecord&identifier=\xff&metadataPrefix=oai_dc", "verb=ListRecords&metadataPrefix=oai_dc&set=\x00&from=9999-12-31"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, query string) {
		s := newShelf(t)
		s.put(resource(1))
		w := httptest.NewRecorder()
		r := httptest.NewRequest("GET", "/oai", nil)
		r.URL.RawQuery = query
		s.p.Handler().ServeHTTP(w, r)
		var d document
		if err := xml.Unmarshal(w.Body.Bytes(), &d); err != nil || w.Code != 200 {
			t.Errorf("%q answers %d: %v\n%s", query, w.Code, err, w.Body)
		}
	})
}
