package app

import (
	"net/http"
	"testing"

	"waymark/library"
)

// TestExportsBounded: one address cannot have the library written out without end.
func TestExportsBounded(t *testing.T) {
	h, _ := demoSite(t)
	door := doorFor(t, h, library.Viewer{})
	for n := range 200 {
		res, _ := get(t, "GET", door+"/en/search/export/ris?q=nothingatall", "en")
		if res.StatusCode == http.StatusTooManyRequests && res.Header.Get("Retry-After") != "" {
			if n < 30 {
				t.Errorf("a reader has only %d exports", n)
			}
			return
		}
	}
	t.Error("200 exports at once are answered")
}
