package format

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

// TestCharacterSets: a file is read as it was meant, whatever it was saved in.
func TestCharacterSets(t *testing.T) {
	title := map[string]string{
		"en": "The “shelter” standards of Zoë’s café in Málaga",
		"fr": "L’identification précoce des victimes présumées à la frontière: où en sommes-nous déjà?",
		"es": "Protección y asistencia a niños víctimas de la trata según el año más reciente",
		"ru": "Выявление пострадавших от торговли людьми на границе",
		"ar": "تحديد ضحايا الاتجار بالأشخاص على الحدود",
	}
	utf16 := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	bare := unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	for _, c := range []struct {
		name string
		in   encoding.Encoding
		lang []string
	}{
		{"utf-8", encoding.Nop, []string{"en", "fr", "es", "ru", "ar"}},
		{"utf-16", utf16, []string{"en", "fr", "es", "ru", "ar"}},
		{"utf-16be without a mark", bare, []string{"en", "fr", "es"}},
		{"windows-1252", charmap.Windows1252, []string{"en", "fr", "es"}},
		{"windows-1251", charmap.Windows1251, []string{"ru"}},
		{"windows-1256", charmap.Windows1256, []string{"ar"}},
	} {
		for _, lang := range c.lang {
			bytes, err := c.in.NewEncoder().String("TY  - RPRT\r\nTI  - " + title[lang] + "\r\nER  - \r\n")
			if err != nil {
				t.Fatal(c.name, lang, err)
			}
			got, problems := all(Read(strings.NewReader(bytes), Options{}))
			if len(got) != 1 || len(problems) > 0 || got[0].Titles["und"] != title[lang] {
				t.Errorf("%s in %s: %+v, %q", lang, c.name, got, problems)
			}
		}
	}
	// Damaged UTF-8 is damaged, and no code page.
	got, problems := all(Read(strings.NewReader("TY  - RPRT\nTI  - "+title["ru"]+"\nER  - \nTY  - RPRT\nTI  - \xff\nER  - \n"), Options{}))
	if len(got) != 1 || len(problems) != 1 {
		t.Errorf("%+v, %q", got, problems)
	}
}

// TestDeclaredEncodings: XML and web pages are read in the encoding that they
// declare, and as UTF-8 when that is what they are.
func TestDeclaredEncodings(t *testing.T) {
	const xml = `<?xml version="1.0" encoding="%s"?><oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>%s</dc:title></oai_dc:dc>`
	const page = `<html><head><meta http-equiv="Content-Type" content="text/html; charset=%s"><meta name="citation_title" content="%s"></head>`
	for _, c := range []struct {
		in    encoding.Encoding
		label string
		form  string
		title string
	}{
		{charmap.ISO8859_1, "ISO-8859-1", xml, "Un café"},
		{charmap.ISO8859_2, "iso-8859-2", xml, "Zwalczanie handlu ludźmi w przejściach"},
		{simplifiedchinese.GBK, "gb2312", page, "打击人口贩运的国家行动计划"},
		{encoding.Nop, "ISO-8859-1", xml, "Déjà en UTF-8"},
		{encoding.Nop, "nonsense", page, "Déjà en UTF-8"},
	} {
		text, err := c.in.NewEncoder().String(fmt.Sprintf(c.form, c.label, c.title))
		if err != nil {
			t.Fatal(err)
		}
		got, problems := all(Read(strings.NewReader(text), Options{}))
		if len(got) != 1 || len(problems) > 0 || got[0].Titles["und"] != c.title {
			t.Errorf("%s in %s: %+v, %q", c.title, c.label, got, problems)
		}
	}
}
