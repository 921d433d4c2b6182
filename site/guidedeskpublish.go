package site

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strconv"

	"waymark/guide"
	"waymark/library"
	"waymark/locale"
)

// publishPage is pages/deskpublish.html: what a change is, and whom it touches,
// before it is made.
type publishPage struct {
	guideDeskFrame
	Action  string
	Given   []hidden
	Body    string
	Class   string
	Summary string
	Diff    diffView
	Same    bool
	Touched string // how many, in one line
	Touches []touchView
	Behind  []string
	Urgent  bool
}

// touchView is a place that a change touches.
type touchView struct {
	Guide      link
	Place      string
	What, Due  string
	Clean, Own bool
}

// sight tells one state of a publish dialog from another: what was said there
// of a change is what is published, or the dialog is shown again.
func sight(c guide.Change, impact guide.Impact) string {
	h := sha256.New()
	fmt.Fprintf(h, "%s %s %s %s %q\n", c.Section, c.Lang, library.Writing{Heading: c.Heading, Body: c.Body}.Hash(), c.Class, impact.Behind)
	for _, t := range impact.Touches {
		fmt.Fprintf(h, "%s %s %v\n", t.Section, t.State, t.Clean)
	}
	return hex.EncodeToString(h.Sum(nil))[:32]
}

func (s *Site) showPublish(w http.ResponseWriter, r *http.Request, form deskSectionPage, o *guide.Opened, reading guide.Reading, c guide.Change, impact guide.Impact, seen string) error {
	l := form.L
	p := publishPage{guideDeskFrame: form.guideDeskFrame, Action: form.Action, Body: c.Body, Class: l.T("guidedesk.class." + string(c.Class)), Summary: c.Summary,
		Same: impact.Same, Urgent: c.Class == library.Safety}
	p.Problem, p.Said = "", ""
	p.Given = []hidden{{"base", strconv.FormatInt(c.Read, 10)}, {"lang", c.Lang}, {"heading", c.Heading}, {"class", string(c.Class)},
		{"summary", c.Summary}, {"reason", c.Reason}, {"seen", seen}}
	was, now := standingText(o, reading, c.Lang), c
	p.Diff = diffView{Lang: c.Lang, Dir: locale.Direction(c.Lang), Marks: marksOf(was.Heading+"\n\n"+was.Body, now.Heading+"\n\n"+now.Body)}
	clean, own := 0, 0
	for _, t := range impact.Touches {
		title, _ := t.Guide.Titles.In(l.Tag, t.Guide.Language())
		view := touchView{Guide: link{Label: title, URL: p.URL("/g/" + string(t.Section))}, Place: s.placeName(l, t.Guide.Place), Clean: t.Clean}
		switch t.State {
		case guide.Update:
			view.What = l.T("guidedesk.touch.update")
			clean++
		case guide.Current, guide.Converged:
			view.What = l.T("guidedesk.touch.live")
			clean++
		case guide.Review:
			view.What, view.Own = l.T("guidedesk.touch.review"), true
			if t.Clean {
				view.What = l.T("guidedesk.touch.joins")
			}
			own++
		default:
			view.What, view.Own = l.T("guidedesk.touch.confirm"), true
			own++
		}
		if !t.Due.IsZero() && t.State.Waiting() {
			view.Due = l.T("guide.due", "Date", l.Day(t.Due))
		}
		p.Touches = append(p.Touches, view)
	}
	p.Touched = l.T("guidedesk.touched", "Count", l.Number(len(p.Touches)), "Clean", l.Number(clean), "Own", l.Number(own))
	for _, lang := range impact.Behind {
		p.Behind = append(p.Behind, s.Vocabularies.Languages.Label(lang, l.Tag))
	}
	return s.show(w, http.StatusOK, "deskpublish", p)
}

// placeName names the country or region of a guide, or gives the name that it has.
func (s *Site) placeName(l *locale.Language, place string) string {
	if _, ok := s.Vocabularies.Countries.Get(place); ok {
		return s.Vocabularies.Countries.Label(place, l.Tag)
	}
	return place
}
