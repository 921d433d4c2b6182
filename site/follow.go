package site

import (
	"errors"
	"net/http"
	"net/url"
	"slices"

	"waymark/access"
	"waymark/follow"
	"waymark/library"
	"waymark/locale"
	"waymark/search"
	"waymark/serve"
)

// followPage is pages/follow.html: a search that is to be followed, or is.
type followPage struct {
	frame
	Search  link   // what is followed
	Done    string // what has come of it
	Problem string
	Form    *followForm // to ask for it
	Confirm string      // the secret of a letter, which waits for a button
	Manage  string      // the key of what is followed
	Stop    string      // where a button ends it
	Every   library.Frequency
}

// followForm is parts/follow.html: the form that asks for letters.
type followForm struct {
	L       *locale.Language
	Action  string
	Query   string // as search.Query.Encode writes it
	Address string // as it was written
}

// Frequencies gives how often letters may come.
func (followPage) Frequencies() []library.Frequency { return frequencies() }

// Frequencies gives how often letters may come.
func (*followForm) Frequencies() []library.Frequency { return frequencies() }

func frequencies() []library.Frequency {
	return []library.Frequency{library.EveryDay, library.EveryWeek}
}

// followRoutes are the pages of what is followed; none where no letters are sent.
func (s *Site) followRoutes() map[string]handler {
	if s.Follow == nil {
		return nil
	}
	return map[string]handler{"/follow": s.follow, "/follow/confirm": s.confirmFollow, "/follow/manage": s.manageFollow}
}

// followForms are what those pages send.
func (s *Site) followForms() map[string]handler {
	if s.Follow == nil {
		return nil
	}
	return map[string]handler{"/follow": s.askFollow, "/follow/confirm": s.beginFollow, "/follow/manage": s.changeFollow}
}

// following gives the form to follow a query, nil where no letters are sent, or
// where it asks for nothing that letters tell of.
func (s *Site) following(l *locale.Language, q search.Query) *followForm {
	kinds := q.Values(library.FieldKind)
	if s.Follow == nil || len(kinds) > 0 && !slices.Contains(kinds, library.KindPublication) {
		return nil
	}
	return &followForm{L: l, Action: "/" + l.Tag + "/follow", Query: q.By("").At(0).Encode()}
}

// followFrame makes a page about a query, which no cache keeps; path is its
// address after the language.
func (s *Site) followFrame(w http.ResponseWriter, r *http.Request, l *locale.Language, title, path, query string) (followPage, search.Query, error) {
	w.Header().Set("Cache-Control", "no-store")
	p := followPage{frame: s.frame(r, l, title, path)}
	p.Canonical, p.NoIndex, p.SignIn = "", true, p.URL("/sign-in")
	values, err := url.ParseQuery(query)
	if err != nil {
		return p, search.Query{}, library.Errorf(library.Invalid, "read the query of a search: %w", err)
	}
	q, err := search.Parse(values)
	if err != nil {
		return p, q, err
	}
	p.Search.URL = p.searchURL(q)
	p.Search.Label, err = s.Follow.Describe(r.Context(), l, q)
	return p, q, err
}

// follow shows the form for a search by itself.
func (s *Site) follow(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	p, q, err := s.followFrame(w, r, l, l.T("follow.title"), r.URL.RequestURI()[len("/"+l.Tag):], r.URL.RawQuery)
	if err != nil {
		return err
	}
	p.Form = s.following(l, q)
	return s.show(w, http.StatusOK, "follow", p)
}

// askFollow has a letter sent that asks to confirm; the answer is the same for
// every address.
func (s *Site) askFollow(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	query := r.PostFormValue("query")
	path := "/follow"
	if query != "" {
		path += "?" + query
	}
	p, q, err := s.followFrame(w, r, l, l.T("follow.title"), path, query)
	if err != nil {
		return err
	}
	address := r.PostFormValue("address")
	err = s.Follow.Ask(r.Context(), s.Entrance.From(r), follow.Request{Address: address, Query: q,
		Every: library.Frequency(r.PostFormValue("every")), Language: l.Tag})
	e, _ := asError(err)
	switch {
	case err == nil:
		p.Done = l.T("follow.sent")
		return s.show(w, http.StatusOK, "follow", p)
	case errors.Is(err, access.ErrTooMany):
		w.Header().Set("Retry-After", "60")
		p.Problem = l.T("follow.many")
	case e != nil && e.Kind == library.Invalid && e.Field == "address" || e != nil && e.Field == "domain":
		p.Problem = l.T("follow.invalid")
	default:
		return err
	}
	p.Form = s.following(l, q)
	p.Form.Address = address
	return s.show(w, serve.Status(err), "follow", p)
}

// confirmFollow asks for the press of a button: mail programs open links to
// look at them.
func (s *Site) confirmFollow(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	secret := r.URL.Query().Get("key")
	f, err := s.Follow.Asked(r.Context(), secret)
	if err != nil {
		return s.showNoFollow(w, r, l, err, "follow.gone")
	}
	p, _, err := s.followFrame(w, r, l, l.T("follow.title"), "/follow/confirm?"+url.Values{"key": {secret}}.Encode(), f.Query)
	if err != nil {
		return err
	}
	p.Confirm = secret
	return s.show(w, http.StatusOK, "follow", p)
}

// beginFollow begins what was asked for.
func (s *Site) beginFollow(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	f, key, err := s.Follow.Confirm(r.Context(), r.PostFormValue("key"))
	if library.KindOf(err) == library.Invalid {
		return s.showNoFollow(w, r, l, err, "follow.full")
	}
	if err != nil {
		return s.showNoFollow(w, r, l, err, "follow.gone")
	}
	return s.showFollow(w, r, l, f, key, l.T("follow.begun"))
}

// manageFollow shows what the bearer of a letter follows.
func (s *Site) manageFollow(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	key := r.URL.Query().Get("key")
	f, err := s.Follow.Held(r.Context(), key)
	if err != nil {
		return s.showNoFollow(w, r, l, err, "follow.none")
	}
	return s.showFollow(w, r, l, f, key, "")
}

// changeFollow sets how often letters come.
func (s *Site) changeFollow(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	key := r.PostFormValue("key")
	f, err := s.Follow.Change(r.Context(), key, library.Frequency(r.PostFormValue("every")))
	if library.KindOf(err) == library.Invalid {
		return err
	}
	if err != nil {
		return s.showNoFollow(w, r, l, err, "follow.none")
	}
	return s.showFollow(w, r, l, f, key, l.T("follow.saved"))
}

func (s *Site) showFollow(w http.ResponseWriter, r *http.Request, l *locale.Language, f library.Follow, key, done string) error {
	asked := url.Values{"key": {key}}.Encode()
	p, _, err := s.followFrame(w, r, l, l.T("follow.manage"), "/follow/manage?"+asked, f.Query)
	if err != nil {
		return err
	}
	p.Done, p.Manage, p.Stop, p.Every = done, key, "/follow/stop?"+asked, f.Every
	return s.show(w, http.StatusOK, "follow", p)
}

// stopFollow stands under no language, for it is what mail programs open and
// send by themselves: to look asks for a button (GET), to send ends the letters,
// without cookies and whoever's page sends it, since its key is the right to it
// (RFC 8058).
func (s *Site) stopFollow(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	if s.Follow == nil {
		return s.notFound(w, r, l)
	}
	key := r.URL.Query().Get("key")
	f, err := s.Follow.Held(r.Context(), key)
	if own, ok := s.Locale.Language(f.Language); ok {
		l = own
	}
	if err != nil && library.KindOf(err) != library.NotFound {
		return s.showNoFollow(w, r, l, err, "follow.none")
	}
	if r.Method == http.MethodPost {
		if err := s.Follow.Stop(r.Context(), key, r.PostFormValue("all") != ""); err != nil {
			return err
		}
	} else if err == nil {
		return s.showFollow(w, r, l, f, key, "")
	}
	return s.showStopped(w, r, l)
}

func (s *Site) showStopped(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	w.Header().Set("Cache-Control", "no-store")
	p := followPage{frame: s.frame(r, l, l.T("follow.stop"), "/"), Done: l.T("follow.stopped")}
	p.Canonical, p.NoIndex, p.SignIn = "", true, p.URL("/sign-in")
	return s.show(w, http.StatusOK, "follow", p)
}

// showNoFollow says that a link opens nothing, unless err is of another kind.
func (s *Site) showNoFollow(w http.ResponseWriter, r *http.Request, l *locale.Language, err error, key string) error {
	kind := library.KindOf(err)
	if !errors.Is(err, access.ErrRefused) && kind != library.NotFound && kind != library.Invalid {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	p := followPage{frame: s.frame(r, l, l.T("follow.title"), "/"), Problem: l.T(key)}
	p.Canonical, p.NoIndex, p.SignIn = "", true, p.URL("/sign-in")
	return s.show(w, serve.Status(err), "follow", p)
}
