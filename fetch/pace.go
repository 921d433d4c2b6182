package fetch

import (
	"context"
	"sync"
	"time"
)

// pacer gives the requests to each host their turns. The zero value works.
type pacer struct {
	mu    sync.Mutex
	hosts map[string]*host
	swept time.Time
}

// host is the turn of one host; whoever has put a value into busy has it.
type host struct {
	busy  chan struct{}
	users int       // holding or awaiting the turn; under pacer.mu
	ended time.Time // when the last request ended; under pacer.mu
	keep  time.Time // until when ended may matter to somebody; under pacer.mu
}

// turn waits until no other request to the host is under way and the last one
// ended at least pause ago, or until ctx ends. The caller releases the turn
// when its request has ended.
func (p *pacer) turn(ctx context.Context, name string, pause time.Duration) (release func(), err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	h := p.enter(name)
	select {
	case h.busy <- struct{}{}:
	case <-ctx.Done():
		p.leave(h)
		return nil, ctx.Err()
	}
	p.mu.Lock()
	ready := h.ended.Add(pause)
	p.mu.Unlock()
	if wait := time.Until(ready); wait > 0 {
		timer := time.NewTimer(wait)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-ctx.Done():
			<-h.busy
			p.leave(h)
			return nil, ctx.Err()
		}
	}
	return func() {
		p.mu.Lock()
		h.ended = time.Now()
		h.keep = h.ended.Add(max(pause, maxCrawlDelay))
		p.mu.Unlock()
		<-h.busy
		p.leave(h)
	}, nil
}

// enter finds or makes the host and counts the caller among its users.
func (p *pacer) enter(name string) *host {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sweep()
	if p.hosts == nil {
		p.hosts = map[string]*host{}
	}
	h := p.hosts[name]
	if h == nil {
		h = &host{busy: make(chan struct{}, 1)}
		p.hosts[name] = h
	}
	h.users++
	return h
}

func (p *pacer) leave(h *host) {
	p.mu.Lock()
	h.users--
	p.mu.Unlock()
}

// sweep drops, now and then, the hosts that nobody uses and whose last request
// is so long ago that the next need not wait.
func (p *pacer) sweep() {
	now := time.Now()
	if now.Sub(p.swept) < maxCrawlDelay {
		return
	}
	p.swept = now
	for name, h := range p.hosts {
		if h.users == 0 && now.After(h.keep) {
			delete(p.hosts, name)
		}
	}
}
