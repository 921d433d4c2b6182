package fetch

import (
	"compress/gzip"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// problem is an error that already knows what it says about an address.
type problem struct {
	state  State
	reason string
}

// Error implements error.
func (p *problem) Error() string { return p.reason }

// Final tells whether asking again soon would meet the same: the host asks to
// stay away, is not there, or must not be asked.
func (p *problem) Final() bool { return p.state == Disallowed || p.state == Gone || p.state == Refused }

// answer is what a host sent.
type answer struct {
	status   int
	location string
	header   http.Header
	body     []byte
	cut      error // why the body ended early, if it did
}

// start makes what all requests share.
func (c *Client) start() {
	dialer := &net.Dialer{Timeout: c.timeout()}
	if !c.AllowPrivate {
		dialer.Control = control
	}
	// HTTP/1 only: one connection carries one request, which keeps the bounds simple.
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	c.transport = &http.Transport{
		Proxy:                  nil, // a proxy would dial for us, past control
		DialContext:            dialer.DialContext,
		Protocols:              protocols,
		DisableCompression:     true,
		MaxResponseHeaderBytes: maxHeader,
		MaxConnsPerHost:        2,
		MaxIdleConnsPerHost:    1,
		MaxIdleConns:           maxRequests,
		IdleConnTimeout:        30 * time.Second,
		TLSHandshakeTimeout:    c.timeout(),
	}
	c.slots = make(chan struct{}, maxRequests)
}

// ask makes one request when its host's turn comes and reads at most limit
// bytes of the body. It uses the transport itself: an http.Client would follow
// redirects, and send a Referer and the address's password.
func (c *Client) ask(ctx context.Context, method string, at *url.URL, pause time.Duration, limit int64) (answer, error) {
	release, err := c.pace.turn(ctx, hostOf(at), pause)
	if err != nil {
		return answer{}, err
	}
	defer release()
	select {
	case c.slots <- struct{}{}:
		defer func() { <-c.slots }()
	case <-ctx.Done():
		return answer{}, ctx.Err()
	}
	ctx, cancel := context.WithTimeout(ctx, c.timeout())
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, bare(at), nil)
	if err != nil {
		return answer{}, &problem{Refused, "not an address of the web"}
	}
	agent := c.UserAgent
	if agent == "" {
		agent = token
	}
	req.Header.Set("User-Agent", agent)
	req.Header.Set("Accept", "*/*")
	if limit > maxRobots { // a whole answer is wanted
		req.Header.Set("Accept-Encoding", "gzip")
	}
	res, err := c.transport.RoundTrip(req)
	if err != nil {
		return answer{}, err
	}
	defer res.Body.Close()
	a := answer{status: res.StatusCode, location: res.Header.Get("Location"), header: res.Header}
	a.body, a.cut = unpacked(res, limit)
	return a, nil
}

// unpacked reads at most limit bytes of a body as they are after unpacking.
func unpacked(res *http.Response, limit int64) ([]byte, error) {
	var body io.Reader = res.Body
	if strings.EqualFold(res.Header.Get("Content-Encoding"), "gzip") {
		unzip, err := gzip.NewReader(body)
		if err != nil {
			return nil, err
		}
		body = unzip
	}
	return io.ReadAll(io.LimitReader(body, limit))
}

// redirects says whether the answer sends us on.
func (a answer) redirects() bool {
	switch a.status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther,
		http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return true
	}
	return false
}

// next gives the address that a redirect from at leads to.
func (a answer) next(at *url.URL) (*url.URL, error) {
	if a.location == "" {
		return nil, &problem{Failed, "redirect without an address"}
	}
	to, err := at.Parse(a.location)
	if err != nil {
		return nil, &problem{Failed, "redirect to an unreadable address"}
	}
	if to.Fragment == "" { // RFC 9110, 10.2.2: the fragment comes along
		to.Fragment, to.RawFragment = at.Fragment, at.RawFragment
	}
	return parse(to.String())
}

// judge says what a status that does not redirect means.
func judge(status int) (State, string) {
	reason := "answers " + strconv.Itoa(status)
	switch status {
	case http.StatusNotFound, http.StatusGone:
		return Gone, reason
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusTooManyRequests, http.StatusUnavailableForLegalReasons:
		return Barred, reason
	}
	if status >= 200 && status <= 300 { // 300 is a page that offers choices
		return OK, ""
	}
	return Failed, reason
}

// final says whether another method would meet the same error.
func final(err error) bool {
	if _, ok := errors.AsType[*problem](err); ok {
		return true
	}
	dns, ok := errors.AsType[*net.DNSError](err)
	return ok && dns.IsNotFound
}

func timedOut(err error) bool {
	if errors.Is(err, context.DeadlineExceeded) {
		return true
	}
	n, ok := errors.AsType[net.Error](err)
	return ok && n.Timeout()
}

// explain says what an error means for the address. It words the reason
// itself, because the errors of net quote addresses, which may hold secrets.
func explain(ctx context.Context, err error) (State, string) {
	if p, ok := errors.AsType[*problem](err); ok {
		return p.state, p.reason
	}
	if ctx.Err() != nil {
		return Failed, "cancelled"
	}
	if dns, ok := errors.AsType[*net.DNSError](err); ok {
		if dns.IsNotFound {
			return Gone, "no such host"
		}
		return Failed, "name server does not answer"
	}
	if timedOut(err) {
		return Failed, "timeout"
	}
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return Failed, "certificate not valid"
	}
	_, record := errors.AsType[tls.RecordHeaderError](err)
	if _, alert := errors.AsType[tls.AlertError](err); alert || record {
		return Failed, "no TLS connection"
	}
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return Failed, "connection refused"
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return Failed, "connection closed"
	}
	return Failed, "no usable answer"
}
