package guide

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/BurntSushi/toml"

	"waymark/library"
)

// Draft is a guide as a folder or document has it, before it is compared with
// what the library holds.
type Draft struct {
	Slug      string            `toml:"slug"`
	Type      library.GuideType `toml:"type"`
	Titles    library.Text      `toml:"titles"`
	Leads     library.Text      `toml:"leads"`
	Owner     string            `toml:"owner"`
	Languages []string          `toml:"languages"`
	Audience  library.Audience  `toml:"audience"`
	Licence   string            `toml:"licence"`
	Example   bool              `toml:"example"`
	Base      string            `toml:"base"` // slug of the guide that it adapts
	Place     string            `toml:"place"`
	Params    []DraftParameter  `toml:"parameters"`
	Values    []DraftValue      `toml:"values"`

	Pages []*DraftPage `toml:"-"`
}

// DraftParameter is a parameter as guide.toml has it.
type DraftParameter struct {
	Key      string       `toml:"key"`
	Labels   library.Text `toml:"labels"`
	Required bool         `toml:"required"`
	Default  string       `toml:"default"`
}

// DraftValue is the value of a parameter as guide.toml has it.
type DraftValue struct {
	Key    string `toml:"key"`
	Value  string `toml:"value"`
	Source string `toml:"source"`
	From   string `toml:"from"`
	To     string `toml:"to"`
}

// DraftPage is an entry with its sections.
type DraftPage struct {
	Slug     string           `toml:"-"`
	Parent   string           `toml:"-"` // slug
	Order    int              `toml:"-"`
	Titles   library.Text     `toml:"-"`
	Audience library.Audience `toml:"audience"`
	Owner    string           `toml:"owner"`
	Keywords []string         `toml:"keywords"`
	Reviewer string           `toml:"reviewed_by"`
	Due      string           `toml:"due"` // day of the next review, or "+300d" from today
	Sections []*DraftSection  `toml:"-"`
}

// DraftSection is a section with what its heading says about it.
type DraftSection struct {
	Name  string // within its entry
	Texts map[string]library.Writing
	Attrs map[string]string // class, summary, kind, force, audience, decision, reason, …
	Where string            // file and line
}

const maxDraft = 8 << 20 // bytes of one file

// ReadFolder reads a guide from Markdown files: guide.toml says what it is; each
// folder is a chapter and each file an entry, named NN-slug.md in the language
// of the guide and NN-slug.fr.md in another; a folder's own text is its index.md.
// In a file, "# " begins the title and "## " a section, with {#name key=value}
// behind its heading. Errors name the file and line.
func ReadFolder(folder fs.FS) (*Draft, error) {
	d := &Draft{}
	data, err := fs.ReadFile(folder, "guide.toml")
	if err != nil {
		return nil, fmt.Errorf("read what the guide is: %w", err)
	}
	meta, err := toml.Decode(string(data), d)
	if err != nil {
		return nil, fmt.Errorf("guide.toml: %w", err)
	}
	if left := meta.Undecoded(); len(left) > 0 {
		return nil, refused("guide.toml", "guide.toml: there is no setting %q", left[0])
	}
	if err := d.checked(); err != nil {
		return nil, err
	}
	return d, d.folder(folder, ".", "", 0)
}

func (d *Draft) checked() error {
	switch {
	case !IsSlug(d.Slug):
		return refused("slug", "the slug %q is no part of an address: small letters, digits and hyphens", d.Slug)
	case len(d.Languages) == 0:
		return refused("languages", "say in which languages the guide is, its own first")
	case d.Titles[d.Languages[0]] == "":
		return refused("titles", "the guide has no title in %q", d.Languages[0])
	case !slices.Contains([]library.GuideType{library.Handbook, library.Manual, library.SOP, library.Toolkit, library.Policy}, d.Type):
		return refused("type", "%q is no type of guide: handbook, manual, sop, toolkit or policy", d.Type)
	}
	return nil
}

var numbered = regexp.MustCompile(`^(\d+)[-_. ]+(.+)$`)

// placed takes a name apart: "20-first-contact" is first-contact, the 20th.
func placed(name string) (slug string, order int) {
	if m := numbered.FindStringSubmatch(name); m != nil {
		order, _ = strconv.Atoi(m[1]) // digits by the expression; a very long number is 0
		name = m[2]
	}
	return Slug(name), order
}

func (d *Draft) folder(folder fs.FS, dir, parent string, depth int) error {
	files, err := fs.ReadDir(folder, dir)
	if err != nil {
		return fmt.Errorf("read the folder %s: %w", dir, err)
	}
	if depth > maxChain {
		return refused("folder", "%s lies more than %d folders deep", dir, maxChain)
	}
	// The language of the guide first, so that translations find their sections.
	slices.SortStableFunc(files, func(a, b fs.DirEntry) int { return strings.Count(a.Name(), ".") - strings.Count(b.Name(), ".") })
	for _, f := range files {
		name := path.Join(dir, f.Name())
		switch {
		case f.IsDir():
			slug, order := placed(f.Name())
			d.page(slug, parent, order)
			if err := d.folder(folder, name, slug, depth+1); err != nil {
				return err
			}
		case strings.HasSuffix(f.Name(), ".md"):
			if err := d.file(folder, name, parent); err != nil {
				return err
			}
		}
	}
	return nil
}

func (d *Draft) file(folder fs.FS, name, parent string) error {
	f, err := folder.Open(name)
	if err != nil {
		return fmt.Errorf("open %s: %w", name, err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxDraft))
	if err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	stem, lang := strings.TrimSuffix(path.Base(name), ".md"), d.Languages[0]
	if head, tag, ok := strings.Cut(stem, "."); ok {
		stem, lang = head, tag
	}
	if !slices.Contains(d.Languages, lang) {
		return refused("languages", "%s: the guide is not said to be in %q", name, lang)
	}
	slug, order := placed(stem)
	if stem == "index" {
		slug, order = parent, -1
		if parent == "" {
			return refused("folder", "%s: the text of a guide stands in its entries", name)
		}
	}
	return d.page(slug, parent, order).text(name, string(data), lang, lang == d.Languages[0])
}

// page gives the page of a slug, a new one when there is none yet.
func (d *Draft) page(slug, parent string, order int) *DraftPage {
	for _, p := range d.Pages {
		if p.Slug == slug {
			return p
		}
	}
	p := &DraftPage{Slug: slug, Parent: parent, Order: order, Titles: library.Text{}}
	d.Pages = append(d.Pages, p)
	return p
}

var sectionLine = regexp.MustCompile(`^##[ \t]+(.*?)[ \t]*(?:\{([^{}]*)\})?[ \t]*$`)

// head reads what stands before the text of a file between lines of "+++", and
// gives the text and the number of its first line.
func (p *DraftPage) head(name, text string) (string, int, error) {
	text = strings.ReplaceAll(strings.TrimPrefix(text, "\ufeff"), "\r\n", "\n")
	front, rest, ok := strings.Cut(strings.TrimPrefix(text, "+++\n"), "\n+++\n")
	if !ok || !strings.HasPrefix(text, "+++\n") {
		return text, 1, nil
	}
	if _, err := toml.Decode(front, p); err != nil {
		return "", 0, fmt.Errorf("%s: %w", name, err)
	}
	return rest, 1 + strings.Count(text, "\n") - strings.Count(rest, "\n"), nil
}

// text reads a file of an entry in one language.
func (p *DraftPage) text(name, text, lang string, own bool) error {
	text, line, err := p.head(name, text)
	if err != nil {
		return err
	}
	var at *DraftSection
	var body strings.Builder
	count, fenced := 0, false
	end := func() {
		if at != nil {
			w := at.Texts[lang]
			w.Body = strings.TrimSpace(body.String())
			at.Texts[lang] = w
		}
		body.Reset()
	}
	for l := range strings.SplitSeq(text, "\n") {
		if strings.HasPrefix(l, "```") {
			fenced = !fenced
		}
		title, isTitle := strings.CutPrefix(l, "# ")
		m := sectionLine.FindStringSubmatch(l)
		switch {
		case fenced || m == nil && !isTitle:
			if at == nil && strings.TrimSpace(l) != "" {
				at = p.section("about", count, own, fmt.Sprintf("%s:%d", name, line), lang, p.Titles[lang])
				count++
			}
			body.WriteString(l + "\n")
		case isTitle:
			p.Titles[lang] = strings.TrimSpace(title)
		default:
			end()
			where := fmt.Sprintf("%s:%d", name, line)
			attrs, err := attributes(m[2])
			if err != nil {
				return fmt.Errorf("%s: %w", where, err)
			}
			key := attrs["#"]
			if key == "" {
				key = Slug(m[1])
			}
			if key == "" && own {
				key = "section-" + strconv.Itoa(count+1)
			}
			if at = p.section(key, count, own || attrs["#"] != "", where, lang, m[1]); at == nil {
				return refused("section", "%s: the section has no counterpart in the language of the guide: give it the name of one, {#name}", where)
			}
			for k, v := range attrs {
				at.Attrs[k] = v
			}
			count++
		}
		line++
	}
	end()
	return nil
}

// section gives the section of a name; in a translation without names the one
// at the same place.
func (p *DraftPage) section(name string, place int, named bool, where, lang, heading string) *DraftSection {
	var s *DraftSection
	for _, other := range p.Sections {
		if other.Name == name {
			s = other
		}
	}
	switch {
	case s != nil:
	case named:
		s = &DraftSection{Name: name, Texts: map[string]library.Writing{}, Attrs: map[string]string{}, Where: where}
		p.Sections = append(p.Sections, s)
	case place < len(p.Sections):
		s = p.Sections[place]
	default:
		return nil
	}
	s.Texts[lang] = library.Writing{Heading: heading}
	return s
}

var attribute = regexp.MustCompile(`^\s*(?:#([a-z0-9-]+)|([a-z]+)=(?:"([^"]*)"|([^\s"]+)))`)

// attributes reads what stands in the braces behind a heading.
func attributes(s string) (map[string]string, error) {
	attrs := map[string]string{}
	for strings.TrimSpace(s) != "" {
		m := attribute.FindStringSubmatch(s)
		if m == nil {
			return nil, refused("section", "cannot read {%s}: write {#name key=value key=\"several words\"}", strings.TrimSpace(s))
		}
		s = s[len(m[0]):]
		if m[1] != "" {
			attrs["#"] = m[1]
			continue
		}
		if !slices.Contains(known, m[2]) {
			return nil, refused("section", "a section has no %q", m[2])
		}
		attrs[m[2]] = m[3] + m[4]
	}
	return attrs, nil
}

// known are the keys that may stand behind a heading.
var known = []string{"kind", "force", "audience", "class", "summary", "decision", "reason", "authority", "legal", "expires", "ended", "to", "live"}

// Slug makes a word of an address from a name: letters without marks, digits
// and hyphens; of names in other scripts nothing is left.
func Slug(name string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
		if b.Len() >= 60 {
			break
		}
	}
	return strings.Trim(b.String(), "-")
}

// errNoHeadings says that a document has nothing to make entries from.
var errNoHeadings = errors.New("the document has no headings to make entries and sections from")
