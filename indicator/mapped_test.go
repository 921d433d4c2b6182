package indicator

import "testing"

// TestOnlyWhatComparesIsMapped: rates of one comparability group, at one
// period, each in its class.
func TestOnlyWhatComparesIsMapped(t *testing.T) {
	f := func(v float64) *float64 { return &v }
	series := func(area, group string, points ...Point) PublicSeries {
		return PublicSeries{Area: area, Group: group, Source: Source{Kind: "court"}, Points: points}
	}
	r := &Release{Series: []PublicSeries{
		series("AA", "g", Point{Period: "2023", Value: f(10)}, Point{Period: "2024", Value: f(20)}),
		series("BB", "g", Point{Period: "2023", Value: f(60)}, Point{Period: "2024", Conf: Hidden}),
		series("CC", "g", Point{Period: "2023", Value: f(35)}, Point{Period: "2025", Value: f(1)}), series("DD", "", Point{Period: "2023", Value: f(99)})}}
	none := func(string) []string { return nil }
	m, why := MapOf(Compare(r, Version{Measure: "percent"}, Question{}, none), Version{Measure: "percent"})
	if why != "" || m.Period != "2023" || len(m.Areas) != 3 || m.Areas[0].Class != 0 || m.Areas[1].Class != 4 || m.Areas[2].Class != 2 || m.Bounds[0] != 10 || m.Bounds[5] != 60 {
		t.Errorf("%s %+v", why, m)
	}
	if _, why := MapOf(Compare(r, Version{Measure: "count"}, Question{}, none), Version{Measure: "count"}); why != OnlyRates {
		t.Errorf("counts are mapped: %q", why)
	}
	if _, why := MapOf(Compare(r, Version{Measure: "percent"}, Question{Areas: []string{"DD"}}, none), Version{Measure: "percent"}); why != Undecided {
		t.Errorf("what nobody has compared is mapped: %q", why)
	}
}
