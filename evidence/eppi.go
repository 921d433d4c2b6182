package evidence

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"waymark/library"
)

// The JSON of EPPI-Reviewer: code sets, which are trees of attributes, and
// references with the attributes they were given.
type (
	eppiFile struct {
		CodeSets   []eppiSet
		References []eppiReference
	}
	eppiSet struct {
		SetName        string
		SetId          json.Number
		SetDescription string
		SetType        *eppiSetType
		Attributes     eppiAttributes
	}
	eppiSetType    struct{ SetTypeName, SetTypeDescription string }
	eppiAttributes struct{ AttributesList []eppiAttribute }
	eppiAttribute  struct {
		AttributeId             json.Number
		AttributeName           string
		AttributeType           string
		AttributeDescription    string
		AttributeSetDescription string          `json:",omitempty"`
		ExtURL                  string          `json:",omitempty"`
		ExtType                 string          `json:",omitempty"`
		Attributes              *eppiAttributes `json:",omitempty"`
	}
	eppiReference struct {
		Codes        []eppiCode
		ItemId       json.Number
		Title        string
		Authors      string
		Year         string
		Abstract     string
		DOI          string
		URL          string
		Volume       string
		Issue        string
		Pages        string
		ParentTitle  string
		TypeName     string
		Keywords     string
		ItemStatus   string
		CreatedBy    string `json:",omitempty"`
		EditedBy     string `json:",omitempty"`
		ShortTitle   string `json:",omitempty"`
		Institution  string `json:",omitempty"`
		Publisher    string `json:",omitempty"`
		DateCreated  string `json:",omitempty"`
		StandardNumb string `json:"StandardNumber,omitempty"`
	}
	eppiCode struct {
		AttributeId    json.Number
		AdditionalText string
		Details        []eppiDetail `json:"ItemAttributeFullTextDetails,omitempty"`
	}
	eppiDetail struct {
		Text     string
		DocTitle string `json:",omitempty"`
		ItemArm  string `json:",omitempty"`
	}
)

// eppiHeading is the type of an attribute that groups others.
const eppiHeading = "Not selectable (no checkbox)"

const eppiLeaf = "Selectable (show checkbox)"

// maxEPPI is the largest file that is read, in bytes.
const maxEPPI = 512 << 20

// Review is an imported systematic review or map.
type Review struct {
	Framework Framework
	Studies   []*Study
	Repairs   Repairs
	Codes     int // given to references in the file
}

// ReadEPPI reads the JSON of EPPI-Reviewer. Every code is kept, with its tree;
// passages copied from publications and names of persons and files are dropped
// and counted. Rows and columns name the code sets that become the axes, by
// name or number; empty stands for the first and second. It answers Invalid
// for a file that is no such JSON.
func ReadEPPI(in io.Reader, name, rows, columns string) (Review, error) {
	raw, err := io.ReadAll(io.LimitReader(in, maxEPPI+1))
	if err != nil {
		return Review{}, fmt.Errorf("read the review: %w", err)
	}
	if len(raw) > maxEPPI {
		return Review{}, invalid("file", "the review is larger than %d MB", maxEPPI>>20)
	}
	var rv Review
	var file eppiFile
	dec := json.NewDecoder(bytes.NewReader(repair(raw, &rv.Repairs)))
	if err := dec.Decode(&file); err != nil {
		return Review{}, invalid("file", "the file is no JSON of EPPI-Reviewer: %w", err)
	}
	if len(file.CodeSets) == 0 {
		return Review{}, invalid("file", "the file has no CodeSets: export it with codes")
	}
	rv.Framework = Framework{Code: slug(name), Number: 1, Labels: library.Text{library.Undetermined: name}, Foreign: "eppi"}
	for _, s := range file.CodeSets {
		rv.Framework.Trees = append(rv.Framework.Trees, treeOf(s))
	}
	if err := rv.Framework.axes(rows, columns); err != nil {
		return Review{}, err
	}
	where := rv.Framework.where()
	for _, ref := range file.References {
		rv.Studies = append(rv.Studies, rv.study(ref, where))
	}
	if rv.Repairs.Unknown > 0 {
		rv.Framework.Trees = append(rv.Framework.Trees, rv.strays())
	}
	return rv, rv.Framework.Check()
}

// unknownTree holds the codes that no code set of the file has.
const unknownTree = "s0"

func treeOf(s eppiSet) Tree {
	t := Tree{Code: "s" + s.SetId.String(), Labels: library.Text{library.Undetermined: s.SetName}, Note: s.SetDescription}
	var add func(list []eppiAttribute, broader string)
	add = func(list []eppiAttribute, broader string) {
		for _, a := range list {
			n := Node{Code: "a" + a.AttributeId.String(), Broader: broader, Labels: library.Text{library.Undetermined: a.AttributeName},
				Note: a.AttributeDescription, Heading: a.AttributeType == eppiHeading}
			t.Nodes = append(t.Nodes, n)
			if a.Attributes != nil {
				add(a.Attributes.AttributesList, n.Code)
			}
		}
	}
	add(s.Attributes.AttributesList, "")
	return t
}

// axes puts the trees of the two axes first.
func (f *Framework) axes(rows, columns string) error {
	if len(f.Trees) < 2 {
		return invalid("file", "the file has one code set, and a map needs two")
	}
	for place, wanted := range []string{rows, columns} {
		if wanted == "" {
			continue
		}
		at := -1
		for i, t := range f.Trees {
			if t.Code == "s"+wanted || strings.EqualFold(t.Labels[library.Undetermined], wanted) {
				at = i
			}
		}
		if at < place {
			return invalid("axis", "the file has no code set %q for an axis of the map", wanted)
		}
		f.Trees[place], f.Trees[at] = f.Trees[at], f.Trees[place]
	}
	return nil
}

// spot is where a node stands in a framework.
type spot struct {
	tree    int
	heading bool
}

func (f *Framework) where() map[string]spot {
	at := map[string]spot{}
	for i, t := range f.Trees {
		for _, n := range t.Nodes {
			at[n.Code] = spot{i, n.Heading}
		}
	}
	return at
}

var pageOf = regexp.MustCompile(`^\s*Page\s+(\d+)\s*:`)

// study takes a reference with its codes. A study stands in every cell whose
// row and column it has a code for: the file does not say more.
func (rv *Review) study(ref eppiReference, where map[string]spot) *Study {
	s := &Study{Framework: rv.Framework.Code + "/1", Titles: library.Text{library.Undetermined: strings.TrimSpace(ref.Title)}, Kind: "observational", State: "completed"}
	s.Year, _ = strconv.Atoi(strings.TrimSpace(ref.Year))
	s.Citation = &Citation{ID: ref.ItemId.String(), Type: ref.TypeName, Authors: split(ref.Authors, ";"), Abstract: ref.Abstract, DOI: ref.DOI, URL: ref.URL,
		Parent: ref.ParentTitle, Volume: ref.Volume, Issue: ref.Issue, Pages: ref.Pages, Keywords: split(ref.Keywords, "\n")}
	for _, who := range []string{ref.CreatedBy, ref.EditedBy} {
		if who != "" {
			rv.Repairs.Names++
		}
	}
	var axis [2][]string
	for _, c := range ref.Codes {
		rv.Codes++
		code := ForeignCode{Node: "a" + c.AttributeId.String(), Page: rv.dropped(c)}
		at, known := where[code.Node]
		switch {
		case !known:
			rv.Repairs.Unknown++
			code.Tree = unknownTree
		default:
			code.Tree = rv.Framework.Trees[at.tree].Code
			if at.heading {
				rv.Repairs.Headings++
			} else if at.tree < 2 {
				axis[at.tree] = append(axis[at.tree], code.Node)
			}
		}
		s.Codes = append(s.Codes, code)
	}
	for _, row := range axis[0] {
		for _, column := range axis[1] {
			s.Codings = append(s.Codings, Coding{Intervention: row, Outcome: column})
		}
	}
	return s
}

// dropped counts what of a code is not kept and gives the page it was found on.
func (rv *Review) dropped(c eppiCode) (page string) {
	if strings.TrimSpace(c.AdditionalText) != "" {
		rv.Repairs.Passages++
	}
	for _, d := range c.Details {
		if strings.TrimSpace(d.Text) != "" {
			rv.Repairs.Passages++
		}
		if d.DocTitle != "" {
			rv.Repairs.Names++
		}
		if m := pageOf.FindStringSubmatch(d.Text); m != nil && page == "" {
			page = m[1]
		}
	}
	return page
}

func (rv *Review) strays() Tree {
	t := Tree{Code: unknownTree, Labels: library.Text{"en": "Codes without a code set"}}
	seen := map[string]bool{}
	for _, s := range rv.Studies {
		for _, c := range s.Codes {
			if c.Tree == unknownTree && !seen[c.Node] {
				seen[c.Node] = true
				t.Nodes = append(t.Nodes, Node{Code: c.Node, Labels: library.Text{library.Undetermined: c.Node}})
			}
		}
	}
	return t
}

func split(s, sep string) (out []string) {
	for part := range strings.SplitSeq(s, sep) {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

// slug makes a code of a name: small letters, digits and hyphens.
func slug(name string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	if s := strings.Trim(b.String(), "-"); s != "" {
		return s
	}
	return "review"
}
