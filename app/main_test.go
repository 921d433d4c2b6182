package app

import (
	"os"
	"testing"
)

// mainVariable makes the test's own program run as Waymark.
const mainVariable = "WAYMARK_TEST_MAIN"

// TestMain lets the test's own program be Waymark, and the worker that reads
// documents for it.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "read-documents" || os.Getenv(mainVariable) != "" {
		os.Exit(Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
	}
	os.Exit(m.Run())
}
