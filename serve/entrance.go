package serve

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"time"

	"waymark/access"
	"waymark/library"
)

// Entrance is where it is found out who a request is from: the one place that
// makes the Viewer of a request. A reader who never signed in gets no cookie.
type Entrance struct {
	Porter *access.Porter
	URL    string // public address of the library; empty to take the request's
	// Proxies are the networks of the reverse proxies before the library, which
	// are believed about the address that a request came from.
	Proxies []netip.Prefix
}

const callerKey contextKey = 1

// Caller gives who stands behind the request.
func Caller(r *http.Request) access.Caller {
	c, _ := r.Context().Value(callerKey).(access.Caller)
	return c
}

// Viewer gives the one on whose behalf the request reads: without sign-in, an
// anonymous reader.
func Viewer(r *http.Request) library.Viewer { return Caller(r).Viewer }

// As gives the request as that of a viewer, who came in by another door.
func As(r *http.Request, v library.Viewer) *http.Request {
	return r.WithContext(context.WithValue(r.Context(), callerKey, access.Caller{Viewer: v}))
}

// Admit gives every request its caller, by the token that it bears or by the
// session of its cookie, and refuses what a page of another site has a browser
// send. What a person who is signed in gets is kept by no cache.
func (e *Entrance) Admit(next http.Handler, fail func(http.ResponseWriter, *http.Request, error)) (http.Handler, error) {
	forged := http.NewCrossOriginProtection()
	if e.URL != "" { // a proxy may have given the request another Host
		if err := forged.AddTrustedOrigin(strings.TrimSuffix(e.URL, "/")); err != nil {
			return nil, &library.Error{Kind: library.Invalid, Field: "url", Err: err}
		}
	}
	// What stops letters is sent by the pages of mail programs too: its key is the right to it.
	forged.AddInsecureBypassPattern("POST /follow/stop")
	forged.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fail(w, r, library.Errorf(library.Forbidden, "a page of another site sent this"))
	}))
	return forged.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, err := e.caller(w, r)
		if err != nil {
			if errors.Is(err, access.ErrRefused) {
				w.Header().Set("WWW-Authenticate", `Bearer error="invalid_token"`) // RFC 6750, section 3
				w.Header().Set("Cache-Control", "no-store")
				http.Error(w, "The token is not valid, or has expired.", http.StatusUnauthorized)
				return
			}
			fail(w, r, err)
			return
		}
		w = &personal{ResponseWriter: w, known: c.Person.ID != ""}
		if c.Person.ID != "" {
			r = r.WithContext(context.WithValue(r.Context(), callerKey, c))
		}
		next.ServeHTTP(w, r.WithContext(access.Doing(r.Context(), c.Viewer, e.From(r))))
	})), nil
}

// caller finds out who the request is from. Only a token that does not hold is
// an error: a cookie that does not is taken away.
func (e *Entrance) caller(w http.ResponseWriter, r *http.Request) (access.Caller, error) {
	if scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " "); strings.EqualFold(scheme, "Bearer") {
		return e.Porter.Bearer(r.Context(), e.From(r), strings.TrimSpace(token))
	}
	cookie, err := r.Cookie(e.name(r, sessionCookie))
	if err != nil || strings.HasPrefix(r.URL.Path, "/assets/") {
		return access.Caller{}, nil
	}
	c, err := e.Porter.Resume(r.Context(), cookie.Value)
	if errors.Is(err, access.ErrRefused) {
		e.forget(w, r, sessionCookie)
		return access.Caller{}, nil
	}
	return c, err
}

// personal keeps caches from what is one person's: answers to somebody who is
// signed in, but for those that say they are the same for everyone, and
// answers that set or take a cookie.
type personal struct {
	http.ResponseWriter
	known, begun bool
}

// WriteHeader implements http.ResponseWriter.
func (p *personal) WriteHeader(status int) {
	h := p.Header()
	if own := p.known && !strings.HasPrefix(h.Get("Cache-Control"), "public"); !p.begun && (own || h.Get("Set-Cookie") != "") {
		h.Set("Cache-Control", "private, no-store")
	}
	p.begun = p.begun || status >= http.StatusOK
	p.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (p *personal) Write(b []byte) (int, error) {
	if !p.begun {
		p.WriteHeader(http.StatusOK)
	}
	return p.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach what is below.
func (p *personal) Unwrap() http.ResponseWriter { return p.ResponseWriter }

// The cookies: of the session, and of a sign-in that has been begun elsewhere.
const (
	sessionCookie = "waymark"
	askedCookie   = "waymark-asked"
)

// secure tells whether the browser speaks TLS with the library or its proxy.
func (e *Entrance) secure(r *http.Request) bool {
	return r.TLS != nil || strings.HasPrefix(e.URL, "https:")
}

// name gives a cookie's name: with TLS the one that a browser takes from this
// very host only, and only over TLS.
func (e *Entrance) name(r *http.Request, cookie string) string {
	if e.secure(r) {
		return "__Host-" + cookie
	}
	return cookie
}

func (e *Entrance) set(w http.ResponseWriter, r *http.Request, cookie, value string, age time.Duration) {
	http.SetCookie(w, &http.Cookie{Name: e.name(r, cookie), Value: value, Path: "/", MaxAge: int(age.Seconds()),
		HttpOnly: true, Secure: e.secure(r), SameSite: http.SameSiteLaxMode})
}

func (e *Entrance) forget(w http.ResponseWriter, r *http.Request, cookie string) {
	e.set(w, r, cookie, "", -time.Second)
}

// Begin gives the browser the secret of a new session.
func (e *Entrance) Begin(w http.ResponseWriter, r *http.Request, secret string) {
	e.set(w, r, sessionCookie, secret, access.SessionLasts)
}

// End takes the session from the browser.
func (e *Entrance) End(w http.ResponseWriter, r *http.Request) { e.forget(w, r, sessionCookie) }

// Ask leaves the browser the secret of a sign-in that it began, for as long as
// that waits.
func (e *Entrance) Ask(w http.ResponseWriter, r *http.Request, secret string) {
	e.set(w, r, askedCookie, secret, access.PendingLasts)
}

// Asked takes the secret of Ask from the browser; empty when it holds none.
func (e *Entrance) Asked(w http.ResponseWriter, r *http.Request) string {
	c, err := r.Cookie(e.name(r, askedCookie))
	if err != nil {
		return ""
	}
	e.forget(w, r, askedCookie)
	return c.Value
}

// From gives the network address that the request came from: what the last
// proxy that is not ours had before it.
func (e *Entrance) From(r *http.Request) netip.Addr {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	from, _ := netip.ParseAddr(host)
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && e.ours(from); i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		from = hop
	}
	return from.Unmap()
}

func (e *Entrance) ours(a netip.Addr) bool {
	return slices.ContainsFunc(e.Proxies, func(p netip.Prefix) bool { return p.Contains(a.Unmap()) })
}

// Back gives the own address that a sign-in returns to, or the other when the
// one asked for is not a path of this site.
func Back(asked, other string) string {
	if !strings.HasPrefix(asked, "/") || len(asked) > 2000 || strings.HasPrefix(asked, "//") ||
		strings.ContainsFunc(asked, func(r rune) bool { return r < ' ' || r == '\\' || r == 0x7f }) {
		return other
	}
	return asked
}
