package serve

import (
	"fmt"
	"hash/maphash"
	"math"
	"net/http"
	"net/netip"
	"strconv"
	"sync"
	"time"
)

// Limit holds each address to so many requests a minute, which may also come
// all at once. It knows addresses by a hash with a key of this process and
// forgets them when they have been quiet; they are never logged.
type Limit struct {
	PerMinute int // 0 is no limit
	Now       func() time.Time
	From      func(*http.Request) netip.Addr // see Entrance.From

	seed  maphash.Seed
	once  sync.Once
	mu    sync.Mutex
	full  map[uint64]time.Time // when an address may again ask for all at once
	swept time.Time
}

// Take counts one request and tells whether it may be answered. It writes the
// headers of the IETF's RateLimit fields, and Retry-After for one too many.
func (l *Limit) Take(w http.ResponseWriter, r *http.Request) bool {
	if l.PerMinute <= 0 {
		return true
	}
	l.once.Do(func() { l.seed, l.full = maphash.MakeSeed(), map[uint64]time.Time{} })
	left, wait, ok := l.take(maphash.String(l.seed, l.network(r)))
	h := w.Header()
	h.Set("RateLimit-Policy", fmt.Sprintf(`"default";q=%d;w=60`, l.PerMinute))
	h.Set("RateLimit", fmt.Sprintf(`"default";r=%d;t=%d`, left, seconds(wait)))
	if !ok {
		h.Set("Retry-After", strconv.Itoa(seconds(time.Minute/time.Duration(l.PerMinute))))
	}
	return ok
}

// take gives how many requests are left and when all are there again.
func (l *Limit) take(key uint64) (left int, wait time.Duration, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now, each := l.Now(), time.Minute/time.Duration(l.PerMinute)
	if now.Sub(l.swept) > time.Minute {
		for k, t := range l.full {
			if t.Before(now) {
				delete(l.full, k)
			}
		}
		l.swept = now
	}
	full := l.full[key]
	if full.Before(now) {
		full = now
	}
	wait = full.Sub(now)
	if wait > time.Minute-each {
		return 0, wait, false
	}
	wait += each
	l.full[key] = now.Add(wait)
	return int((time.Minute - wait) / each), wait, true
}

func seconds(d time.Duration) int { return int(math.Ceil(d.Seconds())) }

// network gives the address of a request, of IPv6 the first 64 bits: one
// network has all the others.
func (l *Limit) network(r *http.Request) string {
	ip := l.From(r)
	if ip.Is6() {
		if p, err := ip.Prefix(64); err == nil {
			return p.String()
		}
	}
	return ip.String()
}
