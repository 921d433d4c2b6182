package search

import (
	"strings"

	"waymark/analysis"
	"waymark/library"
)

// Section is a section of a guide as it is found: its words in every language, and on
// what the right to find it depends.
type Section struct {
	ID        library.ID
	Guide     library.ID
	Status    library.Status     // the first that is not published, of the guide, the entry and the section
	Audiences []library.Audience // to all of which a reader must belong; Public is not among them
	Headings  library.Text
	Texts     library.Text // without marks, parameters filled
	Around    library.Text // titles of the entry and the guide
	Keywords  []string
	Date      library.Date // of its last change
}

// DescribeSection gives a section of a guide as a document. It is found by the
// readers who belong to all of its audiences.
func DescribeSection(x Section) Document {
	d := Document{ID: x.ID, Sight: Sight{Status: x.Status, Audience: library.Public}, Date: x.Date,
		Titles: passages(x.Headings), Abstracts: passages(x.Texts), Concepts: passages(x.Around), Values: map[library.Field][]string{}}
	narrow(&d, x.Audiences)
	for _, k := range x.Keywords {
		if k != "" {
			d.Concepts = append(d.Concepts, Passage{Text: k})
		}
	}
	title, _ := x.Headings.In()
	d.Title = strings.Join(analysis.Words(title), " ")
	d.Values[library.FieldKind] = []string{library.KindGuideSection}
	d.Values[library.FieldGuide] = []string{string(x.Guide)}
	d.Values[library.FieldLanguage] = x.Headings.Languages()
	return d
}
