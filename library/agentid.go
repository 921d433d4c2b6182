package library

import (
	"fmt"
	"regexp"
	"strings"
)

// agentSchemes are the forms of the identifiers of persons and organisations.
var agentSchemes = map[string]*regexp.Regexp{
	"orcid":    regexp.MustCompile(`^\d{15}[\dX]$`),
	"isni":     regexp.MustCompile(`^\d{15}[\dX]$`),
	"ror":      regexp.MustCompile(`^0[a-hj-km-np-tv-z0-9]{6}\d{2}$`),
	"viaf":     regexp.MustCompile(`^\d{1,22}$`),
	"wikidata": regexp.MustCompile(`^Q\d{1,12}$`),
}

// AgentIdentifier reads an identifier of a person or an organisation, alone or
// as an address, into its plain form: ORCID and ISNI as 16 digits in groups of
// four (ISO 27729), whose check digit is verified (ISO 7064, MOD 11-2); ROR as
// the last part of its address. It answers Invalid for anything else.
func AgentIdentifier(scheme, value string) (Identifier, error) {
	scheme = strings.ToLower(strings.TrimSpace(scheme))
	form := agentSchemes[scheme]
	if form == nil {
		return Identifier{}, Errorf(Invalid, "%q is no scheme of persons and organisations: write orcid, isni, ror, viaf or wikidata", scheme)
	}
	plain := strings.TrimRight(strings.TrimSpace(value), "/")
	plain = plain[strings.LastIndex(plain, "/")+1:]
	switch scheme {
	case "orcid", "isni":
		plain = strings.ToUpper(strings.NewReplacer("-", "", " ", "").Replace(plain))
	case "ror":
		plain = strings.ToLower(plain)
	}
	if !form.MatchString(plain) {
		return Identifier{}, Errorf(Invalid, "%q is no %s", value, scheme)
	}
	if scheme == "orcid" || scheme == "isni" {
		if check(plain[:15]) != plain[15] {
			return Identifier{}, Errorf(Invalid, "%q is no %s: its last digit does not fit the others, so one is mistyped", value, scheme)
		}
		plain = fmt.Sprintf("%s-%s-%s-%s", plain[:4], plain[4:8], plain[8:12], plain[12:])
	}
	return Identifier{Scheme: scheme, Value: plain}, nil
}

// check gives the check digit of ISO 7064, MOD 11-2.
func check(digits string) byte {
	sum := 0
	for _, d := range digits {
		sum = (sum + int(d-'0')) * 2
	}
	switch n := (12 - sum%11) % 11; n {
	case 10:
		return 'X'
	default:
		return byte('0' + n)
	}
}

// Release takes out of the record what it has of another that it absorbed and
// had not before; what was changed since stays.
func (a *Agent) Release(other, before *Agent) {
	for _, f := range []struct {
		mine       *string
		theirs, is string
	}{{&a.Code, other.Code, before.Code}, {&a.Acronym, other.Acronym, before.Acronym}, {&a.Website, other.Website, before.Website}} {
		if *f.mine == f.theirs {
			*f.mine = f.is
		}
	}
	var theirs []string
	for _, name := range other.Names {
		theirs = append(theirs, name)
	}
	theirs = append(append(theirs, other.Acronym), other.Variants...)
	a.Variants = less(a.Variants, theirs, before.Variants)
	if len(a.Variants) == 0 {
		a.Variants = before.Variants
	}
	a.Names = empty(a.Names, other.Names, before.Names)
	a.Identifiers = less(a.Identifiers, other.Identifiers, before.Identifiers)
	if len(a.Identifiers) == 0 {
		a.Identifiers = before.Identifiers
	}
}
