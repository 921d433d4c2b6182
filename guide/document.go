package guide

import (
	"cmp"
	"fmt"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"

	"waymark/library"
)

// block is a piece of a document: a heading of a level, or Markdown at level 0.
type block struct {
	level int
	text  string
}

// Document reads the entries and sections of a draft from an HTML or DOCX file
// by its headings: a single first heading is the title, the next level makes
// entries, the one below sections. The draft says what the guide is; a missing
// title is taken from the document.
func (d *Draft) Document(name string, file io.ReaderAt, size int64) error {
	if size > maxDocument {
		return refused("file", "%s has %d MB; at most %d MB are read", name, size>>20, maxDocument>>20)
	}
	var blocks []block
	var err error
	switch strings.ToLower(path.Ext(name)) {
	case ".html", ".htm", ".xhtml":
		blocks, err = htmlBlocks(io.NewSectionReader(file, 0, size))
	case ".docx":
		blocks, err = docxBlocks(file, size)
	default:
		return refused("file", "%s is neither HTML nor DOCX", name)
	}
	if err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	if err := d.outline(name, blocks); err != nil {
		return err
	}
	return d.checked()
}

const maxDocument = 64 << 20

// outline makes entries and sections of the blocks of a document.
func (d *Draft) outline(name string, blocks []block) error {
	lang := d.Languages[0]
	count := map[int]int{}
	var levels []int
	for _, b := range blocks {
		if b.level > 0 {
			if count[b.level]++; count[b.level] == 1 {
				levels = append(levels, b.level)
			}
		}
	}
	if len(levels) == 0 {
		return errNoHeadings
	}
	slices.Sort(levels)
	if count[levels[0]] == 1 && len(levels) > 1 {
		for i, b := range blocks {
			if b.level == levels[0] {
				if d.Titles[lang] == "" {
					d.Titles = library.Text{lang: b.text}
				}
				blocks = slices.Delete(slices.Clone(blocks), i, i+1)
				break
			}
		}
		levels = levels[1:]
	}
	if d.Titles[lang] == "" {
		d.Titles = library.Text{lang: strings.TrimSuffix(name, path.Ext(name))}
	}
	below := 0
	if len(levels) > 1 {
		below = levels[1]
	}
	d.sections(name, blocks, levels[0], below)
	return nil
}

// sections cuts blocks at the headings of two levels.
func (d *Draft) sections(name string, blocks []block, upper, below int) {
	lang := d.Languages[0]
	var page *DraftPage
	var at *DraftSection
	add := func(key, heading string) {
		base := cmp.Or(Slug(key), "section-"+strconv.Itoa(len(page.Sections)+1))
		name := base
		for n := 2; slices.ContainsFunc(page.Sections, func(s *DraftSection) bool { return s.Name == name }); n++ {
			name = base + "-" + strconv.Itoa(n)
		}
		at = &DraftSection{Name: name, Texts: map[string]library.Writing{lang: {Heading: heading}}, Attrs: map[string]string{}, Where: d.Slug}
		page.Sections = append(page.Sections, at)
	}
	for _, b := range blocks {
		switch {
		case b.level == upper || page == nil:
			title := b.text
			if b.level != upper {
				title = d.Titles[lang]
			}
			slug := cmp.Or(Slug(title), "entry-"+strconv.Itoa(len(d.Pages)+1))
			for base, n := slug, 2; slices.ContainsFunc(d.Pages, func(p *DraftPage) bool { return p.Slug == slug }); n++ {
				slug = base + "-" + strconv.Itoa(n)
			}
			page = &DraftPage{Slug: slug, Order: 10 * (len(d.Pages) + 1), Titles: library.Text{lang: title}}
			d.Pages = append(d.Pages, page)
			at = nil
			if b.level == upper {
				continue
			}
			fallthrough
		default:
			if b.level == below && below > 0 {
				add(b.text, b.text)
				continue
			}
			if at == nil {
				add("about", page.Titles[lang])
			}
			w := at.Texts[lang]
			text := b.text
			if b.level > 0 {
				text = "### " + text
			}
			w.Body = strings.TrimSpace(w.Body + separator(w.Body, text) + text)
			at.Texts[lang] = w
		}
	}
}

// separator keeps the items of a list and the rows of a table together.
func separator(before, after string) string {
	last := before[strings.LastIndexByte(before, '\n')+1:]
	if itemLine.MatchString(last) && itemLine.MatchString(after) || rowLine.MatchString(last) && rowLine.MatchString(after) {
		return "\n"
	}
	return "\n\n"
}

// Changed says of every section of the draft how heavy its change is.
func (d *Draft) Changed(class library.ChangeClass, summary string) {
	for _, p := range d.Pages {
		for _, s := range p.Sections {
			if class != "" {
				s.Attrs["class"] = string(class)
			}
			if summary != "" {
				s.Attrs["summary"] = summary
			}
		}
	}
}

// escapes keeps the signs of Markdown in running text what they are.
var escapes = strings.NewReplacer(`\`, `\\`, "*", `\*`, "_", `\_`, "`", "\\`", "[", `\[`, "]", `\]`, "<", `\<`, "|", `\|`)
