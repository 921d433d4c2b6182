package library

import "strconv"

// Field is one metadata field by which resources are counted and chosen. Its
// name is the same word in columns, addresses, command line flags and JSON.
type Field string

// The fields that search offers as facets.
const (
	FieldCountry  Field = "country"
	FieldRegion   Field = "region"
	FieldTopic    Field = "topic"
	FieldCategory Field = "category"
	FieldLanguage Field = "language"
	FieldHeld     Field = "held" // what of the work the library holds: HeldText
	FieldAuthor   Field = "author"
	FieldYear     Field = "year"
	FieldKind     Field = "kind"  // KindPublication or KindGuideSection
	FieldGuide    Field = "guide" // ID of the guide that a section stands in
)

// Facets gives the facet fields in the order in which a reader meets them.
func Facets() []Field {
	return []Field{FieldKind, FieldCountry, FieldRegion, FieldTopic, FieldCategory, FieldLanguage, FieldHeld, FieldAuthor, FieldGuide, FieldYear}
}

// Browsed gives the facet fields that have pages of their own, which list
// publications.
func Browsed() []Field {
	return []Field{FieldCountry, FieldRegion, FieldTopic, FieldCategory, FieldLanguage, FieldHeld, FieldAuthor, FieldYear}
}

// The values of FieldKind.
const (
	KindPublication  = "publication"
	KindGuideSection = "guide-section"
	KindOfStudy      = "study"
	KindOfIndicator  = "indicator"
)

// HeldText is the value of FieldHeld for works whose full text is searched.
const HeldText = "text"

// Values gives what the resource itself says in a facet field: codes, agent
// IDs, or the year in four digits. What is held differs by reader and is not
// for the resource to say.
func (r *Resource) Values(f Field) []string {
	switch f {
	case FieldKind:
		return one(KindPublication)
	case FieldCountry:
		return r.Countries
	case FieldRegion:
		return r.Regions
	case FieldTopic:
		return r.Topics
	case FieldCategory:
		return one(r.Category)
	case FieldLanguage:
		return r.Languages
	case FieldAuthor:
		ids := r.Creators()
		values := make([]string, len(ids))
		for i, id := range ids {
			values[i] = string(id)
		}
		return values
	case FieldYear:
		if y := r.Date.Year(); y != 0 {
			return one(strconv.Itoa(y))
		}
	}
	return nil
}

func one(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}
