package serve

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

func TestLimit(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	l := &Limit{PerMinute: 60, Now: func() time.Time { return now }, From: (&Entrance{}).From}
	ask := func(from string) (bool, http.Header) {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = from
		w := httptest.NewRecorder()
		return l.Take(w, r), w.Header()
	}
	for i := range 60 {
		if ok, h := ask("192.0.2.1:1"); !ok || i == 0 && h.Get("RateLimit") != `"default";r=59;t=1` {
			t.Fatalf("request %d: %v, %v", i, ok, h)
		}
	}
	if ok, h := ask("192.0.2.1:2"); ok || h.Get("Retry-After") != "1" || h.Get("RateLimit") != `"default";r=0;t=60` {
		t.Errorf("one too many: %v, %v", ok, h)
	}
	if ok, _ := ask("192.0.2.2:1"); !ok {
		t.Error("another address is held up too")
	}
	now = now.Add(time.Second)
	if ok, _ := ask("192.0.2.1:3"); !ok {
		t.Error("a second later none is left")
	}
	if ok, _ := ask("192.0.2.1:3"); ok {
		t.Error("a second later two are left")
	}
	for range 60 {
		ask("[2001:db8::1]:1")
	}
	if ok, _ := ask("[2001:db8::2]:1"); ok {
		t.Error("a neighbour of the same network has a share of its own")
	}
	now = now.Add(2 * time.Minute)
	ask("192.0.2.3:1")
	if len(l.full) != 1 {
		t.Errorf("%d addresses are remembered after two minutes", len(l.full))
	}
}
