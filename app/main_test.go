package app

import (
	"os"
	"testing"
)

// TestMain lets the test's own program be the worker that reads documents.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "read-documents" {
		os.Exit(Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
	}
	os.Exit(m.Run())
}
