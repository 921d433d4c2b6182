package fetch

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// The clock of these tests is synctest's: waits take no time and are exact.

func TestTurnsOfOneHost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var p pacer
		var mu sync.Mutex
		var starts []time.Duration
		begin := time.Now()
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				release, err := p.turn(t.Context(), "a", time.Second)
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				starts = append(starts, time.Since(begin))
				mu.Unlock()
				time.Sleep(100 * time.Millisecond) // the request
				release()
			})
		}
		wg.Wait()
		for i, at := range starts {
			if want := time.Duration(i) * 1100 * time.Millisecond; at != want {
				t.Errorf("request %d after %v, want %v", i, at, want)
			}
		}
	})
}

func TestHostsDoNotWaitForEachOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var p pacer
		begin := time.Now()
		for i := range 100 {
			release, err := p.turn(t.Context(), fmt.Sprint(i), time.Hour)
			if err != nil {
				t.Fatal(err)
			}
			release()
		}
		if d := time.Since(begin); d != 0 {
			t.Errorf("waited %v", d)
		}
	})
}

func TestWaitsEndWithTheirContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var p pacer
		release, err := p.turn(t.Context(), "a", time.Second)
		if err != nil {
			t.Fatal(err)
		}
		short, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if _, err := p.turn(short, "a", time.Second); err == nil { // awaits the turn
			t.Error("two have the turn")
		}
		release()
		short, cancel = context.WithTimeout(t.Context(), 300*time.Millisecond)
		defer cancel()
		if _, err := p.turn(short, "a", time.Second); err == nil { // awaits the pause
			t.Error("no pause")
		}
		begin := time.Now()
		release, err = p.turn(t.Context(), "a", time.Second)
		if err != nil {
			t.Fatal(err)
		}
		release()
		if d := time.Since(begin); d != 700*time.Millisecond {
			t.Errorf("one that gave up costs the next %v, want the rest of the pause", d)
		}
		if n := p.hosts["a"].users; n != 0 {
			t.Errorf("%d users left", n)
		}
	})
}

func TestIdleHostsAreDropped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var p pacer
		use := func(name string, pause time.Duration) func() {
			release, err := p.turn(t.Context(), name, pause)
			if err != nil {
				t.Fatal(err)
			}
			return release
		}
		for i := range 1000 {
			use(fmt.Sprint(i), time.Second)()
		}
		use("long", time.Hour)()
		hold := use("held", time.Second)
		time.Sleep(2 * maxCrawlDelay)
		use("new", time.Second)()
		for _, name := range []string{"long", "held", "new"} {
			if p.hosts[name] == nil {
				t.Errorf("%s was dropped", name)
			}
		}
		if len(p.hosts) != 3 {
			t.Errorf("%d hosts are kept", len(p.hosts))
		}
		hold()
	})
}
