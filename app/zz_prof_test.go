package app

import (
	"io"
	"os"
	"strings"
	"testing"

)

func TestZZImport(t *testing.T) {
	if os.Getenv("RIS") == "" {
		t.Skip()
	}
	if code := Main([]string{"import", "--data", t.TempDir(), os.Getenv("RIS")}, strings.NewReader(""), io.Discard, io.Discard); code > 1 {
		t.Fatal(code)
	}
}
