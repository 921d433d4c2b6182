package site

import (
	"mime"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"
	"time"

	"waymark/describe"
	"waymark/library"
	"waymark/locale"
	"waymark/serve"
)

// held is a file of a publication that the library holds.
type held struct {
	Name, URL, Download string
	Kind                string // "PDF"
	Size, Pages         string
	Language            string
	Parts               []string // "Pages 12–30: French"
	Restricted          bool     // not everyone who sees the publication sees the file
	Note                string   // that there is no text to search
	Digest              string
	Cover, Cover2       string // addresses of the picture of the first page
}

// fileURL is the lasting address of a file.
func fileURL(id library.ID, f library.File) string {
	return "/r/" + string(id) + "/files/" + f.Digest + "/" + url.PathEscape(f.Name)
}

// pageURL is the address of a file opened at a page, where its kind has pages.
func pageURL(id library.ID, f library.File, page int) string {
	to := fileURL(id, f)
	if f.Type == "application/pdf" { // RFC 8118, section 3
		to += "#page=" + strconv.Itoa(page)
	}
	return to
}

func (s *Site) held(l *locale.Language, id library.ID, files []library.File) []held {
	var out []held
	for _, f := range files {
		h := held{Name: f.Name, URL: fileURL(id, f), Kind: kindOf(f), Size: size(l, f.Size), Digest: f.Digest, Restricted: f.Audience != ""}
		h.Download = h.URL + "?download=1"
		if f.Pages > 0 {
			h.Pages = l.N("file.pages", f.Pages)
		}
		if f.Language != "" {
			h.Language = s.Vocabularies.Languages.Label(f.Language, l.Tag)
		}
		for _, p := range f.Parts {
			h.Parts = append(h.Parts, l.T("file.part", "Language", s.Vocabularies.Languages.Label(p.Language, l.Tag), "Pages", runs(l, p.Pages)))
		}
		switch f.Text {
		case library.TextRead:
			if f.Recognised {
				h.Note = l.T("file.recognised")
			}
		case library.TextNone:
			h.Note = l.T("file.none")
		case library.TextRefused:
			h.Note = l.T("file.refused")
		case library.TextWaiting:
			h.Note = l.T("file.waiting")
		}
		if f.Cover {
			base := "/r/" + string(id) + "/covers/" + f.Digest + "/"
			h.Cover, h.Cover2 = base+"1", base+"2"
		}
		out = append(out, h)
	}
	return out
}

// maxRuns is how many runs of pages are named; a document that changes its
// language on every page has many.
const maxRuns = 8

// runs names pages: "3, 12–30".
func runs(l *locale.Language, pages [][2]int) string {
	var names []string
	for i, run := range pages {
		if i == maxRuns {
			names = append(names, "…")
			break
		}
		name := l.Number(run[0])
		if run[1] > run[0] {
			name += "–" + l.Number(run[1])
		}
		names = append(names, name)
	}
	return l.List(names)
}

// kindOf gives the short name of a file's kind, a proper name in every language.
func kindOf(f library.File) string {
	if end := strings.TrimPrefix(path.Ext(f.Name), "."); end != "" && len(end) <= 5 {
		return strings.ToUpper(end)
	}
	return f.Type
}

func size(l *locale.Language, bytes int64) string {
	switch {
	case bytes >= 1<<20:
		return l.T("file.mb", "N", l.Number(int((bytes+1<<19)>>20)))
	default:
		return l.T("file.kb", "N", l.Number(int((bytes+1023)>>10)))
	}
}

// shown are the kinds that a browser shows by itself; others are downloaded.
var shown = []string{"application/pdf", "image/", "text/"}

// sandboxed are the kinds that could run script or reach out: they are shown
// with neither.
const sandboxed = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"

// file answers a file as it was brought in: whole or in ranges.
func (s *Site) file(w http.ResponseWriter, r *http.Request, _ *locale.Language) error {
	f, blob, err := s.Catalogue.File(r.Context(), serve.Viewer(r), library.ID(r.PathValue("id")), r.PathValue("digest"))
	if err != nil {
		return err
	}
	defer blob.Close()
	h := w.Header()
	kind, disposition := f.Type, "attachment"
	for _, prefix := range shown {
		if strings.HasPrefix(kind, prefix) && r.URL.Query().Get("download") == "" {
			disposition = "inline"
		}
	}
	switch {
	case kind == "text/markdown":
		kind = "text/plain; charset=utf-8"
	case kind == "text/plain":
		kind += "; charset=utf-8"
	case kind == "":
		kind = "application/octet-stream"
	}
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", mime.FormatMediaType(disposition, map[string]string{"filename": f.Name}))
	h.Set("ETag", `"`+f.Digest+`"`)
	h.Set("Cache-Control", "private, no-cache") // who may see it can change
	h.Set("Link", describe.Header([]describe.Link{{Rel: "collection", Href: s.origin(r) + "/r/" + r.PathValue("id"), Type: "text/html"}}))
	if !strings.HasPrefix(kind, "application/pdf") {
		h.Set("Content-Security-Policy", sandboxed)
	}
	s.countDownload(r, library.ID(r.PathValue("id")), f.Digest)
	http.ServeContent(w, r, "", time.Time{}, blob)
	return nil
}

// cover answers the picture of a file's first page, which never changes.
func (s *Site) cover(w http.ResponseWriter, r *http.Request, _ *locale.Language) error {
	scale, err := strconv.Atoi(r.PathValue("scale"))
	if err != nil {
		return library.Errorf(library.NotFound, "a cover has a scale")
	}
	f, blob, err := s.Catalogue.Cover(r.Context(), serve.Viewer(r), library.ID(r.PathValue("id")), r.PathValue("digest"), scale)
	if err != nil {
		return err
	}
	defer blob.Close()
	h := w.Header()
	h.Set("Content-Type", "image/png")
	h.Set("ETag", `"`+f.Digest[:32]+"-"+strconv.Itoa(scale)+`"`)
	h.Set("Cache-Control", "private, max-age=31536000, immutable")
	if open, err := s.forEveryone(r, f); err != nil {
		return err
	} else if open {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	http.ServeContent(w, r, "", time.Time{}, blob)
	return nil
}

// forEveryone tells whether a file that the viewer was given is for those who
// have not signed in too, so that caches on the way may keep what shows it.
func (s *Site) forEveryone(r *http.Request, f library.File) (bool, error) {
	if f.Audience != "" {
		return false, nil
	}
	rec, err := s.Catalogue.Record(r.Context(), library.Viewer{}, library.ID(r.PathValue("id")))
	switch library.KindOf(err) {
	case library.NotFound, library.Gone, library.Moved:
		return false, nil
	}
	return err == nil && rec.HasFile(f.Digest), err
}
