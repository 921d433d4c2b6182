// Package site is the HTML door: the pages that readers see, written whole by
// the server in the reader's language.
package site

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"time"

	"waymark/access"
	"waymark/catalogue"
	"waymark/curate"
	"waymark/evidence"
	"waymark/follow"
	"waymark/guide"
	"waymark/indicator"
	"waymark/library"
	"waymark/locale"
	"waymark/profile"
	"waymark/search"
	"waymark/serve"
	"waymark/terms"
	"waymark/usage"
	"waymark/vocabulary"
)

// Site answers readers.
type Site struct {
	Catalogue    *catalogue.Catalogue
	Guides       *guide.Guides
	Searcher     *search.Searcher
	Vocabularies *vocabulary.Vocabularies
	Locale       *locale.Catalog
	Entrance     *serve.Entrance
	Evidence     *evidence.Base
	Indicators   *indicator.Base
	Usage        *usage.Counter // nil where nothing is counted
	Follow       *follow.Office // nil where no letters are sent
	Open         Open           // for sitemaps
	URL          string         // public origin of the library, empty to take the request's
	Prints       Prints         // nil where guides are not printed
	Demo         bool           // the collection is the demonstration's, and pages say so

	// Of the curators' desk.
	EvidenceDesk  *evidence.Desk
	IndicatorDesk *indicator.Desk
	Desk          *curate.Desk
	Forms         Forms
	Anyone        bool // without an account hands records in
	Brought       Brought
	Wishes        Wishes
	Uploads       Uploads // nil where the desk takes no files
	UploadMost    int64   // bytes that one may have
	Names         Names
	Similar       Similar
	Now           func() time.Time
	Terms         *terms.Keeper
	Profile       *profile.Keeper
	Journal       *access.Journal

	pages  pages
	assets assets
	routed *serve.Router
	// exporting bounds the exports of searches, each of which may read thousands of records.
	exporting *serve.Limit
}

// Forms keeps what a person has written and not saved yet; see store.Store.
type Forms interface {
	KeepForm(ctx context.Context, v library.Viewer, f library.Form) error
	Forms(ctx context.Context, v library.Viewer, subject library.ID) ([]library.Form, error)
	DropForm(ctx context.Context, v library.Viewer, subject library.ID) error
}

// Similar gives records with a title like one, those that are likest first.
// Which of them the viewer sees is still to be asked.
type Similar interface {
	Near(ctx context.Context, v library.Viewer, title string) ([]library.ID, error)
}

// Handler builds the site's routes. Every page stands under its language.
func (s *Site) Handler() (http.Handler, error) {
	var err error
	if s.pages, err = parsePages(); err != nil {
		return nil, err
	}
	if s.assets, err = readAssets(); err != nil {
		return nil, err
	}
	mux := &serve.Router{}
	s.routed = mux
	s.exporting = &serve.Limit{PerMinute: exportsAMinute, Now: time.Now, From: s.Entrance.From}
	desk := s.desks()
	maps.Copy(desk, s.governed())
	for _, l := range s.Locale.All() {
		for path, h := range s.routes() {
			mux.Handle("GET /"+l.Tag+path, s.handle(l, h))
		}
		for path, route := range desk {
			method, path, _ := strings.Cut(path, " ")
			mux.Handle(method+" /"+l.Tag+"/desk"+path, s.handle(l, route.atDesk))
		}
		forms := s.forms()
		maps.Copy(forms, s.followForms())
		for path, h := range forms {
			mux.Handle("POST /"+l.Tag+path, s.handle(l, s.form(h)))
		}
		mux.Handle("/"+l.Tag+"/", s.handle(l, s.notFound))
	}
	mux.HandleFunc("GET /{$}", s.negotiate)
	mux.Handle("GET /r/{id}", s.anyLanguage(s.lasting))
	mux.Handle("GET /r/{id}/linkset.json", s.anyLanguage(s.linkset))
	mux.Handle("GET /unapi", s.anyLanguage(s.unapi))
	mux.Handle("GET /sitemap.xml", s.anyLanguage(s.sitemapIndex))
	mux.Handle("GET /sitemaps/{name}", s.anyLanguage(s.sitemap))
	for _, path := range []string{"/g/{id}", "/guides", "/guides/{guide}", "/guides/{guide}/{entry}"} {
		mux.HandleFunc("GET "+path, s.negotiate)
	}
	mux.Handle("GET /r/{id}/files/{digest}/{name}", s.anyLanguage(s.file))
	mux.Handle("GET /r/{id}/export/{format}", s.anyLanguage(s.exportRecord))
	mux.Handle("GET /r/{id}/covers/{digest}/{scale}", s.anyLanguage(s.cover))
	mux.Handle("GET /follow/stop", s.anyLanguage(s.stopFollow))
	mux.Handle("POST /follow/stop", s.anyLanguage(s.form(s.stopFollow)))
	mux.Handle("GET /sign-in/with/{provider}/back", s.anyLanguage(s.arrive))
	mux.Handle("GET /look/{file}", s.anyLanguage(s.look))
	mux.Handle("GET /vocabularies/{file}", s.anyLanguage(s.vocabularyFile))
	mux.Handle("GET /vocabularies/{list}/{code}", s.anyLanguage(s.concept))
	mux.Handle("GET /assets/{name}", s.anyLanguage(s.asset))
	mux.Handle("GET /favicon.ico", http.RedirectHandler(s.assets.path("icon.svg"), http.StatusMovedPermanently))
	mux.HandleFunc("GET /robots.txt", s.robots)
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	mux.Handle("/", s.anyLanguage(s.notFound))
	fail := func(w http.ResponseWriter, r *http.Request, err error) {
		s.fail(w, r, s.Locale.Negotiate(r.Header.Get("Accept-Language")), err)
	}
	admitted, err := s.Entrance.Admit(mux, fail)
	if err != nil {
		return nil, err
	}
	return serve.Secure(admitted, fail), nil
}

// Patterns gives the patterns of all routes of the handler that was built last.
func (s *Site) Patterns() []string { return s.routed.Patterns() }

// handler answers a request in a language.
type handler func(w http.ResponseWriter, r *http.Request, l *locale.Language) error

func (s *Site) routes() map[string]handler {
	routes := map[string]handler{
		"/{$}":                     s.home,
		"/search":                  s.search,
		"/suggest":                 s.suggest,
		"/search/values/{field}":   s.values,
		"/about":                   s.about,
		"/opensearch.xml":          s.opensearch,
		"/search/export/{format}":  s.exportSearch,
		"/r/{id}":                  s.resource,
		"/r/{id}/cite":             s.cite,
		"/list":                    s.reading,
		"/list/export/{format}":    s.exportReading,
		"/sign-in":                 s.signIn,
		"/sign-in/link":            s.link,
		"/sign-in/with/{provider}": s.depart,
		"/account":                 s.account,
		"/people":                  s.people,
		"/people/{id}":             s.person,
		"/offer":                   s.offer,
	}
	maps.Copy(routes, s.evidenceRoutes())
	maps.Copy(routes, s.guideRoutes())
	maps.Copy(routes, s.indicatorRoutes())
	maps.Copy(routes, s.followRoutes())
	for _, f := range library.Browsed() {
		routes["/"+section(f)] = s.index(f)
		routes["/"+section(f)+"/{value}"] = s.list(f)
	}
	return routes
}

// deskRoute is a route of the curators' desk: to others it does not exist.
type deskRoute struct {
	role   library.Role
	answer handler
}

// desks are the routes of the curators' desk, below /desk.
func (s *Site) desks() map[string]deskRoute {
	routes := map[string]deskRoute{
		"GET ":                  {library.Submitter, s.desk},
		"GET /submit":           {library.Submitter, s.submit},
		"POST /submit":          {library.Submitter, s.saveSubmit},
		"GET /similar":          {library.Submitter, s.similarTitles},
		"GET /names":            {library.Submitter, s.agentNames},
		"GET /r/{id}/edit":      {library.Submitter, s.edit},
		"POST /r/{id}/edit":     {library.Submitter, s.saveEdit},
		"POST /r/{id}/keep":     {library.Submitter, s.keep},
		"POST /r/{id}/drop":     {library.Submitter, s.drop},
		"GET /r/{id}/history":   {library.Curator, s.history},
		"POST /r/{id}/history":  {library.Curator, s.restore},
		"POST /r/{id}/withdraw": {library.Submitter, s.withdraw},
		"POST /r/{id}/notes":    {library.Submitter, s.saveNote},
		"GET /pairs/{a}/{b}":    {library.Curator, s.pair},
		"POST /pairs/{a}/{b}":   {library.Curator, s.decide},
		"POST /unmerge":         {library.Curator, s.unmerge},
		"POST /undo":            {library.Curator, s.undoEdit},
		"GET /table":            {library.Curator, s.table},
		"GET /table.csv":        {library.Curator, s.exportTable},
		"POST /table":           {library.Curator, s.takeTable},
		"POST /bulk":            {library.Curator, s.bulk},
	}
	maps.Copy(routes, s.evidenceDesks())
	maps.Copy(routes, s.indicatorDesks())
	maps.Copy(routes, s.guideDesks())
	return routes
}

// atDesk answers those of the route's role, and keeps what is for one person
// out of every cache.
func (d deskRoute) atDesk(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	if serve.Viewer(r).Role < d.role {
		return library.Errorf(library.NotFound, "the desk is not for this viewer")
	}
	w.Header().Set("Cache-Control", "private, no-store")
	return d.answer(w, r, l)
}

// forms are what pages send.
func (s *Site) forms() map[string]handler {
	return map[string]handler{
		"/guides/{guide}/-/feedback/{section}": s.takeFeedback,
		"/sign-in":                             s.enter,
		"/sign-in/letter":                      s.askLink,
		"/sign-in/link":                        s.followLink,
		"/sign-in/passkey/ask":                 s.askPasskey,
		"/sign-in/passkey":                     s.enterByPasskey,
		"/sign-out":                            s.leave,
		"/account/sessions":                    s.endSessions,
		"/account/password":                    s.setPassword,
		"/account/passkeys/ask":                s.offerPasskey,
		"/account/passkeys":                    s.takePasskey,
		"/account/passkeys/{id}":               s.removePasskey,
		"/account/notices":                     s.saveWish,
		"/account/tokens":                      s.addToken,
		"/account/tokens/{id}":                 s.removeToken,
		"/people":                              s.addPerson,
		"/rules":                               s.addRule,
		"/rules/{id}":                          s.removeRule,
		"/people/{id}":                         s.savePerson,
		"/offer":                               s.takeOffer,
		"/people/{id}/disable":                 s.acts(s.keepOut, ""),
		"/people/{id}/enable":                  s.acts(s.letIn, ""),
		"/people/{id}/sessions":                s.acts(s.endOf, ""),
		"/people/{id}/remove":                  s.acts(s.forget, "/people"),
	}
}

// formMost is how much a form may send, in bytes.
const formMost = 64 << 10

// form reads what was sent before h answers.
func (s *Site) form(h handler) handler {
	return func(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
		if err := readForm(w, r, formMost); err != nil {
			return err
		}
		return h(w, r, l)
	}
}

// readForm reads a form of at most some bytes.
func readForm(w http.ResponseWriter, r *http.Request, most int64) error {
	r.Body = http.MaxBytesReader(w, r.Body, most)
	if err := r.ParseForm(); err != nil {
		return library.Errorf(library.Invalid, "read the form: %w", err)
	}
	return nil
}

// handle answers a page, or its error, in one language.
func (s *Site) handle(l *locale.Language, h handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := h(w, r, l); err != nil {
			s.fail(w, r, l, err)
		}
	})
}

// anyLanguage answers what stands under no language in the reader's.
func (s *Site) anyLanguage(h handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.handle(s.Locale.Negotiate(r.Header.Get("Accept-Language")), h).ServeHTTP(w, r)
	})
}

// negotiate sends the reader to the page in the language of the request. The
// answer differs by reader, so it is not kept.
func (s *Site) negotiate(w http.ResponseWriter, r *http.Request) {
	l := s.Locale.Negotiate(r.Header.Get("Accept-Language"))
	w.Header().Add("Vary", "Accept-Language")
	w.Header().Set("Cache-Control", "no-cache")
	to := "/" + l.Tag + r.URL.EscapedPath()
	if r.URL.RawQuery != "" {
		to += "?" + r.URL.RawQuery
	}
	http.Redirect(w, r, to, http.StatusFound)
}

// fail shows an error as a page that helps: the reader sees what can be done,
// and of what went wrong on our side only a number.
func (s *Site) fail(w http.ResponseWriter, r *http.Request, l *locale.Language, err error) {
	if errors.Is(err, context.Canceled) && r.Context().Err() != nil {
		return // the reader has gone
	}
	if to, ok := library.MovedTo(err); ok {
		http.Redirect(w, r, "/"+l.Tag+"/r/"+string(to), http.StatusMovedPermanently)
		return
	}
	status := serve.Status(err)
	if status >= http.StatusInternalServerError {
		serve.Log(r, err)
	}
	s.showError(w, r, l, err, status)
}

func (s *Site) notFound(_ http.ResponseWriter, r *http.Request, _ *locale.Language) error {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return &library.Error{Kind: library.NotFound, Key: "error.method"}
	}
	return library.Errorf(library.NotFound, "no page has this address")
}
