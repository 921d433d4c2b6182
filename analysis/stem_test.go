package analysis

import (
	"slices"
	"testing"
)

// Words of one row have one stem; they are folded first, as queries are.
func TestStemsMeet(t *testing.T) {
	for _, tc := range []struct {
		lang  string
		words []string
	}{
		{"en", []string{"trafficked", "trafficking", "trafficker", "Traffickers"}},
		{"en", []string{"victim", "victims"}},
		{"en", []string{"women", "woman"}},
		{"en", []string{"child", "children"}},
		{"en", []string{"organisation", "organization", "organisations"}},
		{"en", []string{"victimisation", "victimization", "victimised"}},
		{"en", []string{"offence", "offense", "offences"}},
		{"en", []string{"centre", "center", "centers"}},
		{"en", []string{"behaviour", "behaviors"}},
		{"en", []string{"labour", "labor", "labours"}},
		{"en", []string{"programme", "program", "programmes"}},
		{"en", []string{"exploited", "exploiting", "exploit"}},
		{"fr", []string{"exploitée", "exploités", "exploiter", "exploitation", "exploitées"}},
		{"fr", []string{"identifier", "identifiée", "identifiées", "identification"}},
		{"fr", []string{"femme", "femmes"}},
		{"fr", []string{"travail", "travaux"}},
		{"fr", []string{"international", "internationaux", "internationale"}},
		{"es", []string{"explotación", "explotacion", "explotaciones"}},
		{"es", []string{"víctima", "victimas", "víctimas"}},
		{"es", []string{"niña", "niñas", "niños", "nino"}},
		{"es", []string{"protección", "protecciones"}},
		{"es", []string{"lugar", "lugares"}},
		{"es", []string{"menor", "menores"}},
		{"es", []string{"tecnología", "tecnologías"}},
		{"es", []string{"mujer", "mujeres"}},
		{"ru", []string{"торговля", "торговлей", "торговлю", "торговли"}},
		{"ru", []string{"жертва", "жертвы", "жертвам", "жертв"}},
		{"ru", []string{"ребёнок", "ребенок"}},
		{"ru", []string{"тяжёлый", "тяжелая"}},
		{"ar", []string{"الاتِّجَار", "الاتجار", "والاتجار", "بالاتجار", "اتجار"}},
		{"ar", []string{"أشخاص", "اشخاص", "الأشخاص", "بالأشخاص"}},
		{"ar", []string{"جريمة", "جريمه", "الجريمة", "والجريمة"}},
		{"ar", []string{"مكافحة", "لمكافحة", "المكافحة", "بمكافحة"}},
		{"ar", []string{"وثيقة", "الوثيقة", "والوثيقة"}},
		{"ar", []string{"النساء", "نساء", "والنساء"}},
		{"ar", []string{"حماية", "وحماية", "الحماية", "لحماية"}},
		{"ar", []string{"مساعدة", "ومساعدة", "المساعدات"}},
	} {
		want := Stem(Fold(tc.words[0]), tc.lang)
		for _, w := range tc.words[1:] {
			if got := Stem(Fold(w), tc.lang); got != want {
				t.Errorf("%s: %s → %q, but %s → %q", tc.lang, w, got, tc.words[0], want)
			}
		}
	}
}

// Words that must stay apart.
func TestStemsStayApart(t *testing.T) {
	for _, tc := range [][3]string{
		{"en", "victim", "victory"},
		{"en", "organ", "organise"},
		{"en", "author", "authorities"},
		{"en", "policy", "police"},
		{"ar", "لبنان", "بنان"},
		{"ar", "لاجئين", "جين"},
		{"ru", "дети", "дело"},
	} {
		if a, b := Stem(Fold(tc[1]), tc[0]), Stem(Fold(tc[2]), tc[0]); a == b {
			t.Errorf("%s: %s and %s both → %q", tc[0], tc[1], tc[2], a)
		}
	}
}

func TestStemOfOtherScriptsAndLanguages(t *testing.T) {
	for _, lang := range append(Languages(), "", "de", "zh") {
		for _, w := range []string{"", "a", "2331", "h1n1", "人口", "มา", "a\uFFFD"} {
			if got := Stem(w, lang); got != w {
				t.Errorf("Stem(%q, %q) = %q", w, lang, got)
			}
		}
	}
}

func TestStopWord(t *testing.T) {
	for _, tc := range []struct {
		word, lang string
		want       bool
	}{
		{"the", "en", true}, {"trafficking", "en", false}, {"against", "en", false},
		{"des", "fr", true}, {"a", "fr", true}, {"las", "es", true}, {"и", "ru", true},
		{"الي", "ar", true}, {"的", "zh", true}, {"the", "", false}, {"the", "xx", false},
	} {
		if got := StopWord(tc.word, tc.lang); got != tc.want {
			t.Errorf("StopWord(%q, %q) = %v", tc.word, tc.lang, got)
		}
	}
	if !slices.Contains(Languages(), "ar") {
		t.Error("no Arabic")
	}
}
