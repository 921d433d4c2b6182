package site

import "strings"

// Sections are the parts of the desk that the viewer may use; none for those who
// see only what they submitted.
func (f deskFrame) Sections() []link {
	if !f.Curates {
		return nil
	}
	pages := []struct{ path, key string }{{"/desk", "desk.records"}, {"/desk/guides", "nav.guides"}, {"/desk/evidence", "nav.evidence"}, {"/desk/indicators", "nav.indicators"}}
	if f.Rules {
		pages = append(pages, []struct{ path, key string }{{"/desk/vocabularies", "vocab.title"}, {"/desk/settings", "settings.title"}, {"/desk/audit", "audit.title"}}...)
	}
	var all []link
	for _, page := range pages {
		to := f.URL(page.path)
		within := f.asked == to || page.path != "/desk" && strings.HasPrefix(f.asked, to+"/")
		all = append(all, link{Label: f.L.T(page.key), URL: to, Current: within})
	}
	return all
}
