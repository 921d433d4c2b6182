package guide

import (
	"strings"
	"testing"

	"golang.org/x/net/html"
)

func TestHTML(t *testing.T) {
	r := NewRenderer()
	fill := func(key string) (string, bool) {
		if key == "hotline" {
			return `0800 <1>`, true
		}
		return "lead agency", false
	}
	for _, c := range []struct{ name, body, want string }{
		{"paragraph", "Ask *first*.", "<p>Ask <em>first</em>.</p>"},
		{"steps", "1. One\n2. Two", "<ol>\n<li>One</li>\n<li>Two</li>\n</ol>"},
		{"checklist", "- [ ] Consent\n- [x] Water", "<ul class=\"tasks\">\n<li><span class=\"box\">☐</span> Consent</li>\n<li><span class=\"box\">☑</span> Water</li>\n</ul>"},
		{"warning", ":::warning\nStop.\n:::\nOn.", "<div class=\"warning\" role=\"note\">\n<p>Stop.</p>\n</div>\n<p>On.</p>"},
		{"a box that nobody knows", ":::script\nx\n:::", "<p>:::script\nx\n:::</p>"},
		{"definition", "Consent\n: freely given", "<dl>\n<dt>Consent</dt>\n<dd>freely given</dd>\n</dl>"},
		{"form", "Name: ______", `<p>Name: <span class="blank"></span></p>`},
		{"headings", "# A\n\n#### B", "<h3>A</h3>\n<h4>B</h4>"},
		{"parameters", "Call {{hotline}} or {{ lead_agency }}, not {{Bad}}.",
			`<p>Call <span class="filled"><bdi>0800 &lt;1&gt;</bdi></span> or <span class="unfilled">lead agency</span>, not {{Bad}}.</p>`},
		{"link", "[x](/r/01) [y](https://example.org/)", `<p><a href="/en/r/01">x</a> <a href="https://example.org/" rel="noreferrer">y</a></p>`},
		{"table", "| a | b |\n|---|---|\n| 1 | 2 |", "<table>\n<thead>\n<tr>\n<th>a</th>\n<th>b</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>1</td>\n<td>2</td>\n</tr>\n</tbody>\n</table>"},
		{"signs of our own", "a\ue000hotline\ue001b", "<p>ahotlineb</p>"},
	} {
		got, err := r.HTML(c.body, Look{Fill: fill, Resolve: func(to string) string {
			if strings.HasPrefix(to, "/r/") {
				return "/en" + to
			}
			return to
		}})
		if err != nil || strings.TrimSpace(got) != c.want {
			t.Errorf("%s: %v\n%s\nwant\n%s", c.name, err, got, c.want)
		}
	}
}

// hostile are texts that try to run script, reach out or break the page.
var hostile = []string{
	`<script>alert(1)</script>`, `<img src=x onerror=alert(1)>`, `[x](javascript:alert(1))`, `[x](JaVaScRiPt:alert(1))`,
	`![x](https://evil.example/a.png)`, `<iframe src="https://evil.example">`, `<a href="data:text/html,x">x</a>`,
	`<p style="position:fixed">x</p>`, `<form action="https://evil.example"><input name=q></form>`, `[x](vbscript:x)`,
	`<div class="leave">x</div>`, `<svg onload=alert(1)>`, "```\n<script>\n```", `<https://evil.example/"onmouseover="x>`,
	`[x](data:text/html;base64,PHNjcmlwdD4=)`, `:::warning" onclick="x`,
}

func TestHTMLDoesNoHarm(t *testing.T) {
	r := NewRenderer()
	for _, h := range hostile {
		got, err := r.HTML(h, Look{})
		if err != nil {
			t.Fatal(err)
		}
		harmless(t, h, got)
	}
}

// harmless reads what a browser would: elements, their attributes and where
// they lead.
func harmless(t *testing.T, body, got string) {
	t.Helper()
	z := html.NewTokenizer(strings.NewReader(got))
	for z.Next() != html.ErrorToken {
		tok := z.Token()
		if tok.Type == html.TextToken {
			continue
		}
		if strings.Contains(" script img iframe svg form input style object link meta base ", " "+tok.Data+" ") {
			t.Errorf("%q becomes %q", body, got)
		}
		for _, a := range tok.Attr {
			scheme, _, absolute := strings.Cut(a.Val, ":")
			bad := a.Key == "href" && absolute && !strings.ContainsAny(scheme, "/?#") && !strings.Contains(" http https mailto tel ", " "+strings.ToLower(scheme)+" ")
			if bad || !strings.Contains(" href rel class role start ", " "+a.Key+" ") || a.Key == "class" && a.Val == "leave" {
				t.Errorf("%q becomes %q: %s=%q", body, got, a.Key, a.Val)
			}
		}
	}
}

func FuzzHTML(f *testing.F) {
	for _, h := range hostile {
		f.Add(h)
	}
	r := NewRenderer()
	f.Fuzz(func(t *testing.T, body string) {
		got, err := r.HTML(body, Look{})
		if err != nil {
			t.Fatal(err)
		}
		harmless(t, body, got)
	})
}

func TestMarksAreOfUnits(t *testing.T) {
	r := NewRenderer()
	body := "One {{hotline}}.\n\n- a\n- b\n\nTwo.\n\n| h |\n|---|\n| x |\n| y |\n"
	marks := make([]bool, len(Units(body)))
	for i, u := range Units(body) {
		marks[i] = strings.Contains(u, "One") || strings.Contains(u, "- b") || strings.Contains(u, "| y")
	}
	got, err := r.HTML(body, Look{Marks: marks})
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(got, `class="behind"`); n != 3 || !strings.Contains(got, `<p class="behind">One`) ||
		!strings.Contains(got, `<li class="behind">b`) || !strings.Contains(got, "<tr class=\"behind\">\n<td>y") {
		t.Errorf("%d marks: %s", n, got)
	}
}

func TestPlain(t *testing.T) {
	got, err := NewRenderer().Plain("### Who\n\n- **Po**lice\n- {{x}} & co", func(string) (string, bool) { return "Unit", true })
	if err != nil || got != "Who Police Unit & co" {
		// bytes of a token are still escaped
		t.Errorf("%q, %v", got, err)
	}
}
