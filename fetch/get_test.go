package fetch

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// TestPage: what nobody named is read only where robots.txt lets us; Get reads
// it all the same. Neither is led into a private network.
func TestPage(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/robots.txt":
			fmt.Fprint(w, "User-agent: *\nDisallow: /inner")
		case "/leads":
			http.Redirect(w, r, "/inner/a", http.StatusFound)
		default:
			fmt.Fprint(w, "text of "+r.URL.Path)
		}
	})
	for _, c := range []struct{ path, page, get string }{
		{"/a", "text of /a", "text of /a"},
		{"/inner/a", "robots.txt asks to stay away", "text of /inner/a"},
		{"/leads", "robots.txt asks to stay away", "text of /inner/a"},
	} {
		for way, want := range map[string]string{"page": c.page, "get": c.get} {
			client := quick()
			read := client.Page
			if way == "get" {
				read = client.Get
			}
			status, body, err := read(t.Context(), s.URL+c.path, 1<<20)
			if got := string(body); (err == nil && (got != want || status != 200)) || err != nil && !strings.HasSuffix(err.Error(), want) {
				t.Errorf("%s %s: %d %q %v", way, c.path, status, got, err)
			}
		}
	}
	if _, _, err := (&Client{}).Page(t.Context(), s.URL+"/a", 1<<20); err == nil || !strings.Contains(err.Error(), "private address") {
		t.Errorf("a private address is read: %v", err)
	}
}
