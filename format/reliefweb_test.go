package format

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"
)

const reliefSample = `{"time":12,"href":"https://api.reliefweb.int/v1/reports?appname=x","links":{"self":{"href":"x"},"data":[1]},"totalCount":4,"count":4,"data":[
 {"id":"4012345","score":1,"href":"https://api.reliefweb.int/v1/reports/4012345","fields":{"id":4012345,"title":"Of people &amp; borders","status":"published",
  "body":"## Findings\n\nThe **second** report on [shelters](https://example.org/s).\n\n* one\n* two",
  "file":[{"id":"1","url":"https://reliefweb.int/attachments/a/report.pdf","filename":"report.pdf","mimetype":"application/pdf"}],
  "primary_country":{"id":220,"name":"Sudan","iso3":"sdn","location":{"lat":1,"lon":2}},
  "country":[{"id":220,"name":"Sudan","primary":true},{"id":55,"name":"Chad"}],
  "source":[{"id":1255,"name":"International Organization for Migration","shortname":"IOM","type":{"id":272,"name":"International Organization"}}],
  "language":[{"id":267,"name":"English","code":"en"}],"theme":[{"id":4599,"name":"Protection and Human Rights"}],"format":[{"id":8,"name":"Assessment"}],
  "disaster":[{"id":1,"name":"Sudan: Floods - Aug 2015"}],"disaster_type":[{"id":4611,"name":"Flood","code":"FL"}],
  "url":"https://reliefweb.int/node/4012345","url_alias":"https://reliefweb.int/report/sudan/people-borders","origin":"https://iom.int/report",
  "date":{"changed":"2015-04-02T10:00:00+00:00","created":"2015-04-01T10:00:00+00:00","original":"2015-03-09T00:00:00+00:00"}}},
 {"id":2,"fields":{"title":{"odd":1}}},
 {"id":3,"fields":{"title":"Second","source":"UNHCR","country":["Chad"],"body-html":"<p>One</p><p>Two</p>","date":{"created":"2016-01-01T00:00:00+00:00"}}},
 {"id":4,"fie`

func TestReliefWeb(t *testing.T) {
	if !isReliefWeb([]byte(reliefSample)) || isReliefWeb([]byte(`{"titles":{"en":"of \"data\" and \"fields\""}}`)) || isReliefWeb([]byte(cslSample)) {
		t.Error("ReliefWeb is not told from others")
	}
	got, problems := all(Read(strings.NewReader(reliefSample), Options{}))
	want := []string{
		`{"Abstracts":{"und":"Findings\nThe second report on shelters.\none\ntwo"},"Authors":[{"Text":"International Organization for Migration"}],"Category":{"Text":"Assessment"},"Countries":[{"Text":"Sudan"},{"Text":"Chad"}],"Date":{"Text":"2015-03-09"},"ID":"","Key":"4012345","Languages":[{"Text":"en"}],"Links":[{"url":"https://reliefweb.int/report/sudan/people-borders"},{"url":"https://iom.int/report"},{"url":"https://reliefweb.int/attachments/a/report.pdf"}],"Subjects":[{"Text":"Protection and Human Rights"},{"Text":"Sudan: Floods - Aug 2015"},{"Text":"Flood"}],"Titles":{"und":"Of people \u0026 borders"}}`,
		`{"Abstracts":{"und":"One\nTwo"},"Authors":[{"Text":"UNHCR"}],"Countries":[{"Text":"Chad"}],"Date":{"Text":"2016-01-01"},"ID":"","Key":"3","Titles":{"und":"Second"}}`,
	}
	if len(got) != 2 || len(problems) != 2 || !strings.Contains(problems[0], "none of ReliefWeb's") || !strings.Contains(problems[1], "damaged") {
		t.Fatalf("%d records, %q", len(got), problems)
	}
	for i, w := range want {
		if g := without(t, got[i]); g != w {
			t.Errorf("record %d is\n%s\nwant\n%s", i, g, w)
		}
	}
	if got[0].Line != 2 || got[1].Line != 13 || problems[0][:8] != "line 12:" || problems[1][:8] != "line 13:" {
		t.Errorf("lines %d and %d, %q", got[0].Line, got[1].Line, problems)
	}
	for _, c := range [][2]string{{`{"error":{"message":"no appname"}}`, "no list of records"}, {`{"data":5}`, "no list"}, {`[1]`, "no object"}, {`{"fields":1,"x":"data","data":{}}`, "no list"}} {
		if got, problems := all(ReliefWeb(strings.NewReader(c[0]))); len(got) != 0 || len(problems) != 1 || !strings.Contains(problems[0], c[1]) {
			t.Errorf("%s: %d records, %q", c[0], len(got), problems)
		}
	}
}

// TestBeginning: of a whole report no more is taken than an abstract may have.
func TestBeginning(t *testing.T) {
	paragraph := strings.Repeat("слово ", 300)
	for _, body := range []string{strings.Repeat(paragraph+"\n", 9), strings.Repeat(paragraph, 9), strings.Repeat("длинное", 2000)} {
		s := beginning(body)
		if n := utf8.RuneCountInString(s); n > maxBody || n < maxBody/2 || !strings.HasSuffix(s, "…") || !utf8.ValidString(s) {
			t.Errorf("%d runes, ending %q", n, s[len(s)-20:])
		}
	}
	if s := beginning("short"); s != "short" {
		t.Error(s)
	}
}

func TestPlainText(t *testing.T) {
	for in, want := range map[string]string{
		"a < b & c":                             "a < b & c",
		"<p>One <b>two</b></p>\n<p>three":       "One two\nthree",
		"x<script>alert(1)</script>y":           "xy",
		"caf&eacute; &amp; t&#233;":             "café & té",
		"<ul><li>a</li><li>b</li></ul>c<br/>d ": "a\nb\nc\nd",
	} {
		if got := plainText(in); got != want {
			t.Errorf("%q is %q, want %q", in, got, want)
		}
	}
	if got := fmt.Sprintf("%q", markedText("# A\n> b **c**\n- [d](http://e) <i>f</i>")); got != `"A\nb c\nd f"` {
		t.Error(got)
	}
}

func FuzzReliefWeb(f *testing.F) {
	f.Add([]byte(reliefSample))
	f.Fuzz(func(t *testing.T, data []byte) {
		for d := range ReliefWeb(strings.NewReader(string(data))) {
			if n := utf8.RuneCountInString(d.Abstracts["und"]); n > maxBody {
				t.Errorf("an abstract of %d", n)
			}
		}
	})
}
