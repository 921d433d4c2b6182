// Package follow tells readers who have no account by e-mail what is new in a
// search. An address is kept from the day on which its owner has confirmed it
// until they stop, and letters tell only what everyone may see.
package follow

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"waymark/access"
	"waymark/catalogue"
	"waymark/library"
	"waymark/locale"
	"waymark/search"
)

// Kept keeps what is followed; see store.Follows. Follow and Change
// answer NotFound for what is not followed.
type Kept interface {
	Follow(ctx context.Context, id library.ID) (library.Follow, error)
	Save(ctx context.Context, f library.Follow) (library.Follow, error)
	Change(ctx context.Context, id library.ID, every library.Frequency, due time.Time) error
	Remove(ctx context.Context, id library.ID, all bool) error
	Key(ctx context.Context) ([]byte, error)
}

// Queue gives the letters that are due to one process at a time: Lease answers
// NotFound when none is, Begin and Settle when another has it.
type Queue interface {
	Lease(ctx context.Context, now, until time.Time) (library.Follow, error)
	Begin(ctx context.Context, f library.Follow, upTo int64) error
	Settle(ctx context.Context, f library.Follow) error
}

// News gives what a viewer came to see between two edits.
type News interface {
	Appeared(ctx context.Context, v library.Viewer, kind library.Kind, after, upTo int64, limit int) ([]library.ID, error)
}

// Poster has a letter written and sent after the answer; see access.Porter.
type Poster interface {
	PostAnyone(ctx context.Context, from netip.Addr, address, what string, write func(ctx context.Context, address string) error) error
}

// Office takes in who wants to follow what, and writes to them.
type Office struct {
	Kept      Kept
	Queue     Queue
	Pending   access.Pendings
	Poster    Poster
	Letters   access.Letters
	News      News
	Searcher  *search.Searcher
	Catalogue *catalogue.Catalogue
	Locale    *locale.Catalog
	URL       string // public origin of the library
	Now       func() time.Time
	Entropy   io.Reader // of new IDs
}

const (
	// AskLasts is how long a request waits to be confirmed.
	AskLasts = 48 * time.Hour
	// kindFollow is the kind of pending requests.
	kindFollow = "follow"
)

// Request is what somebody asks to follow.
type Request struct {
	Address  string
	Query    search.Query
	Every    library.Frequency
	Language string
}

// asked is a request as it waits.
type asked struct {
	Address, Query, Language string
	Every                    library.Frequency
	Since                    int64
}

// anyone is on whose behalf everything for a letter is read.
var anyone = library.Viewer{}

// Ask has a letter sent that asks the owner of an address to confirm. Whether
// the address follows something already makes no difference to the answer, to
// its time or to the letter. It answers Invalid, naming the field, for what is
// no address, frequency or query, and access.ErrTooMany.
func (o *Office) Ask(ctx context.Context, from netip.Addr, r Request) error {
	l, ok := o.Locale.Language(r.Language)
	if !ok || r.Every.Length() == 0 {
		return &library.Error{Kind: library.Invalid, Field: "every", Err: fmt.Errorf("letters come every day or every week")}
	}
	q := r.Query.By("").At(0)
	found, err := o.find(ctx, l, q)
	if err != nil {
		return err
	}
	named := describe(l, found, false)
	a := asked{Query: q.Encode(), Every: r.Every, Language: l.Tag, Since: o.Searcher.Index.Seq()}
	return o.Poster.PostAnyone(ctx, from, r.Address, "a letter to confirm what is followed", func(ctx context.Context, address string) error {
		a.Address = address
		body, err := json.Marshal(a)
		if err != nil {
			return fmt.Errorf("write a request to follow: %w", err)
		}
		secret := rand.Text()
		if err := o.Pending.Keep(ctx, access.Pending{Digest: digest(secret), Kind: kindFollow, Data: body, Expires: o.Now().Add(AskLasts)}, o.Now()); err != nil {
			return err
		}
		return o.Letters.Send(ctx, o.confirmation(l, address, named, secret))
	})
}

// confirmation is the letter that asks whether a request was meant. It repeats
// no words of whoever asked: somebody could write to others through it.
func (o *Office) confirmation(l *locale.Language, address, named, secret string) access.Letter {
	site := l.T("site.name")
	to := o.URL + "/" + l.Tag + "/follow/confirm?" + url.Values{"key": {secret}}.Encode()
	return access.Letter{To: address, Subject: l.T("follow.letter.subject", "Site", site),
		Text: l.T("follow.letter", "Site", site) + "\n\n" + turned(l, named) + "\n\n" + l.T("follow.letter.link") + "\n\n" + to + "\n\n" + l.T("follow.letter.end") + "\n"}
}

func digest(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// Asked gives what the secret of a letter confirms, without confirming it: mail
// programs open links to look at them. It answers access.ErrRefused when there
// is no such request, or no more.
func (o *Office) Asked(ctx context.Context, secret string) (library.Follow, error) {
	return read(o.Pending.Peek(ctx, kindFollow, digest(secret), o.Now()))
}

func read(p access.Pending, err error) (library.Follow, error) {
	if library.KindOf(err) == library.NotFound {
		return library.Follow{}, access.ErrRefused
	}
	var a asked
	if err == nil {
		err = json.Unmarshal(p.Data, &a)
	}
	if err != nil {
		return library.Follow{}, fmt.Errorf("read a request to follow: %w", err)
	}
	return library.Follow{Address: a.Address, Query: a.Query, Every: a.Every, Language: a.Language, Since: a.Since}, nil
}

// Confirm begins what the secret of a letter asks for, and gives it with the
// key of its page. Errors are those of Asked, and Invalid when the address
// follows too much.
func (o *Office) Confirm(ctx context.Context, secret string) (f library.Follow, key string, err error) {
	if f, err = read(o.Pending.Take(ctx, kindFollow, digest(secret), o.Now())); err != nil {
		return f, "", err
	}
	if f.ID, err = library.NewID(o.Now(), o.Entropy); err != nil {
		return f, "", err
	}
	f.Due = o.Now().Add(f.Every.Length())
	if f, err = o.Kept.Save(ctx, f); err != nil {
		return f, "", err
	}
	key, err = o.sign(ctx, f.ID)
	return f, key, err
}

// sign gives the key of the page on which one is changed and ended: its ID and
// a signature, so that a key can neither be guessed nor read from what is kept
// of it.
func (o *Office) sign(ctx context.Context, id library.ID) (string, error) {
	key, err := o.Kept.Key(ctx)
	if err != nil {
		return "", err
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte("follow " + string(id)))
	return string(id) + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:16]), nil
}

// named gives the ID in a key: access.ErrRefused when the signature is not ours.
func (o *Office) named(ctx context.Context, key string) (library.ID, error) {
	id, _, _ := strings.Cut(key, ".")
	want, err := o.sign(ctx, library.ID(id))
	if err != nil {
		return "", err
	}
	if !hmac.Equal([]byte(want), []byte(key)) {
		return "", access.ErrRefused
	}
	return library.ID(id), nil
}

// Held gives what the bearer of a key follows: NotFound when it is followed no
// more, access.ErrRefused for a key that is none.
func (o *Office) Held(ctx context.Context, key string) (library.Follow, error) {
	id, err := o.named(ctx, key)
	if err != nil {
		return library.Follow{}, err
	}
	return o.Kept.Follow(ctx, id)
}

// Change sets how often letters come. Errors are those of Held and Ask.
func (o *Office) Change(ctx context.Context, key string, every library.Frequency) (library.Follow, error) {
	f, err := o.Held(ctx, key)
	if err != nil {
		return f, err
	}
	if every.Length() == 0 {
		return f, &library.Error{Kind: library.Invalid, Field: "every", Err: fmt.Errorf("letters come every day or every week")}
	}
	f.Every, f.Due = every, o.Now().Add(every.Length())
	return f, o.Kept.Change(ctx, f.ID, f.Every, f.Due)
}

// Stop forgets what the bearer of a key follows, or all that their address
// does. What is followed no more is stopped already.
func (o *Office) Stop(ctx context.Context, key string, all bool) error {
	id, err := o.named(ctx, key)
	if err != nil {
		return err
	}
	return o.Kept.Remove(ctx, id, all)
}

// Describe says in a language what a query asks for. It answers Invalid for a
// value that no vocabulary knows.
func (o *Office) Describe(ctx context.Context, l *locale.Language, q search.Query) (string, error) {
	a, err := o.find(ctx, l, q)
	return describe(l, a, true), err
}

func (o *Office) find(ctx context.Context, l *locale.Language, q search.Query) (search.Answer, error) {
	a, err := o.Searcher.Find(ctx, anyone, q.Exactly(true), l.Tag)
	if err != nil {
		return a, fmt.Errorf("describe a search: %w", err)
	}
	return a, nil
}

// describe says what the query of an answer asks for, with its words or that it
// has some.
func describe(l *locale.Language, a search.Answer, words bool) string {
	q := a.Query
	var parts []string
	if q.Text != "" && words {
		parts = append(parts, l.T("follow.words", "Text", isolated(l, q.Text)))
	}
	for _, f := range library.Facets() {
		for _, v := range a.Facets[f] {
			if v.Chosen && f != library.FieldYear {
				parts = append(parts, l.T("field.value", "Field", l.T("field."+string(f)), "Value", v.Label))
			}
		}
	}
	if !q.Years.Any() {
		parts = append(parts, l.T("field.value", "Field", l.T("field.year"), "Value", isolated(l, q.Years.String())))
	}
	if q.Text != "" && !words {
		parts = append(parts, l.T("follow.letter.words"))
	}
	if len(parts) == 0 {
		return l.T("search.title.all")
	}
	return strings.Join(parts, " · ")
}

// isolated keeps the order of what stands in a text that is written from right
// to left, where there are no marks to do so (UAX 9, section 2.5).
func isolated(l *locale.Language, s string) string {
	const start, end = "\u2068", "\u2069" // FIRST STRONG ISOLATE, POP DIRECTIONAL ISOLATE
	if l.Dir != "rtl" {
		return s
	}
	return start + s + end
}
