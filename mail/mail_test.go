package mail

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"math/big"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"waymark/access"
)

// office is a real mail server of the tests.
type office struct {
	letters chan string
	tls     bool // letters were brought over TLS only
	login   string
}

// visit is one conversation with the office.
type visit struct {
	*office
	conn   *smtp.Conn
	signed bool
}

func (v *visit) Reset()        {}
func (v *visit) Logout() error { return nil }
func (v *visit) Mail(from string, _ *smtp.MailOptions) error {
	if _, ok := v.conn.TLSConnectionState(); v.tls && !ok || v.login != "" && !v.signed {
		return smtp.ErrAuthRequired
	}
	return nil
}
func (v *visit) Rcpt(to string, _ *smtp.RcptOptions) error {
	if strings.HasPrefix(to, "nobody@") {
		return errors.New("no such mailbox " + to)
	}
	return nil
}
func (v *visit) Data(r io.Reader) error {
	b, err := io.ReadAll(r)
	v.letters <- string(b)
	return err
}
func (v *visit) AuthMechanisms() []string { return []string{sasl.Plain} }
func (v *visit) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if v.signed = user+":"+password == v.login; !v.signed {
			return smtp.ErrAuthFailed
		}
		return nil
	}), nil
}

// open opens an office and gives its port and the root of its certificate.
func open(t *testing.T, o *office, atOnce bool) (string, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	card := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{"localhost"}, NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, card, card, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(parsed)
	s := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) { return &visit{office: o, conn: c}, nil }))
	s.Domain, s.AllowInsecureAuth = "localhost", false
	if o.tls {
		s.TLSConfig = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
	}
	l, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(l.Addr().String())
	if atOnce {
		l = tls.NewListener(l, s.TLSConfig)
	}
	go s.Serve(l)
	t.Cleanup(func() { s.Close() })
	return port, roots
}

var letter = access.Letter{To: "amina@example.org", Subject: "رابطك لتسجيل\r\nBcc: spy@example.org", Text: "Ouvrez ce lien = vite :\n\n" + strings.Repeat("é", 200) + "\n.\nQUIT\n"}

func TestSend(t *testing.T) {
	for _, c := range []struct {
		name, address string
		tls, atOnce   bool
		trusted       bool
		password      string
		to            string
		fails         bool
	}{
		{name: "on this machine", address: "smtp://localhost"},
		{name: "with TLS after the greeting", address: "smtp://u@localhost", tls: true, trusted: true, password: "secret"},
		{name: "with TLS at once", address: "smtps://u@localhost", tls: true, atOnce: true, trusted: true, password: "secret"},
		{name: "a wrong password", address: "smtp://u@localhost", tls: true, trusted: true, password: "guess", fails: true},
		{name: "a certificate that nobody vouches for", address: "smtp://u@localhost", tls: true, password: "secret", fails: true},
		{name: "no such mailbox", address: "smtp://localhost", to: "nobody@example.org", fails: true},
	} {
		o := &office{letters: make(chan string, 1), tls: c.tls}
		if c.password != "" {
			o.login = "u:secret"
		}
		port, roots := open(t, o, c.atOnce)
		s, err := Open(c.address+":"+port, c.password, "Waymark <library@example.org>")
		if err != nil {
			t.Fatal(err)
		}
		if c.trusted {
			s.Roots = roots
		}
		l := letter
		if c.to != "" {
			l.To = c.to
		}
		ctx, stop := context.WithTimeout(t.Context(), 10*time.Second)
		err = s.Send(ctx, l)
		stop()
		if (err != nil) != c.fails {
			t.Errorf("%s: %v", c.name, err)
		}
		if err != nil {
			if s := err.Error(); strings.Contains(s, "secret") || strings.Contains(s, "guess") || strings.Contains(s, "nobody@") {
				t.Errorf("%s: the error tells a secret: %v", c.name, err)
			}
			continue
		}
		checkLetter(t, <-o.letters)
	}
}

func checkLetter(t *testing.T, raw string) {
	t.Helper()
	m, err := mail.ReadMessage(strings.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil || subject != "رابطك لتسجيل Bcc: spy@example.org" || m.Header.Get("Bcc") != "" {
		t.Errorf("the subject is %q (%v), a copy goes to %q", subject, err, m.Header.Get("Bcc"))
	}
	body, err := io.ReadAll(quotedprintable.NewReader(m.Body))
	if got := strings.ReplaceAll(string(body), "\r\n", "\n"); err != nil || got != letter.Text {
		t.Errorf("the letter says %q (%v)", got, err)
	}
	for _, line := range strings.Split(raw, "\r\n") {
		if len(line) > 998 {
			t.Errorf("a line has %d bytes", len(line))
		}
	}
}

// TestNoTLS: no other machine is spoken to in the clear.
func TestNoTLS(t *testing.T) {
	near, far := net.Pipe()
	go func() { // a server that offers nothing, and would take everything
		buf := make([]byte, 512)
		io.WriteString(far, "220 mail.example.org\r\n")
		for {
			if _, err := far.Read(buf); err != nil {
				return
			}
			io.WriteString(far, "250 mail.example.org\r\n")
		}
	}()
	defer far.Close()
	s := &Server{Host: "mail.example.org:25"}
	if _, err := s.greet(near); err == nil || !strings.Contains(err.Error(), "does not offer TLS") {
		t.Errorf("spoke without TLS: %v", err)
	}
}

func TestOpen(t *testing.T) {
	for address, want := range map[string]string{
		"smtp://mail.example.org": "mail.example.org:587", "smtps://u@mail.example.org": "mail.example.org:465", "smtp://[::1]:25": "[::1]:25",
		"mail.example.org": "", "http://mail.example.org": "", "smtp://u:secret@mail.example.org": "", "smtp://": "",
	} {
		s, err := Open(address, "", "a@example.org")
		if (err == nil) != (want != "") || err == nil && s.Host != want {
			t.Errorf("%s: %v %v", address, s, err)
		}
		if err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("the error tells the password: %v", err)
		}
	}
	if _, err := Open("smtp://localhost", "", "nobody"); err == nil {
		t.Error("a sender without an address is taken")
	}
}

// TestAlternative: a letter in two forms is read by a standard reader, and says
// how it is ended in the headers of RFC 8058.
func TestAlternative(t *testing.T) {
	o := &office{letters: make(chan string, 1)}
	port, _ := open(t, o, false)
	s, err := Open("smtp://localhost:"+port, "", "Waymark <library@example.org>")
	if err != nil {
		t.Fatal(err)
	}
	l := access.Letter{To: "amina@example.org", Subject: "New", Text: "Deux études\n.\n", HTML: "<html lang=\"ar\" dir=\"rtl\">" + strings.Repeat("دراسة ", 300) + "</html>\n",
		Unsubscribe: "https://library.example.org/follow/stop?key=a.b\r\nBcc: spy@example.org", ID: "01X.7"}
	if err := s.Send(t.Context(), l); err != nil {
		t.Fatal(err)
	}
	m, err := mail.ReadMessage(strings.NewReader(<-o.letters))
	if err != nil {
		t.Fatal(err)
	}
	h := m.Header
	if h.Get("List-Unsubscribe") != "<https://library.example.org/follow/stop?key=a.b Bcc: spy@example.org>" || h.Get("List-Unsubscribe-Post") != "List-Unsubscribe=One-Click" ||
		h.Get("Message-ID") != "<01X.7@example.org>" || h.Get("Bcc") != "" {
		t.Errorf("the headers are %v", h)
	}
	kind, settings, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatal(kind, err)
	}
	parts := multipart.NewReader(m.Body, settings["boundary"])
	for _, want := range [][2]string{{"text/plain; charset=utf-8", l.Text}, {"text/html; charset=utf-8", l.HTML}} {
		p, err := parts.NextPart() // which reads quoted-printable
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(p)
		if got := strings.ReplaceAll(string(body), "\r\n", "\n"); err != nil || got != want[1] || p.Header.Get("Content-Type") != want[0] {
			t.Errorf("a part of %s says %q (%v)", p.Header.Get("Content-Type"), got, err)
		}
	}
	if _, err := parts.NextPart(); err != io.EOF {
		t.Errorf("after the parts comes %v", err)
	}
}

// TestUnsure: a server that goes away before it answers may have the letter,
// one that refuses has not.
func TestUnsure(t *testing.T) {
	for answer, unsure := range map[string]bool{"": true, "554 not here\r\n": false} {
		l, err := net.Listen("tcp", "localhost:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		go func() {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			defer conn.Close()
			io.WriteString(conn, "220 localhost\r\n")
			lines := bufio.NewScanner(conn)
			for data := false; lines.Scan(); {
				switch line := lines.Text(); {
				case line == ".":
					io.WriteString(conn, answer)
					return
				case line == "DATA":
					data = true
					io.WriteString(conn, "354 go on\r\n")
				case !data:
					io.WriteString(conn, "250 localhost\r\n")
				}
			}
		}()
		s := &Server{Host: l.Addr().String(), From: &mail.Address{Address: "a@example.org"}}
		if err := s.Send(t.Context(), letter); err == nil || errors.Is(err, access.ErrUnsure) != unsure {
			t.Errorf("after %q: %v", answer, err)
		}
	}
}
