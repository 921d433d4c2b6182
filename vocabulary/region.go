package vocabulary

import (
	"maps"
	"slices"

	"waymark/library"
)

// connect notes which regions hold a country, and which hold all that another
// region holds: RegionsOf is asked for every record.
func (v *Vocabularies) connect() {
	v.holding, v.around = map[string][]string{}, map[string][]string{}
	for _, r := range v.Regions.terms {
		for _, c := range r.Members {
			v.holding[c] = append(v.holding[c], r.Code)
		}
		for _, wider := range v.Regions.terms {
			if len(r.Members) > 0 && r.Code != wider.Code && holdsAll(wider.Members, r.Members) {
				v.around[r.Code] = append(v.around[r.Code], wider.Code)
			}
		}
	}
}

// holdsAll tells whether all of the few stand among the many; both are sorted.
func holdsAll(many, few []string) bool {
	for _, c := range few {
		if _, ok := slices.BinarySearch(many, c); !ok {
			return false
		}
	}
	return true
}

// RegionsOf widens the regions of a record: to its own come every region that
// holds one of its countries, and every region that holds all members of one
// of its own. The result is sorted. A record is worldwide only when it says
// so itself.
func (v *Vocabularies) RegionsOf(countries, regions []string) []string {
	v = v.now()
	all := map[string]bool{}
	add := func(codes []string) {
		for _, code := range codes {
			all[code] = true
		}
	}
	for _, c := range countries {
		add(v.holding[c])
	}
	for _, r := range regions {
		add(v.around[r])
	}
	delete(all, library.Worldwide) // also where a librarian gave it members
	add(regions)
	return slices.Sorted(maps.Keys(all))
}
