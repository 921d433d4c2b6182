package site

import (
	"context"
	"net/http"
	"slices"

	"waymark/library"
	"waymark/locale"
	"waymark/serve"
)

// Wishes keeps how persons want to be told by e-mail; see store.Store.
type Wishes interface {
	Wish(ctx context.Context, v library.Viewer, person library.ID) (library.Wish, error)
	SetWish(ctx context.Context, v library.Viewer, w library.Wish) error
}

// oftens are the ways to be told, in the order of the page.
var oftens = []library.Often{library.AtOnce, library.Daily, library.Never}

// wish puts how the person is told into their account; readers are told nothing.
func (s *Site) wish(r *http.Request, l *locale.Language, p *accountPage) error {
	v := serve.Viewer(r)
	if s.Entrance.Porter.Letters == nil || !v.MaySubmit() {
		return nil
	}
	w, err := s.Wishes.Wish(r.Context(), v, v.Person)
	if library.KindOf(err) == library.NotFound {
		w, err = library.Wish{Often: library.Daily, Lang: l.Tag}, nil
	}
	for _, often := range oftens {
		p.Oftens = append(p.Oftens, option{string(often), l.T("news.often." + string(often)), often == w.Often})
	}
	for _, other := range s.Locale.All() {
		p.Tongues = append(p.Tongues, option{other.Tag, other.Own, other.Tag == w.Lang})
	}
	return err
}

// saveWish keeps how the person wants to be told.
func (s *Site) saveWish(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	c, ok := s.personal(w, r, l)
	if !ok {
		return nil
	}
	wish := library.Wish{Person: c.Person.ID, Often: library.Often(r.PostFormValue("often")), Lang: r.PostFormValue("lang")}
	if _, known := s.Locale.Language(wish.Lang); !known || !slices.Contains(oftens, wish.Often) {
		return s.accountProblem(w, r, l, c, &library.Error{Kind: library.Invalid, Field: "often"})
	}
	if err := s.Wishes.SetWish(r.Context(), c.Viewer, wish); err != nil {
		return err
	}
	return s.showAccount(w, r, l, c, func(p *accountPage) int { p.Done = l.T("news.saved"); return http.StatusOK })
}
