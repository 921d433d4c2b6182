package app

import (
	"context"
	"fmt"
	"time"

	"waymark/access"
	"waymark/library"
)

type tokenCommand struct {
	Add    tokenAdd    `cmd:"" help:"Make a token and print its secret, once."`
	List   tokenList   `cmd:"" default:"1" help:"List the tokens (the default)."`
	Remove tokenRemove `cmd:"" help:"Make a token worthless."`
}

type tokenAdd struct {
	Address string   `arg:"" help:"Of the person on whose behalf the program comes."`
	Name    string   `arg:"" help:"What the token is for."`
	Scope   []string `help:"What it may do: read, submit, edit or govern." default:"read"`
	Days    int      `help:"Days until it expires, at most 366." default:"90"`
}

// Run prints the secret alone to the output, so that it can be piped on.
func (c *tokenAdd) Run(ctx context.Context, cfg *Config, s streams) error {
	return cfg.withPerson(ctx, c.Address, func(p *access.Porter, person access.Person) error {
		var scopes []access.Scope
		for _, x := range c.Scope {
			scopes = append(scopes, access.Scope(x))
		}
		secret, token, err := p.AddToken(ctx, person, c.Name, scopes, time.Duration(c.Days)*24*time.Hour)
		if err != nil {
			return err
		}
		fmt.Fprintf(s.err, "The token %s of %s expires on %s. Its secret is not shown again:\n", token.ID, person.Address, token.Expires.Format(time.DateOnly))
		fmt.Fprintln(s.out, secret)
		return nil
	})
}

type tokenList struct{}

// Run lists the tokens by their persons.
func (tokenList) Run(ctx context.Context, cfg *Config, s streams) error {
	return eachToken(ctx, cfg, func(_ *access.Porter, person access.Person, t access.Token) error {
		used := "never used"
		if !t.Used.IsZero() {
			used = "last used on " + t.Used.Format(time.DateOnly)
		}
		fmt.Fprintf(s.out, "%s %s %v %q expires on %s, %s\n", t.ID, person.Address, t.Scopes, t.Name, t.Expires.Format(time.DateOnly), used)
		return nil
	})
}

func eachToken(ctx context.Context, cfg *Config, do func(*access.Porter, access.Person, access.Token) error) error {
	return cfg.atDoor(ctx, func(p *access.Porter, _ *house) error {
		people, err := p.Kept.People.Persons(ctx, "", 0)
		if err != nil {
			return err
		}
		for _, person := range people {
			tokens, err := p.Kept.Tokens.Tokens(ctx, person.ID)
			if err != nil {
				return err
			}
			for _, t := range tokens {
				if err := do(p, person, t); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

type tokenRemove struct {
	ID library.ID `arg:"" help:"Of the token, as list gives it."`
}

// Run removes a token, whoever's it is.
func (c *tokenRemove) Run(ctx context.Context, cfg *Config, s streams) error {
	found := false
	err := eachToken(ctx, cfg, func(p *access.Porter, person access.Person, t access.Token) error {
		if t.ID != c.ID {
			return nil
		}
		found = true
		return p.Kept.Tokens.RemoveToken(ctx, person.ID, t.ID)
	})
	if err != nil {
		return err
	}
	if !found {
		return library.Errorf(library.NotFound, "there is no token %s: see waymark token list", c.ID)
	}
	fmt.Fprintln(s.out, "The token is worth nothing any more.")
	return nil
}
