package extract

import "io"

func readDOCX(source, func(Page) error) (Meta, error)         { return Meta{}, refuse("later") }
func readPPTX(source, func(Page) error) (Meta, error)         { return Meta{}, refuse("later") }
func readXLSX(source, func(Page) error) (Meta, error)         { return Meta{}, refuse("later") }
func readODT(source, func(Page) error) (Meta, error)          { return Meta{}, refuse("later") }
func readEPUB(source, func(Page) error) (Meta, error)         { return Meta{}, refuse("later") }
func readHTML(source, func(Page) error) (Meta, error)         { return Meta{}, refuse("later") }
func readMarkdown(s source, e func(Page) error) (Meta, error) { return readText(s, e) }
func readText(s source, emit func(Page) error) (Meta, error) {
	b, _ := io.ReadAll(io.NewSectionReader(s, 0, s.size))
	return Meta{}, emit(Page{1, string(b)})
}
