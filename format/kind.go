package format

import "strings"

// kinds are the words for types of documents that formats share, with their
// codes in RIS and CSL. The first row of a word is written; all are read.
var kinds = []struct{ word, ris, csl string }{
	{"Journal Article", "JOUR", "article-journal"}, {"Journal Article", "MGZN", "article-magazine"}, {"Journal Article", "EJOUR", "article"},
	{"Journal Article", "NEWS", "article-newspaper"}, {"Journal Article", "INPR", "review"},
	{"Report", "RPRT", "report"}, {"Report", "GOVDOC", "document"}, {"Report", "UNPB", "manuscript"},
	{"Book", "BOOK", "book"}, {"Book", "EBOOK", "book"}, {"Book", "EDBOOK", "book"},
	{"Book Chapter", "CHAP", "chapter"}, {"Book Chapter", "ECHAP", "entry-encyclopedia"},
	{"Thesis", "THES", "thesis"},
	{"Conference Paper", "CPAPER", "paper-conference"}, {"Conference Paper", "CONF", "paper-conference"},
	{"Legislation", "STAT", "legislation"}, {"Legislation", "BILL", "bill"}, {"Legislation", "CASE", "legal_case"}, {"Legislation", "LEGAL", "treaty"},
	{"Dataset", "DATA", "dataset"}, {"Dataset", "AGGR", "dataset"}, {"Dataset", "DBASE", "dataset"},
	{"Web Page", "ELEC", "webpage"}, {"Web Page", "WEB", "post-weblog"}, {"Web Page", "BLOG", "post-weblog"},
	{"Presentation", "SLIDE", "speech"},
	{"Film", "VIDEO", "motion_picture"}, {"Film", "MPCT", "motion_picture"}, {"Film", "ADVS", "broadcast"},
}

// near are words of the library's own categories, with that of kinds that is nearest.
var near = map[string]string{
	"research study": "Report", "assessment": "Report", "evaluation": "Report", "statistics report": "Report", "case study": "Report",
	"guidance": "Report", "policy or strategy": "Report", "factsheet or brief": "Report", "resolution or un document": "Report",
	"handbook or manual": "Book", "toolkit": "Book", "training material": "Book", "law or convention": "Legislation",
	"data set": "Dataset", "web site or platform": "Web Page", "video or audio": "Film",
}

// kindOf gives the word for a code of a format.
func kindOf(code string, in func(i int) string) string {
	for i := range kinds {
		if strings.EqualFold(in(i), code) {
			return kinds[i].word
		}
	}
	return ""
}

// codeOf gives the code of a word in a format, or other.
func codeOf(word, other string, in func(i int) string) string {
	if w, ok := near[strings.ToLower(word)]; ok {
		word = w
	}
	for i := range kinds {
		if strings.EqualFold(kinds[i].word, word) {
			return in(i)
		}
	}
	return other
}
