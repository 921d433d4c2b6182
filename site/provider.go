package site

import (
	"errors"
	"net/http"

	"waymark/access"
	"waymark/locale"
	"waymark/serve"
)

// depart sends a person to the identity provider that they chose.
func (s *Site) depart(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	porter := s.Entrance.Porter
	provider, err := porter.Provider(r.PathValue("provider"))
	if err != nil {
		return err
	}
	back := serve.Back(r.URL.Query().Get("back"), "/"+l.Tag+"/account")
	to, secret, err := porter.Depart(r.Context(), s.Entrance.From(r), provider, back)
	if err != nil {
		return s.refuseProvider(w, r, l, provider, back, err)
	}
	s.Entrance.Ask(w, r, secret)
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// arrive takes the answer that an identity provider sent the browser back
// with. Its address has no language, for the provider knows only one.
func (s *Site) arrive(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	porter := s.Entrance.Porter
	provider, err := porter.Provider(r.PathValue("provider"))
	if err != nil {
		return err
	}
	q := r.URL.Query()
	w.Header().Set("Cache-Control", "no-store")
	token, back, err := porter.Return(r.Context(), provider, s.Entrance.Asked(w, r),
		access.Answer{State: q.Get("state"), Code: q.Get("code"), Issuer: q.Get("iss")})
	if err != nil {
		return s.refuseProvider(w, r, l, provider, back, err)
	}
	return s.welcome(w, r, l, token, back)
}

// refuseProvider shows the ways in again.
func (s *Site) refuseProvider(w http.ResponseWriter, r *http.Request, l *locale.Language, provider *access.Provider, back string, err error) error {
	key, status := "", http.StatusForbidden
	switch {
	case errors.Is(err, access.ErrRefused):
		key = "signin.with.refused"
	case errors.Is(err, access.ErrProvider):
		key, status = "signin.with.failed", http.StatusBadGateway
		serve.Log(r, err)
	default:
		return s.refuseSignIn(w, r, l, err)
	}
	p := s.signInFrame(r, l, back)
	p.Problem = l.T(key, "Name", provider.Label)
	return s.show(w, status, "signin", p)
}
