package app

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/term"

	"waymark/access"
	"waymark/library"
)

type userCommand struct {
	Add      userAdd      `cmd:"" help:"Let somebody sign in."`
	List     userList     `cmd:"" default:"1" help:"List who may sign in (the default)."`
	Role     userRole     `cmd:"" help:"Say what somebody may do."`
	Password userPassword `cmd:"" help:"Give somebody a new password, which ends their sessions."`
	Link     userLink     `cmd:"" help:"Print a link that signs somebody in once, within 15 minutes."`
	Disable  userDisable  `cmd:"" help:"Keep somebody out, at once and everywhere."`
	Enable   userEnable   `cmd:"" help:"Let somebody in again."`
	Remove   userRemove   `cmd:"" help:"Forget somebody with all that lets them in; their edits keep their name."`
}

// atDoor opens the library for what concerns persons.
func (c *Config) atDoor(ctx context.Context, do func(*access.Porter, *house) error) (err error) {
	h, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer h.close(&err)
	return do(h.porter, h)
}

// withPerson is atDoor for one person who is there.
func (c *Config) withPerson(ctx context.Context, address string, do func(*access.Porter, access.Person) error) error {
	return c.atDoor(ctx, func(p *access.Porter, _ *house) error {
		person, err := p.Find(ctx, address)
		if library.KindOf(err) == library.NotFound {
			return library.Errorf(library.NotFound, "nobody with the address %s may sign in: see waymark user list", address)
		}
		if err != nil {
			return err
		}
		return do(p, person)
	})
}

// standing is what a person may see and do, as flags.
type standing struct {
	Audience []string `help:"Audiences they belong to beside those of the rules: staff, or a name of your own." placeholder:"NAME"`
	Topic    []string `help:"Limits a curator to topics." placeholder:"TOPIC"`
	Country  []string `help:"Limits a curator to countries." placeholder:"COUNTRY"`
}

// give sets what flags say of a person; names become codes.
func (s standing) give(h *house, p *access.Person) error {
	var err error
	if p.Audiences, err = access.ParseAudiences(strings.Join(s.Audience, ",")); err != nil {
		return err
	}
	p.Topics, p.Countries = nil, nil
	for _, name := range s.Topic {
		code, ok := h.vocabularies.Topics.Find(name)
		if !ok {
			return library.Errorf(library.Invalid, "there is no topic %q", name)
		}
		p.Topics = append(p.Topics, code.Code)
	}
	for _, name := range s.Country {
		code, ok := h.vocabularies.Countries.Find(name)
		if !ok {
			return library.Errorf(library.Invalid, "there is no country %q", name)
		}
		p.Countries = append(p.Countries, code.Code)
	}
	return nil
}

type userAdd struct {
	Address      string `arg:"" help:"Their e-mail address."`
	Name         string `help:"Their name, as it stands with their edits."`
	Role         string `help:"reader, contributor, curator or administrator." default:"reader"`
	PasswordFile string `help:"File whose first line is their password; - reads it from the input. Without one it is asked for at a terminal, or a link is printed." placeholder:"FILE"`
	standing     `embed:""`
}

// Run adds a person; one without a password gets a link.
func (c *userAdd) Run(ctx context.Context, cfg *Config, s streams) error {
	role, err := library.ParseRole(c.Role)
	if err != nil {
		return err
	}
	password, err := askPassword(s, c.PasswordFile)
	if err != nil {
		return err
	}
	return cfg.atDoor(ctx, func(p *access.Porter, h *house) error {
		person := access.Person{Address: c.Address, Name: c.Name, Role: role}
		if err := c.give(h, &person); err != nil {
			return err
		}
		if err := access.CheckPassword(password, person.Address); password != "" && err != nil {
			return err
		}
		if person, err = p.Add(ctx, person); err != nil {
			return err
		}
		if password != "" {
			if _, err = p.SetPassword(ctx, person, password); err != nil {
				return err
			}
			fmt.Fprintf(s.out, "%s may sign in as %s.\n", person.Address, person.Role)
			return nil
		}
		fmt.Fprintf(s.out, "%s may sign in as %s, once with this link, within 15 minutes (another: waymark user link %[1]s):\n", person.Address, person.Role)
		return printLink(ctx, cfg, s, p, person)
	})
}

// askPassword reads a password from a file, or from a person at a terminal.
func askPassword(s streams, file string) (string, error) {
	var read []byte
	var err error
	terminal, ok := s.in.(*os.File)
	switch {
	case file == "-":
		read, err = io.ReadAll(io.LimitReader(s.in, 4096))
	case file != "":
		read, err = os.ReadFile(file)
	case ok && term.IsTerminal(int(terminal.Fd())):
		fmt.Fprint(s.err, "Password (empty for a link to sign in once): ")
		read, err = term.ReadPassword(int(terminal.Fd()))
		fmt.Fprintln(s.err)
	}
	if err != nil {
		return "", fmt.Errorf("read the password: %w", err)
	}
	line, _, _ := strings.Cut(string(read), "\n")
	return strings.TrimSuffix(line, "\r"), nil
}

// printLink prints a link that signs a person in.
func printLink(ctx context.Context, cfg *Config, s streams, p *access.Porter, person access.Person) error {
	token, err := p.Link(ctx, person.Address, "")
	if err != nil {
		return err
	}
	base := strings.TrimSuffix(cfg.URL, "/")
	if base == "" {
		base = "http://" + cfg.Listen
	}
	fmt.Fprintf(s.out, "%s/%s/sign-in/link?key=%s\n", base, terminalLanguage, token)
	return nil
}

type userList struct{}

// Run lists the persons by address.
func (userList) Run(ctx context.Context, cfg *Config, s streams) error {
	return cfg.atDoor(ctx, func(p *access.Porter, _ *house) error {
		people, err := p.Kept.People.Persons(ctx, "", 0)
		if err != nil {
			return err
		}
		if len(people) == 0 {
			fmt.Fprintln(s.out, "Nobody may sign in yet. Add the first with: waymark user add ADDRESS --role administrator")
		}
		for _, x := range people {
			fmt.Fprintf(s.out, "%s (%s)", x.Address, x.Role)
			if x.Name != "" {
				fmt.Fprintf(s.out, " %s", x.Name)
			}
			if audiences, err := p.Audiences(ctx, x); err != nil {
				return err
			} else if len(audiences) > 0 {
				fmt.Fprintf(s.out, " sees %v", audiences)
			}
			if limits := append(x.Topics, x.Countries...); len(limits) > 0 {
				fmt.Fprintf(s.out, " only %v", limits)
			}
			if !x.SignedIn.IsZero() {
				fmt.Fprintf(s.out, ", came last on %s", x.SignedIn.Format(time.DateOnly))
			}
			if x.Disabled {
				fmt.Fprint(s.out, ", kept out")
			}
			fmt.Fprintln(s.out)
		}
		return nil
	})
}

type userRole struct {
	Address  string `arg:"" help:"Their e-mail address."`
	Role     string `arg:"" help:"reader, contributor, curator or administrator."`
	standing `embed:""`
}

// Run sets role, audiences and limits together.
func (c *userRole) Run(ctx context.Context, cfg *Config, s streams) error {
	role, err := library.ParseRole(c.Role)
	if err != nil {
		return err
	}
	return cfg.atDoor(ctx, func(p *access.Porter, h *house) error {
		person, err := p.Find(ctx, c.Address)
		if err != nil {
			return err
		}
		person.Role = role
		if err := c.give(h, &person); err != nil {
			return err
		}
		if _, err := p.Kept.People.SavePerson(ctx, person); err != nil {
			return err
		}
		fmt.Fprintf(s.out, "%s is %s.\n", person.Address, role)
		return nil
	})
}

type userPassword struct {
	Address      string `arg:"" help:"Their e-mail address."`
	PasswordFile string `help:"File whose first line is the password; - reads it from the input." placeholder:"FILE"`
}

// Run sets the password.
func (c *userPassword) Run(ctx context.Context, cfg *Config, s streams) error {
	password, err := askPassword(s, c.PasswordFile)
	if err != nil {
		return err
	}
	if password == "" {
		return library.Errorf(library.Invalid, "there is no password: give one with --password-file, or at a terminal")
	}
	return cfg.withPerson(ctx, c.Address, func(p *access.Porter, person access.Person) error {
		if _, err := p.SetPassword(ctx, person, password); err != nil {
			return err
		}
		fmt.Fprintf(s.out, "%s has a new password, and was signed out everywhere.\n", person.Address)
		return nil
	})
}

type userLink struct {
	Address string `arg:"" help:"Their e-mail address."`
}

// Run prints the link.
func (c *userLink) Run(ctx context.Context, cfg *Config, s streams) error {
	return cfg.withPerson(ctx, c.Address, func(p *access.Porter, person access.Person) error {
		return printLink(ctx, cfg, s, p, person)
	})
}

type userDisable struct {
	Address string `arg:"" help:"Their e-mail address."`
}

// Run keeps somebody out.
func (c *userDisable) Run(ctx context.Context, cfg *Config, s streams) error {
	return cfg.withPerson(ctx, c.Address, func(p *access.Porter, person access.Person) error {
		_, err := p.Disable(ctx, person, true)
		if err == nil {
			fmt.Fprintf(s.out, "%s is kept out.\n", person.Address)
		}
		return err
	})
}

type userEnable struct {
	Address string `arg:"" help:"Their e-mail address."`
}

// Run lets somebody in again.
func (c *userEnable) Run(ctx context.Context, cfg *Config, s streams) error {
	return cfg.withPerson(ctx, c.Address, func(p *access.Porter, person access.Person) error {
		_, err := p.Disable(ctx, person, false)
		if err == nil {
			fmt.Fprintf(s.out, "%s may sign in again.\n", person.Address)
		}
		return err
	})
}

type userRemove struct {
	Address string `arg:"" help:"Their e-mail address."`
}

// Run forgets somebody.
func (c *userRemove) Run(ctx context.Context, cfg *Config, s streams) error {
	return cfg.withPerson(ctx, c.Address, func(p *access.Porter, person access.Person) error {
		err := p.Kept.People.RemovePerson(ctx, person.ID)
		if err == nil {
			fmt.Fprintf(s.out, "%s is forgotten.\n", person.Address)
		}
		return err
	})
}
