package app

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"waymark/curate"
	"waymark/library"
)

// TestOffer: where the settings let anyone hand records in, one waits in the
// queue, is seen by nobody else, and nobody can flood the desk.
func TestOffer(t *testing.T) {
	h, closed := demoSite(t)
	good := url.Values{"title": {"A Zyzzoffer Handbook of Lanterns"}, "lang": {"fr"}, "author": {"Lantern Society\nAda Unheard-Of"}, "country": {"Atlantis"},
		"link": {"https://example.org/lanterns"}, "date": {"2024"}, "say": {"We wrote it ourselves."}}
	if res, _ := post(t, closed+"/en/offer", good); res.StatusCode != http.StatusNotFound {
		t.Errorf("it is taken where it must not be: %d", res.StatusCode)
	}
	if _, body := get(t, "GET", closed+"/en/", "en"); strings.Contains(body, "/en/offer") {
		t.Error("it is offered where it is not taken")
	}
	h.anyone = true
	agents := entriesOf(t, h, library.KindAgent)
	open, desk := doorFor(t, h, library.Viewer{}), doorFor(t, h, ana)
	if res, body := get(t, "GET", open+"/en/offer", "en"); res.StatusCode != http.StatusOK || len(res.Header.Values("Set-Cookie")) > 0 || !strings.Contains(body, `name="title"`) {
		t.Fatalf("the form answers %d", res.StatusCode)
	}
	if res, _ := get(t, "GET", desk+"/en/offer", "en"); res.Header.Get("Location") != "/en/desk/submit" {
		t.Error("one who may submit is not led to the desk")
	}
	with := func(name, value string) url.Values {
		v := url.Values{}
		for n, all := range good {
			v[n] = all
		}
		v.Set(name, value)
		return v
	}
	for _, c := range []struct {
		name   string
		values url.Values
		status int
		want   string
	}{
		{"a machine", with("website", "http://spam.example"), 200, "Thank you"},
		{"no title", with("title", " "), 422, "at fault"},
		{"no address on the web", with("link", "javascript:alert(1)"), 422, "at fault"},
		{"no date", with("date", "tomorrow"), 422, "at fault"},
		{"no language", with("lang", "zz-no"), 422, "at fault"},
		{"far too long", with("say", strings.Repeat("x", 4001)), 422, "4,000"},
		{"a work that is there", with("title", "Protocol to Prevent, Suppress and Punish Trafficking in Persons, Especially Women and Children"), 422, palermo},
	} {
		res, body := post(t, open+"/en/offer", c.values)
		if res.StatusCode != c.status || !strings.Contains(body, c.want) && !strings.Contains(body, "at-fault") {
			t.Errorf("%s: %d\n%s", c.name, res.StatusCode, body)
		}
		if c.status == 422 && !strings.Contains(body, "Lantern Society") {
			t.Errorf("%s: what was written is lost", c.name)
		}
	}
	if waiting, err := h.desk().Waiting(t.Context(), ana, library.QueueSubmitted, noFilter); err != nil || len(waiting) > 0 {
		t.Fatalf("what is at fault waits all the same: %v %v", waiting, err)
	}
	if res, body := post(t, open+"/en/offer", good); res.StatusCode != http.StatusOK || !strings.Contains(body, "Thank you") {
		t.Fatalf("it answers %d\n%s", res.StatusCode, body)
	}
	waiting, err := h.desk().Waiting(t.Context(), ana, library.QueueSubmitted, noFilter)
	if err != nil || len(waiting) != 1 || !waiting[0].Review.Unnamed || len(waiting[0].Contributors) > 0 || waiting[0].Titles["fr"] == "" {
		t.Fatalf("there wait %+v %v", waiting, err)
	}
	if now := entriesOf(t, h, library.KindAgent); now != agents {
		t.Errorf("somebody without an account has made %d persons or organisations", now-agents)
	}
	id := string(waiting[0].ID)
	_, page := get(t, "GET", desk+"/en/desk", "en")
	if !strings.Contains(page, "Zyzzoffer") || !strings.Contains(page, "without an account") {
		t.Error("the queue does not show it")
	}
	if _, page = get(t, "GET", desk+"/en/desk/r/"+id+"/edit", "en"); !strings.Contains(page, "Lantern Society") || !strings.Contains(page, "Atlantis") {
		t.Errorf("the curator does not see what was said:\n%s", page)
	}
	if err := h.follower.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/en/r/" + id, "/en/search?q=zyzzoffer", "/en/suggest?q=zyzzo"} {
		if res, body := get(t, "GET", open+path, "en"); strings.Contains(body, "Lanterns") || strings.HasSuffix(path, id) && res.StatusCode != 404 {
			t.Errorf("%s tells of it: %d", path, res.StatusCode)
		}
	}
	status := 0
	for i := range 8 {
		res, _ := post(t, open+"/en/offer", with("title", "Another Book of Lamps and Candles, number "+strings.Repeat("i", i+1)))
		status = res.StatusCode
	}
	if waiting, err = h.desk().Waiting(t.Context(), ana, library.QueueSubmitted, noFilter); status != http.StatusTooManyRequests || err != nil || len(waiting) != 5 {
		t.Errorf("one address hands in %d, and the last answers %d", len(waiting), status)
	}
}

var noFilter = curate.Filter{}

// entriesOf counts the entries of a kind.
func entriesOf(t testing.TB, h *house, kind library.Kind) int {
	t.Helper()
	entries, err := h.store.Scan(t.Context(), library.House(), kind, "", 0)
	if err != nil {
		t.Fatal(err)
	}
	return len(entries)
}
