package library

// Usage is how often a record was viewed, and its files downloaded, in a month.
type Usage struct {
	Entry            ID
	Month            string // 2026-11, in UTC
	Views, Downloads int
}
