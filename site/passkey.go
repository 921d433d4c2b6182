package site

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"

	"waymark/access"
	"waymark/library"
	"waymark/locale"
	"waymark/serve"
)

// keyRow is one passkey of a person.
type keyRow struct {
	ID, Name, Created string
}

// keyQuestion is what the script asks the device, and brings back with its answer.
type keyQuestion struct {
	Options any    `json:"options"`
	Key     string `json:"key"`
}

// keyAnswer is what it brings back.
type keyAnswer struct {
	Key        string          `json:"key"`
	Name       string          `json:"name"`
	Back       string          `json:"back"`
	Credential json.RawMessage `json:"credential"`
}

// passkeys puts the person's passkeys on their page.
func (s *Site) passkeys(r *http.Request, l *locale.Language, c access.Caller, p *accountPage) error {
	list, err := s.Entrance.Porter.Kept.Passkeys.Passkeys(r.Context(), c.Person.ID)
	for _, k := range list {
		p.Passkeys = append(p.Passkeys, keyRow{string(k.ID), k.Name, l.Day(k.Created)})
	}
	p.KeyScript = s.assets.path("passkey.js")
	p.TakesKeys = p.Local && s.Entrance.Porter.Keys != nil
	return err
}

// json answers a script.
func (s *Site) json(w http.ResponseWriter, data any, err error) error {
	w.Header().Set("Cache-Control", "no-store")
	if err != nil {
		if errors.Is(err, access.ErrRefused) || errors.Is(err, access.ErrTooMany) {
			http.Error(w, "refused", serve.Status(err))
			return nil
		}
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(data); err != nil {
		return fmt.Errorf("answer a script: %w", err)
	}
	return nil
}

func answered(r *http.Request) (keyAnswer, error) {
	var a keyAnswer
	b, err := io.ReadAll(r.Body)
	if err == nil {
		err = json.Unmarshal(b, &a)
	}
	if err != nil {
		return a, library.Errorf(library.Invalid, "read a passkey: %w", err)
	}
	return a, nil
}

func (s *Site) offerPasskey(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	c, ok := s.personal(w, r, l)
	if !ok {
		return nil
	}
	options, key, err := s.Entrance.Porter.OfferPasskey(r.Context(), c.Person)
	return s.json(w, keyQuestion{options, key}, err)
}

func (s *Site) takePasskey(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	c, ok := s.personal(w, r, l)
	if !ok {
		return nil
	}
	a, err := answered(r)
	if err == nil {
		if err = s.Entrance.Porter.TakePasskey(r.Context(), c.Person, a.Key, a.Name, a.Credential); err == nil {
			access.Note("passkey", c.Viewer, c.Person.ID)
		}
	}
	return s.json(w, map[string]string{"to": "/" + l.Tag + "/account#passkeys"}, err)
}

func (s *Site) removePasskey(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	c, ok := s.personal(w, r, l)
	if !ok {
		return nil
	}
	if err := s.Entrance.Porter.Kept.Passkeys.RemovePasskey(r.Context(), c.Person.ID, library.ID(r.PathValue("id"))); err != nil {
		return err
	}
	http.Redirect(w, r, "/"+l.Tag+"/account#passkeys", http.StatusSeeOther)
	return nil
}

func (s *Site) askPasskey(w http.ResponseWriter, r *http.Request, _ *locale.Language) error {
	options, key, err := s.Entrance.Porter.AskPasskey(r.Context(), s.Entrance.From(r))
	return s.json(w, keyQuestion{options, key}, err)
}

func (s *Site) enterByPasskey(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	a, err := answered(r)
	if err != nil {
		return s.json(w, nil, err)
	}
	porter := s.Entrance.Porter
	token, err := porter.SignInByPasskey(r.Context(), a.Key, a.Credential)
	if err == nil {
		err = porter.SignOut(r.Context(), serve.Caller(r))
	}
	if err != nil {
		return s.json(w, nil, err)
	}
	s.Entrance.Begin(w, r, token)
	return s.json(w, map[string]string{"to": serve.Back(a.Back, "/"+l.Tag+"/account")}, nil)
}
