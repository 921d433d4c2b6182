// Package locale is the reader's language: which one, its messages with
// plurals, its numbers, dates and lists, and its direction.
package locale

import (
	"embed"
	"fmt"
	"io/fs"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/BurntSushi/toml"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"waymark/library"
)

//go:embed messages/*.toml
var messages embed.FS

// Tags gives the BCP 47 tags of the interface languages, the six of the
// United Nations, in the order in which a reader meets them.
func Tags() []string { return []string{"ar", "zh", "en", "fr", "ru", "es"} }

// Default is the language of a reader who asks for none of ours.
const Default = "en"

// Catalog holds the messages of all languages.
type Catalog struct {
	languages map[string]*Language
	matcher   language.Matcher
	tags      []string // in the matcher's order
}

// Language writes in one language. It is a value of a page, never of a
// template: two readers' pages never share one by accident.
type Language struct {
	Tag       string // BCP 47
	Own       string // its own name
	Dir       string // "ltr" or "rtl"
	localizer *i18n.Localizer
	printer   *message.Printer
	collator  sync.Pool // of *collate.Collator, which serves one at a time
	own       atomic.Pointer[map[string]string]
}

// Load reads the embedded message catalogs.
func Load() (*Catalog, error) {
	bundle := i18n.NewBundle(language.English)
	bundle.RegisterUnmarshalFunc("toml", toml.Unmarshal)
	files, err := fs.Glob(messages, "messages/*.toml")
	if err != nil {
		return nil, fmt.Errorf("list the messages: %w", err)
	}
	for _, name := range files {
		if _, err := bundle.LoadMessageFileFS(messages, name); err != nil {
			return nil, fmt.Errorf("read the messages %s: %w", name, err)
		}
	}
	c := &Catalog{languages: map[string]*Language{}}
	c.tags = append([]string{Default}, Tags()...) // the first is the matcher's fallback
	var tags []language.Tag
	for _, tag := range c.tags {
		tags = append(tags, language.Make(tag))
		// Western digits in Arabic too: years and document symbols are
		// written with them, and one page should not mix two kinds.
		l := &Language{Tag: tag, Dir: "ltr", localizer: i18n.NewLocalizer(bundle, tag),
			printer: message.NewPrinter(language.Make(tag + "-u-nu-latn"))}
		l.collator.New = func() any { return collate.New(language.Make(tag), collate.Numeric) }
		if tag == "ar" {
			l.Dir = "rtl"
		}
		l.Own = l.T("language.own")
		c.languages[tag] = l
	}
	c.matcher = language.NewMatcher(tags)
	return c, nil
}

// Language gives an interface language by its tag.
func (c *Catalog) Language(tag string) (*Language, bool) {
	l, ok := c.languages[tag]
	return l, ok
}

// All gives the interface languages in the order of Tags.
func (c *Catalog) All() []*Language {
	var all []*Language
	for _, tag := range Tags() {
		all = append(all, c.languages[tag])
	}
	return all
}

// Negotiate picks the language of a reader by the Accept-Language header of
// the request (RFC 9110, section 12.5.4).
func (c *Catalog) Negotiate(accept string) *Language {
	want, _, err := language.ParseAcceptLanguage(accept)
	if err != nil {
		return c.languages[Default]
	}
	_, i, confidence := c.matcher.Match(want...)
	if confidence == language.No {
		return c.languages[Default]
	}
	return c.languages[c.tags[i]]
}

// T gives a message; args are names and values in turn for its placeholders.
// A message that is missing shows as its key, which a test does not let pass.
func (l *Language) T(key string, args ...any) string {
	if own := l.own.Load(); own != nil && (*own)[key] != "" {
		return (*own)[key]
	}
	return l.localize(&i18n.LocalizeConfig{MessageID: key, TemplateData: pairs(args)})
}

// N gives a message in the plural form for n, which it may name as {{.Count}}.
func (l *Language) N(key string, n int, args ...any) string {
	return l.localize(&i18n.LocalizeConfig{MessageID: key, PluralCount: n,
		TemplateData: pairs(append(args, "Count", l.Number(n)))})
}

func (l *Language) localize(c *i18n.LocalizeConfig) string {
	s, err := l.localizer.Localize(c)
	if err != nil && s == "" {
		return c.MessageID
	}
	return s
}

func pairs(args []any) map[string]any {
	data := make(map[string]any, len(args)/2)
	for i := 0; i+1 < len(args); i += 2 {
		data[fmt.Sprint(args[i])] = args[i+1]
	}
	return data
}

// Compare orders two names by the rules of the language (UTS #10).
func (l *Language) Compare(a, b string) int {
	c := l.collator.Get().(*collate.Collator)
	defer l.collator.Put(c)
	return c.CompareString(a, b)
}

// Number writes a whole number with the language's separators.
func (l *Language) Number(n int) string { return l.printer.Sprintf("%d", n) }

// Decimal writes a number with that many decimals, by the language's signs.
func (l *Language) Decimal(v float64, decimals int) string {
	return l.printer.Sprintf("%.*f", decimals, v)
}

// Date writes a date as precisely as it is known.
func (l *Language) Date(d library.Date) string {
	s := string(d)
	if t, err := time.Parse(time.DateOnly, s); err == nil {
		return l.T("date.day", "Year", t.Year(), "Day", t.Day(), "Month", l.T(fmt.Sprintf("month.%d", t.Month())))
	}
	// Some languages inflect a month that has a day before it.
	if t, err := time.Parse("2006-01", s); err == nil {
		return l.T("date.month", "Year", t.Year(), "Month", l.T(fmt.Sprintf("month.alone.%d", t.Month())))
	}
	return s
}

// Day writes the day of a time in UTC.
func (l *Language) Day(t time.Time) string {
	return l.Date(library.Date(t.UTC().Format(time.DateOnly)))
}

// List joins names as the language does: with its comma.
func (l *Language) List(names []string) string {
	return strings.Join(names, l.T("list.separator"))
}

// Direction gives the direction of writing of any language: "rtl" or "ltr".
func Direction(tag string) string {
	base, _, _ := strings.Cut(tag, "-")
	switch base {
	case "ar", "fa", "he", "ps", "prs", "sd", "ug", "ur", "yi", "dv", "ckb":
		return "rtl"
	}
	return "ltr"
}
