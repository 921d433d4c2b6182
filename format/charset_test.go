package format

import (
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
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
