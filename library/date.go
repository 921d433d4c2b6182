package library

import (
	"fmt"
	"strconv"
	"time"
)

// Date is a date of publication as precise as it is known, in the Extended
// Date/Time Format level 0 (ISO 8601-2:2019): "2015", "2015-12" or
// "2015-12-31". The zero Date is unknown.
type Date string

// ParseDate reads an EDTF level 0 date of the years 1000 to 2999. It answers
// Invalid for anything else, also for days that the calendar does not have.
func ParseDate(s string) (Date, error) {
	for _, layout := range []string{"2006", "2006-01", time.DateOnly} {
		if len(layout) != len(s) {
			continue
		}
		if t, err := time.Parse(layout, s); err == nil && t.Year() >= 1000 && t.Year() < 3000 {
			return Date(s), nil
		}
	}
	return "", &Error{Kind: Invalid, Field: "date",
		Err: fmt.Errorf("%q is not a date: write a year as 2015, a month as 2015-12 or a day as 2015-12-31", s)}
}

// Year gives the year, 0 when the date is unknown.
func (d Date) Year() int {
	if len(d) < 4 {
		return 0
	}
	year, err := strconv.Atoi(string(d[:4]))
	if err != nil {
		return 0
	}
	return year
}
