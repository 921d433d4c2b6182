package site

import (
	"testing"

	"github.com/jba/templatecheck"
)

// TestTemplatesFitTheirPages type-checks each page's template against the
// struct that it is shown with.
func TestTemplatesFitTheirPages(t *testing.T) {
	all, err := parsePages()
	if err != nil {
		t.Fatal(err)
	}
	structs := map[string]any{
		"home": homePage{}, "search": searchPage{}, "list": listPage{}, "index": indexPage{},
		"resource": resourcePage{}, "about": aboutPage{}, "error": errorPage{}, "follow": followPage{}, "values": valuesPage{},
		"signin": signInPage{}, "link": linkPage{}, "people": peoplePage{}, "person": personPage{}, "account": accountPage{},
		"desk": deskPage{}, "offer": offerPage{}, "table": tablePage{}, "edit": editPage{}, "history": historyPage{}, "pair": pairPage{}, "bulk": bulkPage{},
		"vocabularies": vocabulariesPage{}, "term": termPage{}, "settings": settingsPage{}, "audit": auditPage{},
		"evidence": evidencePage{}, "evidencestudies": evidenceStudiesPage{}, "evidencestudy": evidenceStudyPage{}, "evidencegaps": evidenceGapsPage{},
		"indicators": indicatorsPage{}, "indicator": indicatorPage{}, "indicatorvalue": indicatorValuePage{}, "indicatorsources": indicatorSourcesPage{}, "results": resultsPage{},
		"guides": guidesPage{}, "guide": guidePage{}, "guideentry": guideEntryPage{}, "guidechanges": guideChangesPage{},
		"deskguides": guideDeskPage{}, "deskbegin": askValuesPage{}, "deskguide": deskGuidePage{}, "deskentry": deskEntryPage{}, "desksection": deskSectionPage{},
		"deskpublish": publishPage{}, "deskreviews": reviewsPage{}, "deskfeedback": deskFeedbackPage{}, "desklinks": linksPage{}, "deskdrift": driftPage{},
		"deskanswer": answerPage{}, "deskvalues": placeValuesPage{},
		"guideupdate": guideUpdatePage{}, "guidecomparison": &comparisonPage{}, "guidecountries": countriesPage{},
		"guideeverywhere": everywherePage{}, "guidefeedback": &feedbackPage{},
		"cite": citePage{}, "reading": readingPage{},
	}
	for name, page := range all {
		data, ok := structs[name]
		if !ok {
			t.Errorf("the page %s has no struct in this test", name)
			continue
		}
		if err := templatecheck.CheckHTML(page, data); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if len(all) != len(structs) {
		t.Errorf("%d pages, %d structs", len(all), len(structs))
	}
}
