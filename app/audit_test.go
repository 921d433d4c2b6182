package app

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"waymark/access"
	"waymark/library"
)

// told gives what the audit tells, the first act first, as 'who did detail'.
func told(t testing.TB, h *house, did string) []string {
	t.Helper()
	all, err := h.journal.List(t.Context(), library.House(), library.ActFilter{Did: did, Limit: 1000})
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, a := range slices.Backward(all) {
		lines = append(lines, strings.Join(strings.Fields(a.Name+" "+a.Did+" "+a.Detail+" "+a.Address), " "))
	}
	return lines
}

// TestAudit: whatever lets somebody in or says what they may do is told of, by
// whoever did it and by whichever way; addresses only when the settings say so.
func TestAudit(t *testing.T) {
	h, site := demoSite(t)
	h.journal.SignIns = 24 * time.Hour
	ctx := access.Doing(t.Context(), library.Viewer{Name: "root at the terminal", Role: library.System}, netip.Addr{})
	admin, err := h.porter.Add(ctx, access.Person{Address: adminAddress, Name: "Amina", Role: library.Administrator})
	if err == nil {
		_, err = h.porter.SetPassword(ctx, admin, testPassword)
	}
	if err != nil {
		t.Fatal(err)
	}
	v := visit(t, site).signIn(adminAddress)
	steps := func(path string, form url.Values) *http.Response {
		t.Helper()
		res, body := v.ask(path, form)
		if res.StatusCode != http.StatusSeeOther && res.StatusCode != http.StatusOK {
			t.Fatalf("%s: %d\n%.2000s", path, res.StatusCode, body)
		}
		return res
	}
	to := steps("/en/people", url.Values{"address": {"bo@example.org"}, "name": {"Bo"}, "role": {"reader"}}).Header.Get("Location")
	bo := to[strings.LastIndexByte(to, '/')+1:]
	steps("/en/people/"+bo, url.Values{"version": {"1"}, "name": {"Bo"}, "role": {"curator"}, "audiences": {"staff"}})
	steps("/en/people/"+bo+"/disable", url.Values{})
	steps("/en/people/"+bo+"/enable", url.Values{})
	steps("/en/rules", url.Values{"kind": {"domain"}, "value": {"iom.int"}, "audiences": {"staff"}})
	rules, err := h.porter.Rules(t.Context())
	if err != nil || len(rules) != 1 {
		t.Fatal(rules, err)
	}
	steps("/en/rules/"+string(rules[0].ID), url.Values{})
	steps("/en/account/tokens", url.Values{"name": {"harvest"}, "days": {"30"}, "scope": {"read"}})
	tokens, err := h.porter.Kept.Tokens.Tokens(t.Context(), admin.ID)
	if err != nil || len(tokens) != 1 {
		t.Fatal(tokens, err)
	}
	steps("/en/account/tokens/"+string(tokens[0].ID), url.Values{})
	steps("/en/desk/vocabularies/topics", url.Values{"label.en": {"Scam Compounds"}})
	if res, _ := v.ask("/en/desk/settings", url.Values{"version": {"0"}, "name.en": {"The Reading Room"}}); res.StatusCode != http.StatusSeeOther {
		t.Fatal(res.Status)
	}
	steps("/en/people/"+bo+"/remove", url.Values{})
	steps("/en/sign-out", url.Values{})
	h.journal.Addresses = time.Hour
	visit(t, site).signIn(adminAddress)

	all := told(t, h, "")
	for _, want := range []string{
		"root at the terminal person-added Amina: administrator", "root at the terminal password Amina", "Amina sign-in password",
		"Amina person-added Bo: reader", "Amina role Bo: reader → curator", "Amina kept-out Bo", "Amina let-in Bo",
		"Amina rule-added iom.int → [staff]", "Amina rule-removed iom.int → [staff]",
		"Amina token-removed of " + string(admin.ID), "Amina add a term topics/scam-compounds:", "Amina change the settings", "Amina sign-out",
		"Amina sign-in password 127.0.0.1", "Amina person-removed curator, audiences [staff]",
	} {
		if !slices.Contains(all, want) {
			t.Errorf("the audit does not say %q", want)
		}
	}
	text := strings.Join(all, "\n")
	if !strings.Contains(text, "Amina token-added harvest [read], for "+string(admin.ID)) || strings.Count(text, "127.0.0.1") != 1 || strings.Contains(text, "@example.org") || strings.Contains(text, testPassword) {
		t.Errorf("the audit says\n%s", text)
	}
	h.journal.Addresses, h.journal.SignIns = 0, 0
	if again := strings.Join(told(t, h, ""), "\n"); strings.Contains(again, "127.0.0.1") || strings.Contains(again, "sign-in") {
		t.Errorf("what has expired is told still:\n%s", again)
	}
	if err := h.journal.Expire(t.Context()); err != nil {
		t.Fatal(err)
	}
	h.journal.SignIns, h.journal.Addresses = time.Hour, time.Hour
	if again := strings.Join(told(t, h, ""), "\n"); strings.Contains(again, "127.0.0.1") || strings.Contains(again, "sign-in") || !strings.Contains(again, "person-removed") {
		t.Errorf("after the expiry there is\n%s", again)
	}
}

// TestAuditPage: administrators read, filter and take the audit; others do not.
func TestAuditPage(t *testing.T) {
	h, public := demoSite(t)
	desk := doorFor(t, h, ada)
	if res, body := post(t, desk+"/en/desk/vocabularies/topics", url.Values{"label.en": {"Scam Compounds"}, "why": {"=SUM(A1)"}}); res.StatusCode != http.StatusSeeOther {
		t.Fatal(body)
	}
	for path, row := range map[string]struct {
		status      int
		says, never string
	}{
		"":                                  {200, "=SUM(A1)", ""},
		"?did=import":                       {200, "entries", "=SUM"},
		"?who=Ada&did=add+a+term":           {200, "Term added", ""},
		"?who=Nobody":                       {200, "Nothing of this kind", "=SUM"},
		"?from=2001-01-01&to=2001-12-31":    {200, "Nothing of this kind", "=SUM"},
		"?from=yesterday":                   {400, "2026-11-01", "=SUM"},
		"?after=nowhere":                    {400, "2026-11-01", "=SUM"},
		"/xml":                              {404, "", "=SUM"},
		"/csv?who=Ada&from=bad":             {400, "", "=SUM"},
		"/jsonl?did=%22onmouseover%3Dalert": {200, "", "=SUM"},
	} {
		res, body := get(t, "GET", desk+"/en/desk/audit"+path, "en")
		if res.StatusCode != row.status || !strings.Contains(body, row.says) || row.never != "" && strings.Contains(body, row.never) {
			t.Errorf("%s: %d\n%.1500s", path, res.StatusCode, body[max(0, strings.Index(body, "<main")):])
		}
	}
	_, table := get(t, "GET", desk+"/en/desk/audit/csv?who=Ada", "en")
	rows, err := csv.NewReader(strings.NewReader(table)).ReadAll()
	if err != nil || len(rows) != 2 || rows[1][1] != "Ada" || rows[1][3] != "add a term" || rows[1][6] != "topics/scam-compounds: =SUM(A1)" {
		t.Errorf("the table is %v (%v)", rows, err)
	}
	_, lines := get(t, "GET", desk+"/en/desk/audit/jsonl", "en")
	n := 0
	for d := json.NewDecoder(strings.NewReader(lines)); ; n++ {
		var one map[string]any
		if err := d.Decode(&one); err == io.EOF {
			break
		} else if err != nil || one["at"] == "" {
			t.Fatal(one, err)
		}
	}
	seq, err := h.store.Seq(t.Context())
	if err != nil || int64(n) < seq {
		t.Errorf("%d lines for %d edits (%v)", n, seq, err)
	}
	for _, site := range []string{public, doorFor(t, h, ana), doorFor(t, h, bo)} {
		for _, path := range []string{"", "/csv", "/jsonl"} {
			if res, _ := get(t, "GET", site+"/en/desk/audit"+path, "en"); res.StatusCode != http.StatusNotFound {
				t.Errorf("others are answered %d to %s", res.StatusCode, path)
			}
		}
	}
}

// TestAuditCommand: the terminal writes the same, and is told of itself.
func TestAuditCommand(t *testing.T) {
	data := t.TempDir()
	if code, out, errs := waymark(t, data, "user", "add", "zoe@example.org", "--name", "Zoe", "--role", "curator"); code != exitWell {
		t.Fatal(out, errs)
	}
	code, out, errs := waymark(t, data, "audit", "--did", "person-added")
	if code != exitWell || strings.Count(out, "\n") != 1 || !strings.Contains(out, `at the terminal"`) || !strings.Contains(out, `"detail":"Zoe: curator"`) {
		t.Errorf("%d: %s%s", code, out, errs)
	}
	if code, out, _ := waymark(t, data, "audit", "--format", "csv", "--to", "2001-01-01"); code != exitWell || out != "at,who,person,did,subject,changes,detail,address,edit\n" {
		t.Errorf("%d: %s", code, out)
	}
	if code, _, errs := waymark(t, data, "audit", "--from", "Tuesday"); code != exitFailed || !strings.Contains(errs, "2026-11-01") {
		t.Errorf("%d: %s", code, errs)
	}
}

// TestAuditInBrowser looks at the page of the audit.
func TestAuditInBrowser(t *testing.T) {
	ctx := browser(t)
	h, _ := demoSite(t)
	site := doorFor(t, h, ada)
	if res, body := post(t, site+"/en/desk/vocabularies/topics", url.Values{"label.en": {"Scam Compounds"}, "why": {"asked for by the office in Bangkok"}}); res.StatusCode != http.StatusSeeOther {
		t.Fatal(body)
	}
	lookAt(t, ctx, site, map[string]string{"audit": "/desk/audit"})
}
