package site

import (
	"errors"
	"net/http"
	"net/url"

	"waymark/access"
	"waymark/library"
	"waymark/locale"
	"waymark/serve"
)

// linkPage is pages/link.html: a one-time link that waits for its button.
type linkPage struct {
	frame
	Key, Address string // empty for a link that is worth nothing
}

// askLink sends a link to an address; the answer is the same for every address.
func (s *Site) askLink(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	back := serve.Back(r.PostFormValue("back"), "")
	err := s.Entrance.Porter.AskLink(r.Context(), s.Entrance.From(r), r.PostFormValue("address"), back, func(key string) access.Letter {
		site := l.T("site.name")
		to := s.origin(r) + "/" + l.Tag + "/sign-in/link?" + url.Values{"key": {key}}.Encode()
		return access.Letter{Subject: l.T("signin.link.subject", "Site", site),
			Text: l.T("signin.link.letter", "Site", site) + "\n\n" + to + "\n\n" + l.T("signin.link.letter.end") + "\n"}
	})
	if e, ok := asError(err); err != nil && !(ok && e.Kind == library.Invalid) {
		return s.refuseSignIn(w, r, l, err)
	}
	p := s.signInFrame(r, l, back)
	p.Done = l.T("signin.link.sent")
	return s.show(w, http.StatusOK, "signin", p)
}

// link asks for the press of a button: whoever only looks at a link, as mail
// programs do, neither uses it up nor is signed in by it.
func (s *Site) link(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	key := r.URL.Query().Get("key")
	address, err := s.Entrance.Porter.Linked(r.Context(), key)
	if err != nil && !errors.Is(err, access.ErrRefused) {
		return err
	}
	return s.showLink(w, r, l, key, address)
}

func (s *Site) showLink(w http.ResponseWriter, r *http.Request, l *locale.Language, key, address string) error {
	p := linkPage{frame: s.frame(r, l, l.T("signin.title"), "/sign-in"), Key: key, Address: address}
	p.Canonical, p.NoIndex, p.SignIn = "", true, p.URL("/sign-in")
	w.Header().Set("Cache-Control", "no-store")
	status := http.StatusOK
	if address == "" {
		status = http.StatusForbidden
	}
	return s.show(w, status, "link", p)
}

// followLink signs in by a link.
func (s *Site) followLink(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	token, back, err := s.Entrance.Porter.FollowLink(r.Context(), s.Entrance.From(r), r.PostFormValue("key"))
	switch {
	case errors.Is(err, access.ErrRefused):
		return s.showLink(w, r, l, "", "")
	case err != nil:
		return s.refuseSignIn(w, r, l, err)
	}
	return s.welcome(w, r, l, token, back)
}
