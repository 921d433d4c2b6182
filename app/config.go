package app

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
	"github.com/alecthomas/kong"
)

// Config is what can be set: by a flag, else by a variable WAYMARK_…, else in
// the file waymark.toml of the working folder, else its default.
type Config struct {
	Data             string `help:"Folder that holds the library; made on first use." default:"waymark-data" env:"WAYMARK_DATA" placeholder:"DIR"`
	Files            string `help:"Where files are kept, if not in the library's folder: disk:FOLDER, or s3://HOST/BUCKET/PREFIX with the key in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY." env:"WAYMARK_FILES" placeholder:"ADDRESS"`
	Listen           string `help:"Address that serve listens on." default:"localhost:8080" env:"WAYMARK_LISTEN" placeholder:"HOST:PORT"`
	PrivateAddresses bool   `help:"Also ask hosts in private networks, when links are checked and sources harvested." env:"WAYMARK_PRIVATE_ADDRESSES"`

	OCR bool `name:"ocr" help:"Read the text of scans from their pictures, with tesseract where it is installed." env:"WAYMARK_OCR"`

	Chromium string `help:"Chromium that prints the editions of guides as PDF; one in the PATH without it, off for none." env:"WAYMARK_CHROMIUM" placeholder:"PROGRAM"`

	Usage string `help:"Who is told how often records are viewed and downloaded: curators, public for readers too, off to count nothing." default:"curators" enum:"off,curators,public" env:"WAYMARK_USAGE"`

	DOIPrefix string `name:"doi-prefix" help:"Prefix of the DOIs that the library may give, for waymark doi." env:"WAYMARK_DOI_PREFIX" placeholder:"10.12345"`

	URL string `help:"Public address of the library, for lasting addresses; without it the address of each request is taken." env:"WAYMARK_URL" placeholder:"https://…"`

	Hub         string `help:"WebSub hub that tells followers of feeds what is new: feeds name it." env:"WAYMARK_HUB" placeholder:"ADDRESS"`
	Email       string `help:"Where those who harvest the library reach those who run it." env:"WAYMARK_EMAIL" placeholder:"ADDRESS"`
	LibraryName string `help:"Name of the library, until administrators give it one at the desk." env:"WAYMARK_LIBRARY_NAME" placeholder:"NAME"`

	KeepSignIns   int `help:"Days for which sign-ins stay in the audit." default:"90" env:"WAYMARK_KEEP_SIGN_INS" placeholder:"DAYS"`
	KeepAddresses int `help:"Days for which the audit keeps from which address something was done; 0 keeps none." default:"0" env:"WAYMARK_KEEP_ADDRESSES" placeholder:"DAYS"`

	SMTP        string `name:"smtp" help:"Mail server that sends links to sign in, and letters to those who follow a search: smtp://USER@HOST:587, or smtps:// for TLS at once; its password in WAYMARK_SMTP_PASSWORD, or in a file that WAYMARK_SMTP_PASSWORD_FILE names." env:"WAYMARK_SMTP" placeholder:"ADDRESS"`
	MailFrom    string `help:"Sender of those letters." env:"WAYMARK_MAIL_FROM" placeholder:"ADDRESS"`
	Submissions string `help:"Who hands records in: contributors, or anyone, also without an account. They wait for a curator either way." enum:"contributors,anyone" default:"contributors" env:"WAYMARK_SUBMISSIONS"`
	Proxies     string `help:"Networks of the reverse proxies before the library, as 10.0.0.0/8, which are believed about where a request comes from." env:"WAYMARK_PROXIES" placeholder:"NETWORKS"`

	SignIn signInTables `kong:"-"` // tables of the settings file
}

// storePath is the database in the library's folder.
func (c Config) storePath() string { return filepath.Join(c.Data, "library.db") }

// indexPath is the folder of the search index.
func (c Config) indexPath() string { return filepath.Join(c.Data, "index") }

// cachePath is the folder of what this machine has worked out, for this machine.
func (c Config) cachePath() string { return filepath.Join(c.Data, "cache") }

// vocabularyPath is the folder in which a librarian's own vocabularies lie.
func (c Config) vocabularyPath() string { return filepath.Join(c.Data, "vocabulary") }

// settingsName is the file of settings in the working folder.
const settingsName = "waymark.toml"

// settings reads waymark.toml for kong: each key is the name of a flag, or of
// a table.
type settings struct {
	values map[string]any // nil until the file is read
	config *Config        // takes the tables
}

// read reads the file the first time that it is asked for.
func (s *settings) read() error {
	if s.values != nil {
		return nil
	}
	s.values = map[string]any{}
	_, err := toml.DecodeFile(settingsName, &s.values)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("read %s: %w", settingsName, err)
	}
	s.config.SignIn, err = readSignIn(settingsName)
	return err
}

// Validate refuses a key that is no setting, so that a misspelt one is not
// passed over. Kong asks for the values before.
func (s *settings) Validate(app *kong.Application) error {
	if err := s.read(); err != nil {
		return err
	}
	var known []string
	for _, f := range settable(app.Flags) {
		known = append(known, f.Name)
	}
	for key := range s.values {
		if slices.Contains(signInKeys(), key) {
			continue
		}
		if !slices.Contains(known, key) {
			return fmt.Errorf("%s: there is no setting %q: choose from %s", settingsName, key, strings.Join(known, ", "))
		}
	}
	return nil
}

// Resolve gives the file's value of a flag, unless a variable gives one.
func (s *settings) Resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	if variable(flag) != "" {
		return nil, nil
	}
	if err := s.read(); err != nil {
		return nil, err
	}
	return s.values[flag.Name], nil
}

// settable gives the flags that are settings: those with a variable.
func settable(flags []*kong.Flag) []*kong.Flag {
	return slices.DeleteFunc(slices.Clone(flags), func(f *kong.Flag) bool { return len(f.Envs) == 0 })
}

// variable gives the name of the environment variable that sets the flag, if
// one is set.
func variable(f *kong.Flag) string {
	for _, name := range f.Envs {
		if _, ok := os.LookupEnv(name); ok {
			return name
		}
	}
	return ""
}

type configCommand struct{}

// Run prints each setting, its value and where the value comes from.
func (configCommand) Run(s streams, command *kong.Context, file *settings) error {
	for _, f := range settable(command.Model.Flags) {
		from := "default"
		switch {
		case slices.ContainsFunc(command.Path, func(p *kong.Path) bool { return p.Flag == f && !p.Resolved }):
			from = "flag"
		case variable(f) != "":
			from = variable(f)
		case file.values[f.Name] != nil:
			from = settingsName
		}
		fmt.Fprintf(s.out, "%-17s %-24s from %s\n", f.Name, fmt.Sprintf("%q", fmt.Sprint(command.FlagValue(f))), from)
	}
	for _, p := range file.config.SignIn.Providers {
		fmt.Fprintf(s.out, "%-17s %-24q from %s\n", "provider", p.Name, settingsName)
	}
	for _, r := range file.config.SignIn.Rules {
		fmt.Fprintf(s.out, "%-17s %-24q from %s\n", "rule", cmp.Or(r.Domain, r.Group, r.Person), settingsName)
	}
	return nil
}
