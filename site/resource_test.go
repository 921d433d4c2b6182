package site

import (
	"testing"

	"waymark/library"
)

func TestRights(t *testing.T) {
	for statement, want := range map[string]link{
		"":                    {},
		"All rights reserved": {Label: "All rights reserved"},
		"https://creativecommons.org/licenses/by-nc/3.0/igo/": {Label: "CC BY-NC 3.0", URL: "https://creativecommons.org/licenses/by-nc/3.0/igo/"},
		"https://example.org/terms":                           {Label: "example.org", URL: "https://example.org/terms"},
		"javascript:alert(1)":                                 {Label: "javascript:alert(1)"},
	} {
		if got := rights(statement); got != want {
			t.Errorf("%q gives %+v", statement, got)
		}
	}
}

func TestVolume(t *testing.T) {
	for want, r := range map[string]library.Resource{"": {}, "3": {Volume: "3"}, "3(2)": {Volume: "3", Issue: "2"}, "(2)": {Issue: "2"}} {
		if got := volume(&r); got != want {
			t.Errorf("%+v gives %q, want %q", r, got, want)
		}
	}
}
