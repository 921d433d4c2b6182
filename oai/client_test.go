package oai

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"waymark/fetch"
)

const around = `<?xml version="1.0" encoding="UTF-8"?><OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"><responseDate>2026-03-02T09:00:00Z</responseDate>%s</OAI-PMH>`

func rec(n int, title string) string {
	return fmt.Sprintf(`<record><header><identifier>oai:a:%d</identifier><datestamp>2026-01-0%d</datestamp><setSpec>s</setSpec></header><metadata><x:dc xmlns:x="http://www.openarchives.org/OAI/2.0/oai_dc/"><dc:title>%s</dc:title></x:dc></metadata></record>`, n, n%9+1, title)
}

func list(token string, records ...string) string {
	return fmt.Sprintf(around, "<ListRecords>"+strings.Join(records, "")+"<resumptionToken completeListSize='7'>"+token+"</resumptionToken></ListRecords>")
}

// provider answers each query by what pages has for its token ("" at first).
func provider(t *testing.T, pages map[string]func(w http.ResponseWriter, r *http.Request)) *Client {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if page := pages[r.URL.Query().Get("resumptionToken")]; page != nil {
			page(w, r)
			return
		}
		fmt.Fprintf(w, around, `<error code="badResumptionToken">unknown</error>`)
	}))
	t.Cleanup(s.Close)
	web := &fetch.Client{AllowPrivate: true, Pause: time.Millisecond, Timeout: time.Minute, Sleep: func(ctx context.Context, d time.Duration) error {
		if d != 7*time.Second && d != 0 {
			t.Errorf("waits %s", d)
		}
		return ctx.Err()
	}}
	return &Client{Base: s.URL, Web: web}
}

func say(text string) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, text) }
}

// harvest gives the identifiers of all records, the problems and the error.
func harvest(t *testing.T, c *Client, ask Ask) (ids string, err error) {
	t.Helper()
	n := 0
	for page, e := range c.Records(t.Context(), ask) {
		if e != nil {
			err = e
			break
		}
		for _, r := range page.Records {
			ids += strings.TrimPrefix(r.Identifier, "oai:a:")
			switch {
			case r.Deleted:
				ids += "-"
			case r.Problem != "":
				ids += "!"
			}
			ids += " "
		}
		if n++; n > 50 {
			t.Fatal("the harvest does not end")
		}
	}
	return strings.TrimSpace(ids), err
}

// TestProvidersThatLie plays every fault that harvesters meet.
func TestProvidersThatLie(t *testing.T) {
	gone := `<record><header status="deleted"><identifier>oai:a:9</identifier><datestamp>2026-01-01T00:00:00Z</datestamp></header></record>`
	var visits atomic.Int64
	for _, c := range []struct {
		name  string
		pages map[string]func(http.ResponseWriter, *http.Request)
		ids   string
		err   string
	}{
		{"sound", map[string]func(http.ResponseWriter, *http.Request){"": say(list("t1", rec(1, "a"), rec(2, "b"))), "t1": say(list("", rec(3, "c"), gone))}, "1 2 3 9-", ""},
		{"nothing", map[string]func(http.ResponseWriter, *http.Request){"": say(fmt.Sprintf(around, `<error code="noRecordsMatch"/>`))}, "", ""},
		{"an error", map[string]func(http.ResponseWriter, *http.Request){"": say(fmt.Sprintf(around, `<error code="cannotDisseminateFormat">no such</error>`))}, "", "the provider answers cannotDisseminateFormat: no such"},
		{"token that runs out", map[string]func(http.ResponseWriter, *http.Request){"": say(list("old", rec(1, "a")))}, "1", "badResumptionToken"},
		{"tokens in a circle", map[string]func(http.ResponseWriter, *http.Request){"": say(list("t1", rec(1, "a"))), "t1": say(list("t2", rec(2, "a"))), "t2": say(list("t1", rec(3, "a")))}, "1 2 3", "goes in a circle"},
		{"one page for ever", map[string]func(http.ResponseWriter, *http.Request){"": say(list("t1", rec(1, "a"))), "t1": say(list("t2", rec(1, "a"))), "t2": say(list("t3", rec(1, "a"))), "t3": say(list("t4", rec(1, "a")))}, "1 1", "the same page again and again"},
		{"an empty page with a token", map[string]func(http.ResponseWriter, *http.Request){"": say(list("t1")), "t1": say(list("", rec(2, "a")))}, "2", ""},
		{"a web page", map[string]func(http.ResponseWriter, *http.Request){"": say("<!DOCTYPE html><html><head><title>Sign  in</title></head></html>")}, "", `web page ("Sign in")`},
		{"bad bytes", map[string]func(http.ResponseWriter, *http.Request){"": say(list("", rec(1, "caf\xe9 \x0b\x00 ok"), rec(2, "b")))}, "1 2", ""},
		{"cut in the middle", map[string]func(http.ResponseWriter, *http.Request){"": say(list("", rec(1, "a"))[:330])}, "", "cannot be read"},
		{"a document type", map[string]func(http.ResponseWriter, *http.Request){"": say(`<!DOCTYPE x [<!ENTITY a "b">]><OAI-PMH/>`)}, "", "document type"},
		{"a huge record", map[string]func(http.ResponseWriter, *http.Request){"": say(list("", rec(1, strings.Repeat("x", maxRecord)), rec(2, "b")))}, "1! 2", ""},
		{"no metadata", map[string]func(http.ResponseWriter, *http.Request){"": say(list("", `<record><header><identifier>oai:a:1</identifier></header></record>`, rec(2, "b")))}, "1! 2", ""},
		{"come again later", map[string]func(http.ResponseWriter, *http.Request){"": func(w http.ResponseWriter, _ *http.Request) {
			if visits.Add(1) < 4 {
				w.Header().Set("Retry-After", "7")
				w.WriteHeader(http.StatusServiceUnavailable)
				return
			}
			fmt.Fprint(w, list("", rec(1, "a")))
		}}, "1", ""},
		{"out of order", map[string]func(http.ResponseWriter, *http.Request){"": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) }}, "", "answers 500"},
		{"packed", map[string]func(http.ResponseWriter, *http.Request){"": func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Accept-Encoding") != "gzip" {
				t.Error("gzip is not asked for")
			}
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			fmt.Fprint(z, list("", rec(1, "a")))
			z.Close()
		}}, "1", ""},
		{"a bomb", map[string]func(http.ResponseWriter, *http.Request){"": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			for range maxPage>>20 + 2 {
				z.Write(bytes.Repeat([]byte(" "), 1<<20))
			}
			z.Close()
		}}, "", "larger than"},
		{"slow drip", map[string]func(http.ResponseWriter, *http.Request){"": func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprint(w, "<OAI-PMH>")
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		}}, "", "ended early"},
	} {
		t.Run(c.name, func(t *testing.T) {
			client := provider(t, c.pages)
			if c.name == "slow drip" {
				client.Web.(*fetch.Client).Timeout = 200 * time.Millisecond
			}
			ids, err := harvest(t, client, Ask{Prefix: "oai_dc"})
			if ids != c.ids || (err == nil) != (c.err == "") || err != nil && !strings.Contains(err.Error(), c.err) {
				t.Errorf("%q, %v; want %q, %q", ids, err, c.ids, c.err)
			}
		})
	}
}

// TestAsks: what is asked for reaches the provider, and a token stands alone.
func TestAsks(t *testing.T) {
	var asked []string
	c := provider(t, map[string]func(http.ResponseWriter, *http.Request){
		"": func(w http.ResponseWriter, r *http.Request) {
			asked = append(asked, r.URL.RawQuery)
			fmt.Fprint(w, list("t&amp;1", rec(1, "a")))
		},
		"t&1": func(w http.ResponseWriter, r *http.Request) {
			asked = append(asked, r.URL.RawQuery)
			fmt.Fprint(w, list("", rec(2, "<![CDATA[<b>]]>")))
		},
	})
	c.Base += "?key=1"
	for page, err := range c.Records(t.Context(), Ask{Prefix: "oai_dc", Set: "a:b", From: "2026-01-01"}) {
		if err != nil {
			t.Fatal(err)
		}
		if page.Date != "2026-03-02T09:00:00Z" {
			t.Errorf("of %s", page.Date)
		}
		if m := string(page.Records[0].Metadata); !strings.Contains(m, `xmlns:dc="http://purl.org/dc/elements/1.1/"`) || !strings.Contains(m, "<x:dc ") || !strings.HasSuffix(m, "</metadata>") {
			t.Errorf("metadata %s", m)
		}
	}
	want := "key=1&from=2026-01-01&metadataPrefix=oai_dc&set=a%3Ab&verb=ListRecords key=1&resumptionToken=t%261&verb=ListRecords"
	if got := strings.Join(asked, " "); got != strings.ReplaceAll(want, "key=1&from=2026-01-01", "from=2026-01-01&key=1") {
		t.Errorf("asked\n%s", got)
	}
	if _, err := harvest(t, c, Ask{Token: "nope"}); err == nil {
		t.Error("an unknown token is no error")
	} else if e, ok := errors.AsType[*ProtocolError](err); !ok || e.Code != "badResumptionToken" {
		t.Error(err)
	}
}

func TestIdentify(t *testing.T) {
	c := provider(t, map[string]func(http.ResponseWriter, *http.Request){"": say(fmt.Sprintf(around,
		"<Identify><repositoryName> A Library </repositoryName><granularity>YYYY-MM-DDThh:mm:ssZ</granularity><deletedRecord>persistent</deletedRecord></Identify>"))})
	id, err := c.Identify(t.Context())
	if err != nil || id != (Identity{"A Library", "YYYY-MM-DDThh:mm:ssZ", "persistent", "2026-03-02T09:00:00Z"}) {
		t.Errorf("%+v, %v", id, err)
	}
	for _, o := range [][3]string{{id.Date, id.Granularity, "2026-03-01T09:00:00Z"}, {id.Date, "YYYY-MM-DD", "2026-03-01"}, {"yesterday", "YYYY-MM-DD", ""}} {
		if got := Overlap(o[0], o[1]); got != o[2] {
			t.Errorf("after %s from %s", o[0], got)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(list("t1", rec(1, "a"), rec(2, "b"))))
	f.Fuzz(func(t *testing.T, data []byte) {
		if _, err := parse(mend(data)); err != nil && err.Error() == "" {
			t.Error("an error without words")
		}
	})
}
