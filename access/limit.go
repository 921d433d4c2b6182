package access

import (
	"hash/maphash"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// slots is how many limiters there are; their memory is bounded by it, at most
// 2 MB. Keys share a slot by a hash that an attacker cannot foresee, so nobody
// can be made to wait on purpose but by their own key, and no flood of keys
// makes a limiter forget.
const slots = 1 << 14

// limits lets each key do something in bursts, and then again and again at a pace.
type limits struct {
	burst int
	pace  rate.Limit
	seed  maphash.Seed

	mu    sync.Mutex
	slots [slots]*rate.Limiter
}

func newLimits(burst int, every time.Duration) *limits {
	return &limits{burst: burst, pace: rate.Every(every), seed: maphash.MakeSeed()}
}

// allow counts an attempt of a key and tells whether it may be made.
func (l *limits) allow(key string, now time.Time) bool {
	i := maphash.String(l.seed, key) % slots
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.slots[i] == nil {
		l.slots[i] = rate.NewLimiter(l.pace, l.burst)
	}
	return l.slots[i].AllowN(now, 1)
}

// attempt counts an attempt to come in from a network address, and to an
// account when one is named.
func (p *Porter) attempt(from netip.Addr, account string) error {
	if !p.origins.allow(network(from), p.Now()) || account != "" && !p.accounts.allow(account, p.Now()) {
		return ErrTooMany
	}
	return nil
}

// Receive counts something that somebody without an account hands in from a
// network address, and answers ErrTooMany when it is to wait.
func (p *Porter) Receive(from netip.Addr) error {
	if !p.received.allow(network(from), p.Now()) {
		return ErrTooMany
	}
	return nil
}

// network gives the part of an address that one subscriber has: all of IPv4,
// the first half of IPv6.
func network(a netip.Addr) string {
	if a = a.Unmap(); a.Is6() {
		if p, err := a.WithZone("").Prefix(64); err == nil {
			return p.String()
		}
	}
	return a.String()
}
