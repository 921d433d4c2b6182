package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"waymark/access"
	"waymark/format"
	"waymark/library"
)

// holding is a mail server that keeps a letter and does not answer until it is
// told to, or until the line breaks.
type holding struct {
	mailbox
	answer chan struct{}
}

func (m *holding) NewSession(*smtp.Conn) (smtp.Session, error) { return m, nil }
func (m *holding) Data(r io.Reader) error {
	b, err := io.ReadAll(r)
	m.letters <- string(b)
	<-m.answer
	return err
}

// TestKilledWhileSending: a process that is killed while a letter is under way
// does not lose it, and whoever follows gets it at most twice, however often
// that happens; the letters of others come once.
func TestKilledWhileSending(t *testing.T) {
	box := &holding{mailbox{make(chan string, 100)}, make(chan struct{})}
	l, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	mail := smtp.NewServer(box)
	mail.Domain = "localhost"
	go mail.Serve(l)
	t.Cleanup(func() { mail.Close() })
	_, port, _ := net.SplitHostPort(l.Addr().String())
	data := filepath.Join(t.TempDir(), "data")
	const readers = 4
	follows(t, data, readers)

	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	came := map[string]int{} // by Message-ID
	run := func() (stop func()) {
		cmd := exec.Command(program, "serve", "--data", data, "--listen", "localhost:0", "--url", "https://library.example",
			"--smtp", "smtp://localhost:"+port, "--mail-from", "library@example.org")
		cmd.Env = append(os.Environ(), mainVariable+"=1")
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		return func() { cmd.Process.Kill(); cmd.Wait() }
	}
	one := func() opened {
		o := box.open(t)
		came[o.to+" "+o.id]++
		return o
	}
	var first opened
	for n := range 3 { // killed with a letter under way, again and again
		stop := run()
		o := one()
		stop()
		if n == 0 {
			first = o
		}
		if n == 1 && o.id != first.id {
			t.Errorf("after %s comes %s: the letter that was cut off comes first, as the same one", first.id, o.id)
		}
		if n == 2 && o.id == first.id {
			t.Error("a letter comes three times")
		}
		settle(t, data)
	}
	close(box.answer)
	defer run()()
	for deadline := time.Now().Add(20 * time.Second); len(came) < readers && time.Now().Before(deadline); {
		one()
	}
	if len(came) != readers {
		t.Errorf("%d of %d letters came", len(came), readers)
	}
	twice := 0
	for letter, n := range came {
		if n > 2 {
			t.Errorf("%s came %d times", letter, n)
		}
		if n == 2 {
			twice++
		}
	}
	if twice > 2 {
		t.Errorf("%d letters came twice, of 2 that were cut off", twice)
	}
	select {
	case raw := <-box.letters:
		t.Errorf("one more letter: %.300s", raw)
	case <-time.After(500 * time.Millisecond): // there is nothing to wait for
	}
}

// follows makes a library with readers whose letters are due.
func follows(t *testing.T, data string, readers int) {
	t.Helper()
	h, err := (&Config{Data: data}).openSearch(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer h.close(&err)
	if _, err := h.importer("test").Import(t.Context(), "x", format.JSONLines(strings.NewReader(`{"titles":{"en":"A handbook of shelter"},"year":2020}`))); err != nil {
		t.Fatal(err)
	}
	for n := range readers {
		id, err := library.NewID(time.Now(), entropy())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := h.store.Follows().Save(t.Context(), library.Follow{ID: id, Address: fmt.Sprintf("reader%d@example.org", n), Query: "q=shelter",
			Every: library.EveryDay, Language: "en", Due: time.Now().Add(time.Duration(n-readers) * time.Hour)}); err != nil {
			t.Fatal(err)
		}
	}
}

// settle lets the leases of a killed process end.
func settle(t *testing.T, data string) {
	t.Helper()
	h, err := (&Config{Data: data}).open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer h.close(&err)
	q, ahead := h.store.Follows(), time.Now().Add(time.Hour)
	var all []library.Follow
	for {
		f, err := q.Lease(t.Context(), ahead, ahead.Add(time.Hour))
		if library.KindOf(err) == library.NotFound {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, f)
	}
	for _, f := range all {
		if err := q.Settle(t.Context(), f); err != nil {
			t.Fatal(err)
		}
	}
}

// refusing fails as it is told to.
type refusing struct {
	err  error
	sent int
}

func (r *refusing) Send(context.Context, access.Letter) error { r.sent++; return r.err }

// TestLettersThatFail: a letter that is refused is tried again and keeps what it
// tells of; one of which nobody knows is tried once more; and an address that
// takes nothing for long is forgotten.
func TestLettersThatFail(t *testing.T) {
	r := openReading(t)
	r.ask(t, "en", "amina@example.org", "q=shelter", "day")
	r.confirm(t, "en")
	out := &refusing{err: errors.New("no")}
	real := r.follow.Letters
	r.follow.Letters = out
	r.add(t, `{"titles":{"en":"Shelter standards"},"year":2021}`)
	r.later(t, 25*time.Hour)
	r.later(t, time.Minute)
	if out.sent != 1 {
		t.Errorf("tried %d times at once", out.sent)
	}
	r.follow.Letters = real
	if got := r.later(t, time.Hour); len(got) != 1 || !strings.Contains(got[0].text, "Shelter standards") {
		t.Fatalf("after a failure comes %+v", got)
	}
	r.follow.Letters, out.err, out.sent = out, access.ErrUnsure, 0
	r.add(t, `{"titles":{"en":"More shelter"},"year":2022}`)
	for range 10 {
		r.later(t, 5*time.Hour)
	}
	if out.sent != 2 {
		t.Errorf("a letter of which nobody knows was tried %d times", out.sent)
	}
	out.err, out.sent = errors.New("no such mailbox"), 0
	r.add(t, `{"titles":{"en":"Still more shelter"},"year":2022}`)
	for range 60 {
		r.later(t, 24*time.Hour)
	}
	if out.sent != 20 {
		t.Errorf("an address that takes nothing was written to %d times", out.sent)
	}
	if _, err := r.store.Follows().Lease(t.Context(), r.now.AddDate(1, 0, 0), r.now.AddDate(2, 0, 0)); library.KindOf(err) != library.NotFound {
		t.Errorf("its address is still kept: %v", err)
	}
}
