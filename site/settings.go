package site

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"waymark/library"
	"waymark/locale"
	"waymark/profile"
	"waymark/serve"
)

// settingsPage is pages/settings.html: how the library presents itself.
type settingsPage struct {
	deskFrame
	Version     int64
	Tongues     []tongue
	Themes      []themeRow
	Kept        *logo
	Featured    string // addresses, a line each
	Collections []collectionRow
	Problem     problem
	Past        []past
	Again       string // where a version is restored
}

// tongue is what the library says of itself in one language.
type tongue struct {
	Tag, Own, Dir              string
	Name, Tagline, Lead, About string
	Names, Taglines, Leads     string // what stands where nothing is written
}

// themeRow are the colours of one theme.
type themeRow struct {
	Name, Label   string
	Accent, Paper string
}

// collectionRow is one search that the home page names.
type collectionRow struct {
	Index   int
	Number  string // for a person, from 1
	Address string
	Titles  []tongueTitle
}

// tongueTitle is a title in one language.
type tongueTitle struct{ Tag, Own, Dir, Title string }

func (s *Site) settings(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	kept := s.Profile.Profile()
	var rows []string
	for _, c := range kept.Stored.Collections {
		rows = append(rows, "/search?"+c.Query)
	}
	return s.showSettings(w, r, l, http.StatusOK, kept.Stored, rows, kept.Version, problem{})
}

func (s *Site) showSettings(w http.ResponseWriter, r *http.Request, l *locale.Language, status int, written profile.Profile, addresses []string, version int64, trouble problem) error {
	p := settingsPage{deskFrame: s.deskFrame(r, l, l.T("settings.title")), Version: version, Problem: trouble}
	p.Said, _ = said(r, l)
	p.Again = p.URL("/desk/settings")
	for _, o := range s.Locale.All() {
		p.Tongues = append(p.Tongues, tongue{Tag: o.Tag, Own: o.Own, Dir: o.Dir,
			Name: written.Names[o.Tag], Tagline: written.Taglines[o.Tag], Lead: written.Leads[o.Tag], About: written.About[o.Tag],
			Names: o.T("site.name"), Taglines: o.T("site.tagline"), Leads: o.T("home.lead")})
	}
	p.Themes = []themeRow{{"light", l.T("settings.light"), written.Light.Accent, written.Light.Paper}, {"dark", l.T("settings.dark"), written.Dark.Accent, written.Dark.Paper}}
	_, p.Kept = s.looks()
	var lines []string
	for _, id := range written.Featured {
		lines = append(lines, "/r/"+string(id))
	}
	p.Featured = strings.Join(lines, "\n")
	collections := append(slices.Clone(written.Collections), profile.Collection{})
	for i, c := range collections[:min(len(collections), profile.MaxCollections)] {
		row := collectionRow{Index: i, Number: l.Number(i + 1)}
		if i < len(addresses) {
			row.Address = addresses[i]
		}
		for _, o := range s.Locale.All() {
			row.Titles = append(row.Titles, tongueTitle{o.Tag, o.Own, o.Dir, c.Titles[o.Tag]})
		}
		p.Collections = append(p.Collections, row)
	}
	var err error
	if p.Past, err = s.settingsPast(r, l); err != nil {
		return err
	}
	return s.show(w, status, "settings", p)
}

// settingsPast gives the history of the settings, the last first.
func (s *Site) settingsPast(r *http.Request, l *locale.Language) ([]past, error) {
	revisions, err := s.Profile.History(r.Context(), serve.Viewer(r))
	if err != nil {
		return nil, err
	}
	var all []past
	for i, rev := range revisions {
		var before profile.Profile
		if i+1 < len(revisions) {
			before = revisions[i+1].Profile
		}
		all = append(all, past{Version: rev.Version, When: l.Day(rev.At), Who: rev.Who, Did: l.T("audit.act.change-the-settings"), Why: rev.Why,
			Current: i == 0, Changes: s.settingsChanges(l, before, rev.Profile)})
	}
	return all, nil
}

// settingsChanges tells in what two versions of the settings differ.
func (s *Site) settingsChanges(l *locale.Language, before, now profile.Profile) []change {
	var all []change
	tell := func(label, a, b string) {
		if a != b {
			all = append(all, change{Label: label, Before: some(a), Now: some(b)})
		}
	}
	for _, o := range s.Locale.All() {
		for _, t := range []struct {
			key  string
			a, b library.Text
		}{{"settings.name", before.Names, now.Names}, {"settings.tagline", before.Taglines, now.Taglines}, {"settings.lead", before.Leads, now.Leads}, {"settings.about", before.About, now.About}} {
			tell(l.T(t.key)+" – "+o.Own, t.a[o.Tag], t.b[o.Tag])
		}
	}
	tell(l.T("settings.light"), before.Light.Accent+" "+before.Light.Paper, now.Light.Accent+" "+now.Light.Paper)
	tell(l.T("settings.dark"), before.Dark.Accent+" "+before.Dark.Paper, now.Dark.Accent+" "+now.Dark.Paper)
	tell(l.T("settings.logo"), logoSign(before.Logo), logoSign(now.Logo))
	tell(l.T("settings.featured"), idLines(before.Featured), idLines(now.Featured))
	tell(l.T("settings.collections"), queryLines(before.Collections), queryLines(now.Collections))
	return all
}

func some(s string) []string {
	if strings.TrimSpace(s) == "" {
		return nil
	}
	return []string{s}
}

// logoSign tells two pictures apart.
func logoSign(logo []byte) string {
	if len(logo) == 0 {
		return ""
	}
	return "PNG, " + strconv.Itoa(len(logo)) + " B"
}

func idLines(ids []library.ID) string {
	var lines []string
	for _, id := range ids {
		lines = append(lines, string(id))
	}
	return strings.Join(lines, "\n")
}

func queryLines(list []profile.Collection) string {
	var lines []string
	for _, c := range list {
		title, _ := c.Titles.In()
		lines = append(lines, title+" ("+c.Query+")")
	}
	return strings.Join(lines, "\n")
}

// maxSettings bounds the form with its logo, in bytes.
const maxSettings = 4 << 20

// saveSettings keeps what the form says, or a version of the history again.
func (s *Site) saveSettings(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	r.Body = http.MaxBytesReader(w, r.Body, maxSettings)
	if err := r.ParseMultipartForm(maxSettings); err != nil && r.Form == nil {
		return library.Errorf(library.Invalid, "read the form: %w", err)
	}
	version, err := strconv.ParseInt(r.FormValue("version"), 10, 64)
	if err != nil {
		return &library.Error{Kind: library.Invalid, Field: "version", Err: err}
	}
	var p profile.Profile
	var addresses []string
	if again := r.FormValue("restore"); again != "" {
		p, err = s.settingsOf(r, again)
	} else {
		p, addresses, err = s.settingsWritten(r)
	}
	if err == nil {
		err = s.Profile.Save(r.Context(), serve.Viewer(r), p, version, oneLine(r.FormValue("why")))
	}
	if err != nil {
		trouble, status, err := s.trouble(l, err)
		if err != nil {
			return err
		}
		return s.showSettings(w, r, l, status, p, addresses, version, trouble)
	}
	http.Redirect(w, r, "/"+l.Tag+"/desk/settings"+query("done", "saved", "n", "1"), http.StatusSeeOther)
	return nil
}

// settingsOf gives a version of the history.
func (s *Site) settingsOf(r *http.Request, version string) (profile.Profile, error) {
	revisions, err := s.Profile.History(r.Context(), serve.Viewer(r))
	for _, rev := range revisions {
		if strconv.FormatInt(rev.Version, 10) == version {
			return rev.Profile, err
		}
	}
	return profile.Profile{}, cmp.Or(err, error(library.Errorf(library.NotFound, "there is no version %q of the settings", version)))
}

// settingsWritten reads the form: with an error it gives what could be read, so
// that nothing of it is lost.
func (s *Site) settingsWritten(r *http.Request) (p profile.Profile, addresses []string, first error) {
	fault := func(err error) { first = cmp.Or(first, err) }
	p.Names, p.Taglines, p.Leads, p.About = s.inTongues(r, "name"), s.inTongues(r, "tagline"), s.inTongues(r, "lead"), library.Text{}
	for _, o := range s.Locale.All() {
		if text := strings.TrimSpace(strings.ReplaceAll(r.FormValue("about."+o.Tag), "\r\n", "\n")); text != "" {
			p.About[o.Tag] = text
		}
	}
	colour := func(name string) string { return strings.ToLower(strings.TrimSpace(r.FormValue(name))) }
	p.Light = profile.Colours{Accent: colour("light.accent"), Paper: colour("light.paper")}
	p.Dark = profile.Colours{Accent: colour("dark.accent"), Paper: colour("dark.paper")}
	for line := range strings.Lines(r.FormValue("featured")) {
		if line = strings.TrimSpace(line); line != "" {
			p.Featured = append(p.Featured, recordAt(line))
		}
	}
	for i := range profile.MaxCollections {
		address := strings.TrimSpace(r.FormValue("collection." + strconv.Itoa(i)))
		titles := s.inTongues(r, "collection."+strconv.Itoa(i)+".title")
		if address == "" && len(titles) == 0 {
			continue
		}
		q, err := searchOf(address)
		fault(err)
		p.Collections, addresses = append(p.Collections, profile.Collection{Titles: titles, Query: q}), append(addresses, address)
	}
	if r.FormValue("nologo") == "" {
		p.Logo = s.Profile.Profile().Stored.Logo
	}
	if file, _, err := r.FormFile("logo"); err == nil {
		defer file.Close()
		picture, err := profile.Logo(file)
		if fault(err); err == nil {
			p.Logo = picture
		}
	}
	return p, addresses, first
}

// inTongues reads a line in each language.
func (s *Site) inTongues(r *http.Request, name string) library.Text {
	t := library.Text{}
	for _, o := range s.Locale.All() {
		if line := oneLine(r.FormValue(name + "." + o.Tag)); line != "" {
			t[o.Tag] = line
		}
	}
	return t
}

// recordAt gives the ID of a record's address, or the line as it is.
func recordAt(line string) library.ID {
	if u, err := url.Parse(line); err == nil {
		for _, part := range strings.Split(u.Path, "/") {
			if id := library.ID(strings.ToUpper(part)); id.Valid() {
				return id
			}
		}
	}
	return library.ID(line)
}
