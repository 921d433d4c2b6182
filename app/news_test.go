package app

import (
	"context"
	"errors"
	"io"
	"mime"
	"mime/quotedprintable"
	"net/mail"
	"net/url"
	"strings"
	"testing"
	"time"

	"waymark/access"
	"waymark/curate"
	"waymark/library"
)

// letters gives those that have come, by recipient, and fails on one too many
// for the same.
func (m *mailbox) all(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	for len(m.letters) > 0 {
		msg, err := mail.ReadMessage(strings.NewReader(<-m.letters))
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(quotedprintable.NewReader(msg.Body))
		if err != nil {
			t.Fatal(err)
		}
		subject, err := new(mime.WordDecoder).DecodeHeader(msg.Header.Get("Subject"))
		if err != nil {
			t.Fatal(err)
		}
		to := strings.Trim(msg.Header.Get("To"), "<>")
		if out[to] != "" {
			t.Errorf("%s gets two letters:\n%s", to, out[to])
		}
		out[to] = subject + "\n" + string(b)
	}
	return out
}

// TestNews: curators are told what was handed in, contributors what became
// of it, each as they wish: at once, once a day, never, in their language.
func TestNews(t *testing.T) {
	box, smtp := openMailbox(t)
	h, site := entrance(t, func(c *Config) { c.SMTP, c.MailFrom = smtp, "Waymark <library@example.org>" })
	h.anyone = true
	notifier := h.notifier(site)
	later := time.Duration(0)
	notifier.Now = func() time.Time { return time.Now().Add(later) }
	tell := func() map[string]string {
		t.Helper()
		if err := notifier.Tell(t.Context()); err != nil {
			t.Fatal(err)
		}
		return box.all(t)
	}
	role := func(name string, p access.Person) (access.Person, library.Viewer) {
		p.Name, p.Address = name, strings.ToLower(name)+"@example.org"
		p = person(t, h, p)
		v, err := h.porter.ViewerOf(t.Context(), p)
		if err != nil {
			t.Fatal(err)
		}
		return p, v
	}
	_, ana := role("Ana", access.Person{Role: library.Curator})
	role("Dan", access.Person{Role: library.Curator})                            // says nothing: once a day
	role("Lim", access.Person{Role: library.Curator, Countries: []string{"AL"}}) // not his country
	_, bo := role("Bo", access.Person{Role: library.Submitter})
	_, eve := role("Eve", access.Person{Role: library.Curator})
	for who, wish := range map[string]url.Values{"ana": {"often": {"once"}, "lang": {"fr"}}, "bo": {"often": {"once"}, "lang": {"ar"}}, "eve": {"often": {"never"}, "lang": {"en"}}} {
		v := visit(t, site).signIn(who + "@example.org")
		if res, body := v.ask("/en/account/notices", wish); res.StatusCode != 200 || !strings.Contains(body, `value="`+wish.Get("lang")+`" selected`) {
			t.Fatalf("%s cannot say how to be told: %d\n%s", who, res.StatusCode, body)
		}
	}
	if res, _ := visit(t, site).signIn("bo@example.org").ask("/en/account/notices", url.Values{"often": {"hourly"}, "lang": {"ar"}}); res.StatusCode != 400 {
		t.Errorf("an unknown wish answers %d", res.StatusCode)
	}
	tell()

	id := handIn(t, h, bo, library.Fields{"title.en": {"A Notice Handbook"}})
	secret := handIn(t, h, library.Viewer{Name: "Zed", Role: library.Curator, Audiences: []library.Audience{"staff"}}, library.Fields{"title.en": {"A Zyzzsecret Handbook"}, "audience": {"staff"}})
	got := tell()
	if len(got) != 1 || !strings.Contains(got["ana@example.org"], "a été remis par Bo") || !strings.Contains(got["ana@example.org"], site+"/fr/desk/r/"+string(id)+"/edit") || strings.Contains(got["ana@example.org"], "Zyzz") || strings.Contains(got["ana@example.org"], string(secret)) {
		t.Errorf("after handing in, there come %v", got)
	}
	if got = tell(); len(got) > 0 {
		t.Errorf("the same is told again: %v", got)
	}
	if _, err := h.desk().Stage(t.Context(), ana, id, library.StageReturned, "Which zyzzyear?"); err != nil {
		t.Fatal(err)
	}
	got = tell()
	if text := got["bo@example.org"]; len(got) != 1 || !strings.Contains(text, "أعاد Ana إليك") || !strings.Contains(text, "كتب Ana ملاحظة") || strings.Contains(text, "zyzzyear") {
		t.Errorf("after the return there come %v", got)
	}
	if err := h.desk().Say(t.Context(), bo, id, "Of 2024."); err != nil {
		t.Fatal(err)
	}
	if got = tell(); len(got) != 1 || !strings.Contains(got["ana@example.org"], "Bo a écrit une note") {
		t.Errorf("after the answer there come %v", got)
	}
	if _, _, err := h.desk().Bulk(t.Context(), eve, []library.ID{id}, curate.Act{Do: curate.DoAssign, Value: "Ana"}); err != nil {
		t.Fatal(err)
	}
	if _, _, err := h.desk().Bulk(t.Context(), ana, []library.ID{id}, curate.Act{Do: curate.DoPublish}); err != nil {
		t.Fatal(err)
	}
	got = tell()
	if len(got) != 2 || !strings.Contains(got["ana@example.org"], "Eve vous a confié") || !strings.Contains(got["bo@example.org"], "/ar/r/"+string(id)) {
		t.Errorf("after assigning and publishing there come %v", got)
	}
	later = 24 * time.Hour
	got = tell()
	if text := got["dan@example.org"]; len(got) != 1 || strings.Count(text, "Notice Handbook") != 2 || !strings.Contains(text, "2 pieces of news") {
		t.Errorf("the digest of the day is %v", got)
	}
}

// TestNewsWithoutAccount: who handed a record in without an account is told
// once what became of it, and their address is gone.
func TestNewsWithoutAccount(t *testing.T) {
	box, smtp := openMailbox(t)
	h, site := entrance(t, func(c *Config) { c.SMTP, c.MailFrom = smtp, "Waymark <library@example.org>" })
	h.anyone = true
	open := doorFor(t, h, library.Viewer{})
	res, body := post(t, open+"/es/offer", url.Values{"title": {"A Lantern Book"}, "lang": {"en"}, "address": {"Giver@Example.org"}})
	if res.StatusCode != 200 || !strings.Contains(body, "Gracias") {
		t.Fatalf("it answers %d\n%s", res.StatusCode, body)
	}
	waiting, err := h.desk().Waiting(t.Context(), ana, library.QueueSubmitted, noFilter)
	if err != nil || len(waiting) != 1 {
		t.Fatal(waiting, err)
	}
	notifier := h.notifier(site)
	id := waiting[0].ID
	if _, err := h.desk().Withdraw(t.Context(), ana, id, waiting[0].Version, "it is there already"); err != nil {
		t.Fatal(err)
	}
	server := h.porter.Letters
	h.porter.Letters = failing{}
	if err := notifier.Tell(t.Context()); err == nil {
		t.Error("a letter that no server takes is no error")
	}
	h.porter.Letters = server
	notifier.Now = func() time.Time { return time.Now().Add(time.Hour) }
	for _, want := range []int{1, 0} {
		if err := notifier.Tell(t.Context()); err != nil {
			t.Fatal(err)
		}
		got := box.all(t)
		if text := got["giver@example.org"]; len(got) != want || want == 1 && (!strings.Contains(text, "no se incorporó") || !strings.Contains(text, "it is there already")) {
			t.Errorf("there come %v, want %d", got, want)
		}
	}
	notes, err := h.store.Notes(t.Context(), library.House(), id)
	if err != nil || len(notes) != 1 || notes[0].Address != "" {
		t.Errorf("the address stays: %+v %v", notes, err)
	}
}

// TestNewsOfMerged: the address of one without an account is gone as well when
// what they handed in is merged into another record.
func TestNewsOfMerged(t *testing.T) {
	_, smtp := openMailbox(t)
	h, site := entrance(t, func(c *Config) { c.SMTP, c.MailFrom = smtp, "Waymark <library@example.org>" })
	h.anyone = true
	post(t, doorFor(t, h, library.Viewer{})+"/en/offer", url.Values{"title": {"A Lantern Book"}, "lang": {"en"}, "address": {"giver@example.org"}})
	waiting, err := h.desk().Waiting(t.Context(), ana, library.QueueSubmitted, noFilter)
	if err != nil || len(waiting) != 1 {
		t.Fatal(waiting, err)
	}
	if _, err := h.desk().Merge(t.Context(), ana, handIn(t, h, ana, library.Fields{"title.en": {"The Lantern Book"}}), waiting[0].ID, ""); err != nil {
		t.Fatal(err)
	}
	if err := h.notifier(site).Tell(t.Context()); err != nil {
		t.Fatal(err)
	}
	if notes, err := h.store.Notes(t.Context(), library.House(), waiting[0].ID); err != nil || len(notes) != 1 || notes[0].Address != "" {
		t.Errorf("the address stays: %+v %v", notes, err)
	}
}

// failing is a mail server that takes nothing.
type failing struct{}

func (failing) Send(context.Context, access.Letter) error { return errors.New("no room") }
