package access

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/mail"
	"regexp"
	"strings"
	"time"
	"unicode"

	"golang.org/x/net/idna"

	"waymark/library"
)

// Person is one who may sign in.
type Person struct {
	ID        library.ID
	Version   int64  // counts changes, 0 for one who is not kept yet
	Address   string // of e-mail, as Address gives it
	Name      string
	Role      library.Role
	Audiences []library.Audience // beside those of the rules
	Topics    []string           // a curator's limits, see library.Viewer
	Countries []string
	Disabled  bool
	Password  string // its hash, empty for one without
	Created   time.Time
	SignedIn  time.Time // last, zero when never; Save leaves it as it is
}

// Called gives the name under which the person's edits stand.
func (p Person) Called() string {
	if p.Name != "" {
		return p.Name
	}
	return p.Address
}

// Address reads an address of e-mail and gives the one form in which it is
// compared: lower case, the domain in ASCII. It answers Invalid for what is
// none, and for letters before the @ that can be mistaken for others.
func Address(s string) (string, error) {
	a, err := mail.ParseAddress(strings.TrimSpace(s))
	if err != nil || a.Name != "" || len(s) > 254 {
		return "", notAddress(s)
	}
	local, domain, _ := strings.Cut(a.Address, "@")
	domain, err = Domain(domain)
	if err != nil || strings.ContainsFunc(local, func(r rune) bool { return r > unicode.MaxASCII || r <= ' ' || strings.ContainsRune(`"@,;<>()\`, r) }) {
		return "", notAddress(s)
	}
	return strings.ToLower(local) + "@" + domain, nil
}

func notAddress(s string) error {
	return &library.Error{Kind: library.Invalid, Field: "address", Err: fmt.Errorf("%q is no e-mail address", s)}
}

// Domain gives the one form of a domain: ASCII, lower case.
func Domain(s string) (string, error) {
	strict := idna.New(idna.MapForLookup(), idna.StrictDomainName(true), idna.VerifyDNSLength(true), idna.BidiRule())
	d, err := strict.ToASCII(strings.TrimSpace(s))
	if err != nil || !strings.Contains(d, ".") && d != "localhost" {
		return "", &library.Error{Kind: library.Invalid, Field: "domain", Err: fmt.Errorf("%q is no domain: write it as example.org", s)}
	}
	return strings.ToLower(d), nil
}

var audienceName = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// ParseAudiences reads names of audiences, separated by commas or spaces.
// Everyone belongs to the public, which need not be named.
func ParseAudiences(s string) ([]library.Audience, error) {
	var list []library.Audience
	for _, name := range Words(s) {
		if !audienceName.MatchString(name) || len(name) > 60 {
			return nil, &library.Error{Kind: library.Invalid, Field: "audience",
				Err: fmt.Errorf("%q is no name for an audience: use small letters, digits and hyphens", name)}
		}
		if library.Audience(name) != library.Public {
			list = append(list, library.Audience(name))
		}
	}
	return list, nil
}

// Words splits a list that a person wrote, at commas and spaces.
func Words(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == '،' || r == '，' || unicode.IsSpace(r) })
}

// Add keeps a new person.
func (p *Porter) Add(ctx context.Context, person Person) (Person, error) {
	var err error
	if person.Address, err = Address(person.Address); err != nil {
		return Person{}, err
	}
	person.Created, person.Version = p.Now(), 0
	if person.ID, err = library.NewID(p.Now(), rand.Reader); err != nil {
		return Person{}, err
	}
	if err := p.distinct(ctx, person); err != nil {
		return Person{}, err
	}
	saved, err := p.Kept.People.SavePerson(ctx, person)
	if library.KindOf(err) == library.Conflict {
		return Person{}, fmt.Errorf("there is somebody with the address %s already: %w", person.Address, err)
	}
	return saved, err
}

// distinct answers Invalid for a person who would be called what another is.
// Drafts, forms and files at the desk belong to whoever is called so.
func (p *Porter) distinct(ctx context.Context, person Person) error {
	others, err := p.Kept.People.Persons(ctx, "", 0)
	if err != nil {
		return fmt.Errorf("look for somebody of the same name: %w", err)
	}
	for _, other := range others {
		if other.ID != person.ID && other.Address != person.Address && strings.EqualFold(other.Called(), person.Called()) {
			return &library.Error{Kind: library.Invalid, Field: "name", Err: fmt.Errorf("somebody else is called %s already: add what tells them apart", person.Called())}
		}
	}
	return nil
}

// Find gives the person with an address as somebody wrote it.
func (p *Porter) Find(ctx context.Context, address string) (Person, error) {
	address, err := Address(address)
	if err != nil {
		return Person{}, err
	}
	return p.Kept.People.PersonAt(ctx, address)
}

// Local tells whether the library itself vouches for a person, so that a
// password or a passkey kept here lets them in. Others come by their identity
// provider, which would not know of a way around it.
func (p *Porter) Local(ctx context.Context, person Person) (bool, error) {
	known, err := p.Kept.Identities.KnownOf(ctx, person.ID)
	return len(known) == 0, err
}

// Disable keeps a person out or lets them in again. Who is kept out is out at
// once, everywhere.
func (p *Porter) Disable(ctx context.Context, person Person, disabled bool) (Person, error) {
	person.Disabled = disabled
	person, err := p.Kept.People.SavePerson(ctx, person)
	if err != nil || !disabled {
		return person, err
	}
	return person, p.Kept.Sessions.EndSessions(ctx, person.ID)
}

// SetPassword gives a person a password, or takes it away when it is empty,
// and ends their sessions.
func (p *Porter) SetPassword(ctx context.Context, person Person, password string) (Person, error) {
	var err error
	person.Password = ""
	if password != "" {
		if err = CheckPassword(password, person.Address); err != nil {
			return Person{}, err
		}
		if person.Password, err = p.hash(ctx, password); err != nil {
			return Person{}, err
		}
	}
	if person, err = p.Kept.People.SavePerson(ctx, person); err != nil {
		return Person{}, err
	}
	return person, p.Kept.Sessions.EndSessions(ctx, person.ID)
}
