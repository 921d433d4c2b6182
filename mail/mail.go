// Package mail sends letters by SMTP.
package mail

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"mime"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"net/smtp"
	"net/textproto"
	"net/url"
	"strings"
	"time"

	"waymark/access"
	"waymark/library"
)

// Server is a mail server that takes letters of the library.
type Server struct {
	Host     string // with its port
	User     string // empty to send without signing in
	Password string
	From     *mail.Address
	TLS      bool           // at once; else the server is asked to begin it
	Roots    *x509.CertPool // nil for those of the machine
}

// Open reads the address of a mail server: smtp://USER@HOST:PORT, where TLS
// begins after the greeting, or smtps:// where it begins at once. It answers
// Invalid for another, and for a sender that is none.
func Open(address, password, from string) (*Server, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "smtp" && u.Scheme != "smtps" || u.Hostname() == "" {
		return nil, &library.Error{Kind: library.Invalid, Field: "smtp", Err: fmt.Errorf("this is no address of a mail server: write smtp://USER@HOST:587")}
	}
	if _, inside := u.User.Password(); inside {
		return nil, &library.Error{Kind: library.Invalid, Field: "smtp", Err: fmt.Errorf("the password of the mail server must not stand in its address: give it in WAYMARK_SMTP_PASSWORD or a file")}
	}
	sender, err := mail.ParseAddress(from)
	if err != nil {
		return nil, &library.Error{Kind: library.Invalid, Field: "mail-from", Err: fmt.Errorf("%q is no sender of letters: write Name <name@example.org>", from)}
	}
	s := &Server{User: u.User.Username(), Password: password, From: sender, TLS: u.Scheme == "smtps"}
	port := cmp.Or(u.Port(), map[bool]string{true: "465", false: "587"}[s.TLS]) // RFC 8314
	s.Host = net.JoinHostPort(u.Hostname(), port)
	return s, nil
}

// Send implements access.Letters.
func (s *Server) Send(ctx context.Context, l access.Letter) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("send a letter by %s: %w", s.Host, err)
		}
	}()
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", s.Host)
	if err != nil {
		return err
	}
	if until, ok := ctx.Deadline(); ok {
		if err := conn.SetDeadline(until); err != nil {
			return errors.Join(err, conn.Close())
		}
	}
	c, err := s.greet(conn)
	if err != nil {
		return errors.Join(err, conn.Close())
	}
	defer c.Close() // after Quit it does nothing
	if err := c.Mail(s.From.Address); err != nil {
		return err
	}
	if err := c.Rcpt(l.To); err != nil {
		return errors.New("the server does not take this recipient") // its words repeat the address
	}
	w, err := c.Data()
	if err != nil {
		return err
	}
	if _, err := w.Write(s.write(l)); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		if _, refused := errors.AsType[*textproto.Error](err); !refused { // the line broke before the answer
			err = errors.Join(access.ErrUnsure, err)
		}
		return err
	}
	_ = c.Quit() // the letter is the server's already, whatever it says now
	return nil
}

// greet begins the conversation. Only a server on this machine is spoken to
// without TLS: a link to sign in goes over the line.
func (s *Server) greet(conn net.Conn) (*smtp.Client, error) {
	host, _, err := net.SplitHostPort(s.Host)
	if err != nil {
		return nil, err
	}
	settings := &tls.Config{ServerName: host, RootCAs: s.Roots, MinVersion: tls.VersionTLS12}
	if s.TLS {
		conn = tls.Client(conn, settings)
	}
	c, err := smtp.NewClient(conn, host)
	if err != nil {
		return nil, err
	}
	if begins, _ := c.Extension("STARTTLS"); begins && !s.TLS {
		if err := c.StartTLS(settings); err != nil {
			return nil, err
		}
	} else if ip := net.ParseIP(host); !s.TLS && host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, errors.New("the server does not offer TLS")
	}
	if s.User != "" {
		return c, c.Auth(smtp.PlainAuth("", s.User, s.Password, host))
	}
	return c, nil
}

// write makes the message (RFC 5322): UTF-8 in quoted-printable, as plain text
// or as plain text and HTML of which the reader's program shows one.
func (s *Server) write(l access.Letter) []byte {
	var b bytes.Buffer
	_, domain, _ := strings.Cut(s.From.Address, "@")
	put := func(name, value string) { fmt.Fprintf(&b, "%s: %s\r\n", name, value) }
	put("From", s.From.String())
	put("To", (&mail.Address{Address: l.To}).String())
	put("Subject", mime.QEncoding.Encode("utf-8", oneLine(l.Subject)))
	put("Date", time.Now().UTC().Format(time.RFC1123Z))
	put("Message-ID", "<"+oneLine(cmp.Or(l.ID, rand.Text()))+"@"+domain+">")
	put("Auto-Submitted", "auto-generated")
	if l.Unsubscribe != "" { // RFC 2369, section 3.2, and RFC 8058, section 3.1
		put("List-Unsubscribe", "<"+oneLine(l.Unsubscribe)+">")
		put("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
	}
	put("MIME-Version", "1.0")
	if l.HTML == "" {
		part(&b, "text/plain", l.Text)
		return b.Bytes()
	}
	border := rand.Text()
	put("Content-Type", `multipart/alternative; boundary="`+border+`"`)
	b.WriteString("\r\n")
	for _, p := range [][2]string{{"text/plain", l.Text}, {"text/html", l.HTML}} { // the richest last: RFC 2046, section 5.1.4
		b.WriteString("--" + border + "\r\n")
		part(&b, p[0], p[1])
		b.WriteString("\r\n")
	}
	b.WriteString("--" + border + "--\r\n")
	return b.Bytes()
}

// part writes a text with the headers that say what it is.
func part(b *bytes.Buffer, kind, text string) {
	b.WriteString("Content-Type: " + kind + "; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n")
	w := quotedprintable.NewWriter(b)
	// Writing into memory does not fail.
	_, _ = w.Write([]byte(strings.ReplaceAll(text, "\n", "\r\n")))
	_ = w.Close()
}

// oneLine keeps a text from becoming more headers than one.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
