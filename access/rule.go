package access

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"time"

	"waymark/library"
)

// Rule gives audiences to whoever it fits: everyone with an address in a
// domain, in a group of an identity provider, or one person.
type Rule struct {
	ID        library.ID // empty for a rule of the settings
	Domain    string     // "iom.int": exactly this one, none below it
	Provider  string     // of the group, by its name; empty for any
	Group     string     // as the provider writes it
	Address   string     // of one person
	Audiences []library.Audience
}

// Membership is a group that a provider said a person belongs to.
type Membership struct{ Provider, Group string }

// Identity is what is verified of a person.
type Identity struct {
	Address string
	Groups  []Membership
}

// Tidy checks a rule and gives it in its one form. It answers Invalid for one
// that fits nobody or more than one kind of thing, or gives nothing.
func (r Rule) Tidy() (Rule, error) {
	var err error
	r.Group, r.Provider = strings.TrimSpace(r.Group), strings.TrimSpace(r.Provider)
	given := 0
	for _, s := range []string{r.Domain, r.Group, r.Address} {
		if strings.TrimSpace(s) != "" {
			given++
		}
	}
	switch {
	case given != 1:
		return r, badRule("name one of a domain, a group and a person")
	case r.Provider != "" && r.Group == "":
		return r, badRule("a provider is named beside a group")
	case len(r.Audiences) == 0:
		return r, badRule("name an audience that the rule gives")
	case r.Domain != "":
		r.Domain, err = Domain(strings.TrimPrefix(r.Domain, "@"))
	case r.Address != "":
		r.Address, err = Address(r.Address)
	}
	return r, err
}

func badRule(why string) error {
	return &library.Error{Kind: library.Invalid, Field: "rule", Err: fmt.Errorf("a rule must %s", why)}
}

// Fits tells whether the rule is about this identity.
func (r Rule) Fits(who Identity) bool {
	switch {
	case r.Domain != "":
		_, domain, _ := strings.Cut(who.Address, "@")
		return domain == r.Domain
	case r.Address != "":
		return who.Address == r.Address
	case r.Group != "":
		return slices.ContainsFunc(who.Groups, func(m Membership) bool {
			return m.Group == r.Group && (r.Provider == "" || m.Provider == r.Provider)
		})
	}
	return false
}

// audiences gives what the rules give an identity, with its own, in order.
func audiences(rules []Rule, who Identity, own []library.Audience) []library.Audience {
	list := slices.Clone(own)
	for _, r := range rules {
		if r.Fits(who) {
			list = append(list, r.Audiences...)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// groupsLast is how long a group is believed after a provider named it: a
// token must not keep what its person has lost for ever.
const groupsLast = 30 * 24 * time.Hour

// identity gives what is verified of a person. Their address was verified when
// they came by a link or a provider, or by the administrator who added them.
func (p *Porter) identity(ctx context.Context, person Person) (Identity, error) {
	who := Identity{Address: person.Address}
	known, err := p.Kept.Identities.KnownOf(ctx, person.ID)
	for _, k := range known {
		if p.Now().Sub(k.At) > groupsLast {
			continue
		}
		for _, provider := range p.Providers {
			if provider.Issuer != k.Provider {
				continue
			}
			for _, g := range k.Groups {
				who.Groups = append(who.Groups, Membership{provider.Name, g})
			}
		}
	}
	return who, err
}

// AddRule keeps a rule, which holds from the next request on.
func (p *Porter) AddRule(ctx context.Context, by library.Viewer, r Rule) error {
	if err := permit(by, ""); err != nil {
		return err
	}
	r, err := r.Tidy()
	if err != nil {
		return err
	}
	if r.ID, err = library.NewID(p.Now(), rand.Reader); err != nil {
		return err
	}
	if err = p.Kept.Rules.AddRule(ctx, r); err == nil {
		Note("add the rule "+string(r.ID), by, "")
	}
	return err
}
