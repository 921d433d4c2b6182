package main

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// may names, for each package of the house, the packages of the house that it
// may import: ARCHITECTURE.md as a test. A package imports from lower floors
// only, and sideways only the neighbours named here.
var may = map[string][]string{
	// Floor 1: the subject.
	"analysis":   {},
	"match":      {"analysis"},
	"library":    {"analysis", "match"},
	"locale":     {"library"},
	"vocabulary": {"analysis", "library"},
	"format":     {"analysis", "library"},
	"skos":       {"library", "vocabulary"},
	"cite":       {"library"},
	// Floor 2: the work.
	"access":    {"library"},
	"catalogue": {"library", "vocabulary", "format", "cite", "extract"},
	"curate":    {"library", "match"},
	"describe":  {"library", "vocabulary", "catalogue"},
	"evidence":  {"library", "vocabulary", "format", "search", "shelf"},
	"indicator": {"library", "vocabulary", "search", "shelf"},
	"shelf":     {"library"},
	"follow":    {"access", "catalogue", "library", "locale", "search"},
	"usage":     {"library"},
	"terms":     {"library", "vocabulary", "shelf"},
	"profile":   {"library", "shelf"},
	"extract":   {"library"},
	"guide":     {"analysis", "library", "search"},
	"jobs":      {"library"},
	"news":      {"access", "library", "locale"},
	"oai":       {},
	"feed":      {"library", "format"},
	"intake":    {"analysis", "library", "match", "vocabulary", "format", "extract", "oai", "feed"},
	"search":    {"analysis", "library", "vocabulary", "extract"},
	// Floor 3: the outside.
	"store":         {"access", "library"},
	"fetch":         {},
	"mail":          {"access", "library"},
	"files":         {"library"},
	"index":         {"analysis", "library", "vocabulary", "search", "index/segment"},
	"index/corpus":  {"library", "search"},
	"index/segment": {"analysis", "library", "search"},
	"serve":         {"access", "library", "locale"},
	"syndication":   {"library", "vocabulary", "locale", "catalogue", "search", "serve"},
	"oai/provider":  {"library", "vocabulary", "format", "catalogue", "serve"},
	"site":          {"access", "analysis", "extract", "library", "vocabulary", "locale", "format", "cite", "catalogue", "curate", "describe", "guide", "intake", "search", "serve", "follow", "usage", "evidence", "indicator", "profile", "terms", "skos"},
	"api":           {"access", "evidence", "indicator", "library", "vocabulary", "format", "catalogue", "curate", "search", "serve"},
	// Floor 4: the assembly.
	"app": {"access", "library", "match", "extract", "fetch", "mail", "oai", "oai/provider", "feed", "syndication", "files", "jobs", "vocabulary", "locale", "format", "catalogue", "curate", "guide", "news", "intake", "search", "store", "index", "index/corpus", "serve", "site", "api", "follow", "usage", "evidence", "indicator", "profile", "terms", "skos"},
	"":    {"app"},
}

// pure packages do no I/O and read no clock.
var pure = []string{"analysis", "match", "library", "vocabulary", "format", "cite", "skos"}

// impure are the imports and calls that a pure package does without. Reading
// from an io.Reader or fs.FS that it is given is no I/O of its own.
var (
	impureImports = []string{"os", "net", "net/http", "database/sql", "log", "log/slog", "os/exec", "syscall", "math/rand", "crypto/rand"}
	impureCalls   = regexp.MustCompile(`\btime\.(Now|Sleep|After|Tick|NewTimer|NewTicker)\(`)
)

const (
	maxFile     = 500 // lines
	maxFunction = 60  // lines
)

// goFile is a parsed file of the product.
type goFile struct {
	path string
	pack string // folder below the root, "" for the root
	test bool
	src  []byte
	ast  *ast.File
	fset *token.FileSet
}

func sources(t *testing.T) []goFile {
	t.Helper()
	var files []goFile
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (strings.HasPrefix(d.Name(), ".") && name != "." || d.Name() == "testdata" || d.Name() == "bench") {
			return fs.SkipDir
		}
		if !strings.HasSuffix(name, ".go") {
			return nil
		}
		src, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, name, src, parser.ParseComments)
		if err != nil {
			return err
		}
		pack := path.Dir(filepath.ToSlash(name))
		if pack == "." {
			pack = ""
		}
		files = append(files, goFile{name, pack, strings.HasSuffix(name, "_test.go"), src, f, fset})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestFloors(t *testing.T) {
	for _, f := range sources(t) {
		if path.Base(f.pack) == "generate" { // makes data files, is no part of the product
			continue
		}
		allowed, known := may[f.pack]
		if !known {
			t.Errorf("%s: the package %q has no floor: name it in rules_test.go and ARCHITECTURE.md", f.path, f.pack)
			continue
		}
		for _, imp := range f.ast.Imports {
			name := strings.Trim(imp.Path.Value, `"`)
			if house, ok := strings.CutPrefix(name, "waymark/"); ok && !f.test && !slices.Contains(allowed, house) {
				t.Errorf("%s: %s may not import %s", f.path, f.pack, house)
			}
			if slices.Contains(pure, f.pack) && !f.test && slices.Contains(impureImports, name) {
				t.Errorf("%s: %s is pure and may not import %s", f.path, f.pack, name)
			}
		}
		if slices.Contains(pure, f.pack) && !f.test {
			if call := impureCalls.Find(f.src); call != nil {
				t.Errorf("%s: %s is pure and may not call %s…)", f.path, f.pack, call)
			}
		}
	}
}

func TestSizesAndHabits(t *testing.T) {
	commented := map[string]bool{}
	for _, f := range sources(t) {
		if n := bytes.Count(f.src, []byte("\n")); n > maxFile {
			t.Errorf("%s has %d lines; at most %d", f.path, n, maxFile)
		}
		if f.test {
			continue
		}
		commented[f.pack] = commented[f.pack] || f.ast.Doc != nil
		for _, d := range f.ast.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			if n := f.fset.Position(fn.End()).Line - f.fset.Position(fn.Pos()).Line; n > maxFunction {
				t.Errorf("%s: %s has %d lines; at most %d", f.path, fn.Name.Name, n, maxFunction)
			}
			if fn.Name.Name == "init" && fn.Recv == nil {
				t.Errorf("%s has an init()", f.path)
			}
			if fn.Name.IsExported() && fn.Doc == nil && (fn.Recv == nil || exportedReceiver(fn)) {
				t.Errorf("%s: %s is exported and has no doc comment", f.path, fn.Name.Name)
			}
		}
		for _, word := range []string{"util", "common", "helper", "model", "service", "manager"} {
			if strings.Contains(f.pack, word) {
				t.Errorf("%s: no package is called %s", f.path, word)
			}
		}
	}
	for pack, ok := range commented {
		if !ok {
			t.Errorf("package %q has no package comment", pack)
		}
	}
}

func exportedReceiver(fn *ast.FuncDecl) bool {
	typ := fn.Recv.List[0].Type
	if star, ok := typ.(*ast.StarExpr); ok {
		typ = star.X
	}
	name, ok := typ.(*ast.Ident)
	return ok && name.IsExported()
}

// TestStyleSheetHasNoSides holds the sheet to logical properties, so that it
// serves both directions of writing.
func TestStyleSheetHasNoSides(t *testing.T) {
	css, err := os.ReadFile("site/assets/style.css")
	if err != nil {
		t.Fatal(err)
	}
	sided := regexp.MustCompile(`(?m)(margin|padding|border|inset)-(left|right|top|bottom)|[{;\s](left|right|top|bottom|width|height|min-width|max-width)\s*:|text-align:\s*(left|right)|float:`)
	media := regexp.MustCompile(`(?m)^@media.*$`)
	if hit := sided.Find(media.ReplaceAll(css, nil)); hit != nil {
		t.Errorf("style.css uses %q: write the logical property", hit)
	}
}

// TestPersonsHaveOneReader: the tables of persons know no viewer, so only the
// assembly takes hold of them, to hand them to the access package.
func TestPersonsHaveOneReader(t *testing.T) {
	for _, f := range sources(t) {
		if !f.test && f.pack != "app" && f.pack != "store" && bytes.Contains(f.src, []byte(".Access()")) {
			t.Errorf("%s takes hold of the tables of persons: ask access.Porter", f.path)
		}
	}
}
