package site

import (
	"errors"
	"net/http"

	"waymark/access"
	"waymark/locale"
	"waymark/serve"
)

// signInPage is pages/signin.html: the ways in.
type signInPage struct {
	frame
	Back    string // where to go then, a path of this site
	Address string // as it was written
	Problem string
	Done    string
	Letters bool // links can be sent

	Providers []link
	KeyScript string // empty where no passkeys are taken
}

// signIn shows the ways in; who is in already goes to their account.
func (s *Site) signIn(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	p := s.signInFrame(r, l, r.URL.Query().Get("back"))
	if serve.Caller(r).SignedIn() {
		http.Redirect(w, r, p.URL("/account"), http.StatusSeeOther)
		return nil
	}
	return s.show(w, http.StatusOK, "signin", p)
}

func (s *Site) signInFrame(r *http.Request, l *locale.Language, back string) signInPage {
	p := signInPage{frame: s.frame(r, l, l.T("signin.title"), "/sign-in"), Back: serve.Back(back, ""),
		Letters: s.Entrance.Porter.Letters != nil}
	p.Canonical, p.NoIndex, p.SignIn = "", true, ""
	for i := range p.Languages {
		p.Languages[i].URL += backQuery(p.Back)
	}
	if s.Entrance.Porter.Keys != nil {
		p.KeyScript = s.assets.path("passkey.js")
	}
	for _, x := range s.Entrance.Porter.Providers {
		p.Providers = append(p.Providers, link{Label: l.T("signin.with", "Name", x.Label), URL: p.URL("/sign-in/with/" + x.Name + backQuery(p.Back))})
	}
	return p
}

// refuseSignIn shows the ways in again with what went wrong, unless that is
// the library's own fault.
func (s *Site) refuseSignIn(w http.ResponseWriter, r *http.Request, l *locale.Language, err error) error {
	key := ""
	switch {
	case errors.Is(err, access.ErrRefused):
		key = "signin.refused"
	case errors.Is(err, access.ErrTooMany):
		key = "signin.many"
		w.Header().Set("Retry-After", "60")
	default:
		return err
	}
	p := s.signInFrame(r, l, r.PostFormValue("back"))
	p.Address, p.Problem = r.PostFormValue("address"), l.T(key)
	return s.show(w, serve.Status(err), "signin", p)
}

// enter signs a person in by their password.
func (s *Site) enter(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	token, err := s.Entrance.Porter.SignIn(r.Context(), s.Entrance.From(r), r.PostFormValue("address"), r.PostFormValue("password"))
	if err != nil {
		return s.refuseSignIn(w, r, l, err)
	}
	return s.welcome(w, r, l, token, r.PostFormValue("back"))
}

// welcome gives the browser its new session, ends the one that it had, and
// leads back to where the person was.
func (s *Site) welcome(w http.ResponseWriter, r *http.Request, l *locale.Language, token, back string) error {
	if err := s.Entrance.Porter.SignOut(r.Context(), serve.Caller(r)); err != nil {
		return err
	}
	s.Entrance.Begin(w, r, token)
	http.Redirect(w, r, serve.Back(back, "/"+l.Tag+"/account"), http.StatusSeeOther)
	return nil
}

// leave ends the session.
func (s *Site) leave(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	if err := s.Entrance.Porter.SignOut(r.Context(), serve.Caller(r)); err != nil {
		return err
	}
	s.Entrance.End(w, r)
	http.Redirect(w, r, "/"+l.Tag+"/", http.StatusSeeOther)
	return nil
}
