package app

import (
	"bytes"
	_ "embed"

	"waymark/format"
)

// demoCollection is the demonstration: facts of real publications, with
// abstracts written for it.
//
//go:embed demo/collection.jsonl
var demoCollection []byte

func demoDrafts() format.Drafts { return format.JSONLines(bytes.NewReader(demoCollection)) }
