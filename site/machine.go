package site

import (
	"bytes"
	"net/http"
	"strings"

	"waymark/library"
	"waymark/locale"
	"waymark/skos"
)

// vocabularyFile writes a vocabulary as SKOS for other programs, and leads from
// the address of a vocabulary to its file.
func (s *Site) vocabularyFile(w http.ResponseWriter, r *http.Request, _ *locale.Language) error {
	name := r.PathValue("file")
	for _, f := range skos.Formats() {
		list, ok := strings.CutSuffix(name, "."+f.Ending())
		if !ok {
			continue
		}
		terms, err := s.amendable(list)
		if err != nil {
			return err
		}
		var b bytes.Buffer
		if err := skos.Write(&b, f, skos.Scheme{List: list, Base: s.origin(r) + "/vocabularies", Terms: terms.Every()}); err != nil {
			return err
		}
		w.Header().Set("Content-Type", f.Type())
		w.Header().Set("Access-Control-Allow-Origin", "*")
		w.Header().Set("Cache-Control", "no-cache")
		_, err = b.WriteTo(w)
		_ = err // the reader has gone; there is nobody to tell
		return nil
	}
	if _, err := s.amendable(name); err != nil {
		return err
	}
	ending := skos.Turtle.Ending()
	if strings.Contains(r.Header.Get("Accept"), "ld+json") {
		ending = skos.JSONLD.Ending()
	}
	w.Header().Set("Vary", "Accept")
	http.Redirect(w, r, "/vocabularies/"+name+"."+ending, http.StatusSeeOther)
	return nil
}

// concept leads from the address of a term to the page of what is filed under
// it, or to the file of its vocabulary where nothing is.
func (s *Site) concept(w http.ResponseWriter, r *http.Request, l *locale.Language) error {
	list, err := s.amendable(r.PathValue("list"))
	if err != nil {
		return err
	}
	t, ok := list.Get(r.PathValue("code"))
	switch f, filed := fieldOf(list.Name); {
	case !ok:
		return library.Errorf(library.NotFound, "%s has no term %q", list.Name, r.PathValue("code"))
	case t.Code != r.PathValue("code"):
		http.Redirect(w, r, "/vocabularies/"+list.Name+"/"+t.Code, http.StatusMovedPermanently)
	case filed:
		http.Redirect(w, r, "/"+l.Tag+"/"+section(f)+"/"+t.Code, http.StatusSeeOther)
	default:
		http.Redirect(w, r, "/vocabularies/"+list.Name+"."+skos.Turtle.Ending(), http.StatusSeeOther)
	}
	return nil
}
