package app

import (
	"cmp"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/BurntSushi/toml"

	"waymark/access"
	"waymark/library"
	"waymark/mail"
)

// signInTables are the tables of the settings file that say who comes in how.
type signInTables struct {
	Providers []providerTable `toml:"provider"`
	Rules     []ruleTable     `toml:"rule"`
}

// providerTable is an identity provider. Its secret stands in a file, or in the
// variable WAYMARK_SECRET_ and its name in capitals.
type providerTable struct {
	Name       string
	Label      string
	Issuer     string
	Client     string
	SecretFile string `toml:"secret-file"`
	Scopes     []string
	Groups     string
	Domains    []string
}

// ruleTable gives audiences to everyone of a domain, of a provider's group, or
// to one person.
type ruleTable struct {
	Domain, Provider, Group, Person string
	Audiences                       []string
}

// signInKeys are the names of the tables.
func signInKeys() []string { return []string{"provider", "rule"} }

// readSignIn reads the tables; a key that none has is an error.
func readSignIn(name string) (signInTables, error) {
	var t signInTables
	meta, err := toml.DecodeFile(name, &t)
	if err != nil {
		return t, fmt.Errorf("read %s: %w", name, err)
	}
	for _, key := range meta.Undecoded() {
		if slices.Contains(signInKeys(), key[0]) {
			return t, fmt.Errorf("%s: a table [[%s]] has no %q", name, key[0], strings.Join(key[1:], "."))
		}
	}
	return t, nil
}

// rules gives the rules of the settings file.
func (t signInTables) rules() ([]access.Rule, error) {
	var rules []access.Rule
	for i, table := range t.Rules {
		audiences, err := access.ParseAudiences(strings.Join(table.Audiences, ","))
		if err == nil {
			var r access.Rule
			r, err = access.Rule{Domain: table.Domain, Provider: table.Provider, Group: table.Group, Address: table.Person, Audiences: audiences}.Tidy()
			rules = append(rules, r)
		}
		if err != nil {
			return nil, &library.Error{Kind: library.Invalid, Field: "rule", Err: fmt.Errorf("%s, rule %d: %w", settingsName, i+1, err)}
		}
	}
	return rules, nil
}

var providerName = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// providers gives the identity providers of the settings file.
func (c *Config) providers() ([]*access.Provider, error) {
	var list []*access.Provider
	for i, t := range c.SignIn.Providers {
		bad := func(format string, args ...any) error {
			return &library.Error{Kind: library.Invalid, Field: "provider", Err: fmt.Errorf("%s, provider %d: %w", settingsName, i+1, fmt.Errorf(format, args...))}
		}
		issuer, err := url.Parse(t.Issuer)
		switch {
		case !providerName.MatchString(t.Name) || slices.ContainsFunc(list, func(p *access.Provider) bool { return p.Name == t.Name }):
			return nil, bad("%q is no name, or another's: use small letters, digits and hyphens", t.Name)
		case err != nil || issuer.Host == "" || issuer.Scheme != "https" && !loopback(issuer.Hostname()):
			return nil, bad("the issuer %q is no https address", t.Issuer)
		case t.Client == "":
			return nil, bad("name the client that the provider knows this library by")
		}
		if err := c.needURL("identity providers"); err != nil {
			return nil, err
		}
		secret, err := secretOf("WAYMARK_SECRET_"+strings.ToUpper(strings.ReplaceAll(t.Name, "-", "_")), t.SecretFile)
		if err != nil {
			return nil, err
		}
		p := &access.Provider{Name: t.Name, Label: cmp.Or(t.Label, t.Name), Issuer: t.Issuer, Client: t.Client, Secret: secret,
			Scopes: t.Scopes, Groups: t.Groups, Redirect: strings.TrimSuffix(c.URL, "/") + "/sign-in/with/" + t.Name + "/back"}
		for _, d := range t.Domains {
			if d, err = access.Domain(d); err != nil {
				return nil, bad("%w", err)
			}
			p.Domains = append(p.Domains, d)
		}
		list = append(list, p)
	}
	return list, nil
}

// loopback tells whether a host is this machine.
func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// signIn gives the house its porter.
func (c *Config) signIn(h *house) error {
	rules, err := c.SignIn.rules()
	if err != nil {
		return err
	}
	h.journal = &access.Journal{Kept: h.store.Access(), Now: time.Now, SignIns: days(c.KeepSignIns), Addresses: days(c.KeepAddresses)}
	h.porter = access.Open(access.Witness(h.store.Access().Kept(), h.journal), rules)
	h.porter.Alike = h.vocabularies.Alike
	if h.porter.Providers, err = c.providers(); err != nil {
		return err
	}
	// Where browsers keep no passkeys there are other ways in.
	if keys, err := access.OpenKeys(cmp.Or(c.URL, "http://"+c.Listen)); err == nil {
		h.porter.Keys = keys
	}
	if c.SMTP != "" {
		if err := c.needURL("letters with links to sign in"); err != nil {
			return err
		}
		password, err := secretOf("WAYMARK_SMTP_PASSWORD", "")
		if err != nil {
			return err
		}
		if h.porter.Letters, err = mail.Open(c.SMTP, password, c.MailFrom); err != nil {
			return err
		}
	}
	for _, s := range access.Words(c.Proxies) {
		p, err := netip.ParsePrefix(s)
		if a, e := netip.ParseAddr(s); err != nil && e == nil {
			p, err = a.Prefix(a.BitLen())
		}
		if err != nil {
			return &library.Error{Kind: library.Invalid, Field: "proxies", Err: fmt.Errorf("%q is no network: write it as 10.0.0.0/8", s)}
		}
		h.proxies = append(h.proxies, p)
	}
	return nil
}

// needURL refuses what may not be built from the address that a request names,
// since whoever sends the request chooses that.
func (c *Config) needURL(what string) error {
	if !strings.HasPrefix(c.URL, "https://") && !strings.HasPrefix(c.URL, "http://") {
		return &library.Error{Kind: library.Invalid, Field: "url", Err: fmt.Errorf("%s need the public address of the library: set url", what)}
	}
	return nil
}

// secretOf reads a secret from a file, the one that the variable …_FILE names
// when none is given, or else from the variable itself.
func secretOf(variable, file string) (string, error) {
	if file == "" {
		file = os.Getenv(variable + "_FILE")
	}
	if file == "" {
		return os.Getenv(variable), nil
	}
	b, err := os.ReadFile(file)
	if err != nil {
		return "", fmt.Errorf("read the secret of %s: %w", variable, err)
	}
	return strings.TrimSpace(string(b)), nil
}
