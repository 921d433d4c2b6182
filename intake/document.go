package intake

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"waymark/analysis"
	"waymark/extract"
	"waymark/format"
	"waymark/library"
	"waymark/match"
)

// Files is where the files of the library are kept, under their SHA-256.
type Files interface {
	Put(ctx context.Context, r io.Reader) (digest string, size int64, err error)
	Open(ctx context.Context, digest string) (library.Blob, error)
	Derive(ctx context.Context, digest, name string, data io.Reader) error
	Remove(ctx context.Context, digest string) error
}

// Reader reads files; it answers *extract.Refused for one that cannot be read.
type Reader interface {
	Read(ctx context.Context, name string, file io.Reader, size int64, ask extract.Ask) (*extract.Document, error)
}

// Documents brings files into a library: each becomes a file of the resource
// whose work it is, or of a new one, and is read in the background.
type Documents struct {
	*Importer
	Files   Files
	Reader  Reader
	Publish bool // new resources are published at once and do not wait for a curator

	Audience library.Audience // of the files, when they are for fewer than everyone

	Recognise Recognise // reads scans; nil leaves them without text
}

// firstPages are read to learn what a file is.
const firstPages = 3

// Take brings in one file and reports what became of it. What cannot be read is
// refused with the reason in the report, and nothing of it is kept.
func (d *Documents) Take(ctx context.Context, name string, file library.Blob) (Report, error) {
	rep := Report{Source: name, Read: 1}
	size, err := file.Seek(0, io.SeekEnd)
	if err != nil {
		return rep, fmt.Errorf("read %s: %w", name, err)
	}
	first, err := d.read(ctx, name, file, size, extract.Ask{Pages: firstPages})
	refused, ok := errors.AsType[*extract.Refused](err)
	switch {
	case err != nil && !ok:
		return rep, fmt.Errorf("read %s: %w", name, err)
	case ok && (!first.Locked || first.Meta.Title == ""): // what is encrypted may still say what it is
		rep.Refused = append(rep.Refused, Note{Text: refused.Reason})
		return rep, nil
	}
	if d.DryRun {
		return rep, d.put(ctx, name, library.File{Size: size, Name: filepath.Base(name), Type: first.Type}, first, &rep)
	}
	digest, size, err := d.Files.Put(ctx, io.NewSectionReader(file, 0, size))
	if err != nil {
		return rep, fmt.Errorf("keep %s: %w", name, err)
	}
	return rep, d.put(ctx, name, library.File{Digest: digest, Size: size, Name: filepath.Base(name), Type: first.Type, Pages: first.Count}, first, &rep)
}

// read reads a file. A worker that dies may have been killed by somebody else:
// only a file that breaks two of them is refused for it.
func (d *Documents) read(ctx context.Context, name string, file io.ReaderAt, size int64, ask extract.Ask) (*extract.Document, error) {
	doc, err := d.Reader.Read(ctx, name, io.NewSectionReader(file, 0, size), size, ask)
	if refused, ok := errors.AsType[*extract.Refused](err); ok && refused.Broke {
		return d.Reader.Read(ctx, name, io.NewSectionReader(file, 0, size), size, ask)
	}
	return doc, err
}

// put plans and commits what a file changes, again when another writer came
// between.
func (d *Documents) put(ctx context.Context, name string, file library.File, first *extract.Document, rep *Report) error {
	draft := propose(name, first)
	for try := 1; ; try++ {
		p := d.newPlan(filepath.Base(name))
		seen, err := d.Store.Seq(ctx)
		if err != nil {
			return fmt.Errorf("take in %s: %w", name, err)
		}
		part := Report{}
		if err := d.document(ctx, &p, draft, file, &part); err != nil {
			return fmt.Errorf("take in %s: %w", name, err)
		}
		changes, err := p.changes()
		if err != nil {
			return fmt.Errorf("take in %s: %w", name, err)
		}
		if d.DryRun || len(changes) == 0 {
			rep.add(part)
			return nil
		}
		_, err = d.Store.Commit(ctx, library.Edit{At: d.Now(), Actor: d.Actor, Action: ActionImport, Note: name, Changes: changes,
			Tasks: []library.Task{{Kind: library.TaskRead, Subject: file.Digest}}, Seen: &seen})
		switch {
		case err == nil:
			rep.add(part)
			return nil
		case library.KindOf(err) != library.Conflict || try == tries:
			return fmt.Errorf("take in %s: %w", name, err)
		}
	}
}

// document decides whose file it is.
func (d *Documents) document(ctx context.Context, p *plan, draft format.Draft, file library.File, rep *Report) error {
	if file.Digest != "" {
		holders, err := d.having(ctx, file.Digest)
		if err != nil {
			return err
		}
		if len(holders) > 0 {
			rep.Known++
			return d.again(p, holders, file.Digest)
		}
	}
	if problem := check(draft); problem != "" {
		draft.Titles = library.Text{library.Undetermined: strings.TrimSuffix(file.Name, filepath.Ext(file.Name)) + " " + file.Type}
	}
	r, err := p.resource(ctx, draft, rep)
	if err != nil {
		return err
	}
	for i := range r.Sources[0].Stated {
		if s := &r.Sources[0].Stated[i]; s.Note == "" {
			s.Note = proposed
		}
	}
	if len(r.Languages) > 0 {
		file.Language = r.Languages[0]
	}
	r.Files = []library.File{file}
	if d.Audience != "" {
		r.Audience = d.Audience
	}
	if r.Status = library.Draft; d.Publish {
		r.Status = library.Published
	}
	others, err := p.near(ctx, r)
	if err != nil {
		return err
	}
	return d.place(ctx, p, r, standing(others), rep)
}

// place gives the file of r to the resource whose work it is, or takes r in.
func (d *Documents) place(ctx context.Context, p *plan, r *library.Resource, others []*library.Resource, rep *Report) error {
	title, _ := r.Original()
	same, why, err := p.holder(ctx, r, others)
	if err != nil {
		return err
	}
	if same != nil {
		file := r.Files[0]
		theirs, _ := same.Original()
		rep.Joined = append(rep.Joined, Pair{Title: title, Other: theirs, Reason: why})
		if d.Audience != same.Audience {
			file.Audience = d.Audience
		}
		same.Files = append(same.Files, file)
		p.put(same)
		return nil
	}
	v, err := p.judge(ctx, r, others, nil)
	if err != nil {
		return err
	}
	if r.ID, err = p.newID(); err != nil {
		return err
	}
	rep.Added++
	for i, other := range v.near {
		theirs, _ := other.Original()
		rep.Suspected = append(rep.Suspected, Pair{Title: title, Other: theirs, Reason: v.matches[i].Reason()})
	}
	p.put(r)
	return p.suspect(r, v)
}

// proposed is the note on what a file was taken to say, until a person has
// looked at it.
const proposed = "proposed from the file"

// again takes a file that is there: its draft is published when that is wanted,
// and a scan is read when that can be done now.
func (d *Documents) again(p *plan, holders []library.Entry, digest string) error {
	for _, e := range holders {
		if e.Status == library.Merged {
			continue
		}
		r, err := p.read(e)
		if err != nil {
			return err
		}
		changed := d.Publish && r.Status == library.Draft
		if changed {
			r.Status = library.Published
		}
		for i := range r.Files {
			if f := &r.Files[i]; f.Digest == digest && f.Text == library.TextNone && d.Recognise != nil {
				f.Text, changed = library.TextWaiting, true
			}
		}
		if changed {
			p.put(r)
		}
	}
	return nil
}

// holder gives the resource whose work a file is: the same identifier, or the
// same title where neither year nor language speaks against it. What a file
// says of its authors is too little to tell two works apart.
func (p *plan) holder(ctx context.Context, r *library.Resource, others []*library.Resource) (same *library.Resource, why string, err error) {
	for _, other := range others {
		m, err := p.compare(ctx, r, other)
		if err != nil {
			return nil, "", err
		}
		if m.Likeness == match.Certain {
			return other, m.Reason(), nil
		}
		year, theirs := r.Date.Year(), other.Date.Year()
		for _, id := range r.Identifiers {
			if slices.Contains(other.Identifiers, id) && m.Likeness == match.Suspected {
				return other, "the same " + id.Scheme, nil
			}
		}
		if m.Likeness == match.Suspected && (year == 0 || theirs == 0 || year-theirs <= 1 && theirs-year <= 1) && sameTitle(r, other) {
			return other, "the same title", nil
		}
	}
	return nil, "", nil
}

func sameTitle(a, b *library.Resource) bool {
	for _, s := range a.Titles {
		for _, t := range b.Titles {
			if w := analysis.Words(s); len(w) >= 3 && slices.Equal(w, analysis.Words(t)) {
				return true
			}
		}
	}
	return false
}

// propose makes a draft of what a file says of itself and shows on its first
// pages.
func propose(name string, doc *extract.Document) format.Draft {
	var text strings.Builder
	for _, p := range doc.Pages {
		text.WriteString(p.Text + "\n")
	}
	first := text.String()
	title := doc.Meta.Title
	if len(analysis.Words(title)) < 2 && len(doc.Pages) > 0 {
		title = heading(doc.Pages[0].Text)
	}
	if len(analysis.Words(title)) == 0 {
		base := filepath.Base(name)
		title = strings.Map(func(r rune) rune {
			if r == '_' || r == '-' {
				return ' '
			}
			return r
		}, strings.TrimSuffix(base, filepath.Ext(base)))
	}
	d := format.Draft{Titles: library.Text{library.Undetermined: cut(title, maxTitle)}}
	lang := ""
	if len(first) > 0 {
		if detected, confidence := analysis.Detect(first); confidence >= sure {
			lang = detected
		}
	}
	if lang == "" {
		lang = doc.Meta.Language
	}
	if lang != "" {
		d.Languages = []format.Value{{Text: lang}}
	}
	for _, author := range doc.Meta.Authors {
		d.Authors = append(d.Authors, format.Value{Text: author})
	}
	d.Date = format.Value{Text: year(first, doc.Meta.Date)}
	d.Identifiers = identifiers(strings.Join(doc.Meta.Identifiers, "\n") + "\n" + first)
	return d
}

func cut(s string, runes int) string {
	if utf8.RuneCountInString(s) <= runes {
		return s
	}
	return string([]rune(s)[:runes])
}

// heading gives the first lines of a page that look like a title: up to the
// end of a paragraph, and no more than a title has.
func heading(page string) string {
	const most = 200
	var title string
	for line := range strings.Lines(page) {
		line = strings.TrimSpace(line)
		letters := strings.IndexFunc(line, unicode.IsLetter) >= 0
		switch {
		case !letters && title == "":
			continue
		case !letters, utf8.RuneCountInString(title)+utf8.RuneCountInString(line) > most:
			return cut(title, most)
		}
		title = strings.TrimSpace(title + " " + line)
		if len(analysis.Words(title)) >= 4 {
			return cut(title, most)
		}
	}
	return cut(title, most)
}

var years = regexp.MustCompile(`\b(19[5-9]\d|20\d\d)\b`)

// year gives the year of publication: that of the file when the first pages
// name it, else the latest that they name before it, else the file's.
func year(text, made string) string {
	limit, err := strconv.Atoi(made[:min(4, len(made))])
	if err != nil {
		limit = 0
	}
	best := 0
	for _, y := range years.FindAllString(text, -1) {
		if n, _ := strconv.Atoi(y); (limit == 0 || n <= limit) && n > best {
			best = n
		}
	}
	switch {
	case best != 0 && limit != 0:
		return strconv.Itoa(best)
	case limit != 0:
		return strconv.Itoa(limit)
	}
	return ""
}

var (
	doiForm  = regexp.MustCompile(`\b10\.\d{4,9}/[-._;()/:A-Za-z0-9]+[A-Za-z0-9]`)
	isbnForm = regexp.MustCompile(`(?i)ISBN(?:-1[03])?:?\s*((?:97[89][- ]?)?(?:\d[- ]?){9}[\dX])`)
)

// identifiers gives the first DOI and ISBN of a text.
func identifiers(text string) (ids []library.Identifier) {
	if doi := doiForm.FindString(text); doi != "" {
		ids = append(ids, library.Identifier{Scheme: "doi", Value: strings.ToLower(doi)})
	}
	if m := isbnForm.FindStringSubmatch(text); m != nil {
		ids = append(ids, library.Identifier{Scheme: "isbn", Value: strings.ToUpper(strings.NewReplacer("-", "", " ", "").Replace(m[1]))})
	}
	return ids
}
