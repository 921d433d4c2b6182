package cite

import (
	"regexp"
	"strconv"
	"strings"

	"waymark/library"
)

// terms are the words that a style writes between those of the work.
type terms struct {
	lang            string
	and             string
	etAl            string
	others          string // the United Nations' words for et al.
	noDate          string
	editor, editors string // behind names
	editedBy        string
	in              string
	edition, edn    string
	ordinal         string // {n} stands for the number
	volume, issue   string
	page, pages     string
	availableAt     string
	availableFrom   string
	accessed        string // before a date
	retrieved       string // {date} and {url}
	cited           string
	months          []string
	short           []string // months
	date            string   // {d}, {m} and {y}
}

func termsOf(lang string) terms {
	switch lang {
	case "fr":
		return terms{lang: lang, and: "et", etAl: "et al.", others: "et autres", noDate: "s. d.", editor: "éd.", editors: "éd.",
			editedBy: "édité par", in: "dans", edition: "éd.", edn: "éd.", ordinal: "{n}e", volume: "vol.", issue: "n° ", page: "p.", pages: "p.",
			availableAt: "Disponible à l’adresse :", availableFrom: "Disponible sur :", accessed: "consulté le", retrieved: "Consulté le {date}, à l’adresse {url}", cited: "cité le",
			months: strings.Fields("janvier février mars avril mai juin juillet août septembre octobre novembre décembre"),
			short:  strings.Fields("janv. févr. mars avr. mai juin juill. août sept. oct. nov. déc."), date: "{d} {m} {y}"}
	case "es":
		return terms{lang: lang, and: "y", etAl: "et al.", others: "y otros", noDate: "s. f.", editor: "ed.", editors: "eds.",
			editedBy: "editado por", in: "en", edition: "ed.", edn: "ed.", ordinal: "{n}.ª", volume: "vol.", issue: "núm. ", page: "p.", pages: "pp.",
			availableAt: "Disponible en:", availableFrom: "Disponible en:", accessed: "consultado el", retrieved: "Recuperado el {date}, de {url}", cited: "citado el",
			months: strings.Fields("enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"),
			short:  strings.Fields("ene. feb. mar. abr. may. jun. jul. ago. sept. oct. nov. dic."), date: "{d} de {m} de {y}"}
	case "ru":
		return terms{lang: lang, and: "и", etAl: "и др.", others: "и другие", noDate: "б. г.", editor: "ред.", editors: "ред.",
			editedBy: "под ред.", in: "в", edition: "изд.", edn: "изд.", ordinal: "{n}-е", volume: "т.", issue: "№ ", page: "с.", pages: "с.",
			availableAt: "Доступно по адресу:", availableFrom: "Доступно по адресу:", accessed: "дата обращения:", retrieved: "Дата обращения: {date}. {url}", cited: "дата обращения:",
			months: strings.Fields("января февраля марта апреля мая июня июля августа сентября октября ноября декабря"),
			short:  strings.Fields("янв. февр. март апр. май июнь июль авг. сент. окт. нояб. дек."), date: "{d} {m} {y}"}
	case "ar":
		return terms{lang: lang, and: "و", etAl: "وآخرون", others: "وآخرون", noDate: "د.ت.", editor: "محرر", editors: "محررون",
			editedBy: "تحرير", in: "في", edition: "طبعة", edn: "طبعة", ordinal: "{n}", volume: "المجلد", issue: "العدد ", page: "ص.", pages: "ص.",
			availableAt: "متاح على:", availableFrom: "متاح على:", accessed: "تاريخ الاطلاع", retrieved: "اطلع عليه في {date}، من {url}", cited: "تاريخ الاطلاع",
			months: strings.Fields("كانون_الثاني/يناير شباط/فبراير آذار/مارس نيسان/أبريل أيار/مايو حزيران/يونيه تموز/يوليه آب/أغسطس أيلول/سبتمبر تشرين_الأول/أكتوبر تشرين_الثاني/نوفمبر كانون_الأول/ديسمبر"),
			date:   "{d} {m} {y}"}
	case "zh":
		return terms{lang: lang, and: "和", etAl: "等", others: "等", noDate: "日期不详", editor: "编", editors: "编",
			editedBy: "编者：", in: "载于", edition: "版", edn: "版", ordinal: "第 {n} ", volume: "第", issue: "第", page: "第", pages: "第",
			availableAt: "可查阅：", availableFrom: "可查阅：", accessed: "访问日期", retrieved: "{date}检索自 {url}", cited: "引用日期",
			months: strings.Fields("1月 2月 3月 4月 5月 6月 7月 8月 9月 10月 11月 12月"), date: "{y}年{m}{d}日"}
	}
	return terms{lang: "en", and: "and", etAl: "et al.", others: "and others", noDate: "n.d.", editor: "ed.", editors: "eds.",
		editedBy: "edited by", in: "in", edition: "ed.", edn: "edn", ordinal: "{n}", volume: "vol.", issue: "no. ", page: "p.", pages: "pp.",
		availableAt: "Available at:", availableFrom: "Available from:", accessed: "accessed", retrieved: "Retrieved {date}, from {url}", cited: "cited",
		months: strings.Fields("January February March April May June July August September October November December"),
		short:  strings.Fields("Jan. Feb. Mar. Apr. May June July Aug. Sept. Oct. Nov. Dec."), date: "{d} {m} {y}"}
}

// capital begins a term with a capital letter.
func capital(s string) string {
	r := []rune(s)
	return strings.ToUpper(string(r[:1])) + string(r[1:])
}

// year gives the year of a date or the words for none.
func (t terms) year(d library.Date) string {
	if y := d.Year(); y != 0 {
		return strconv.Itoa(y)
	}
	return t.noDate
}

// month gives a month's name, short for those styles that have it short.
func (t terms) month(n int, short bool) string {
	names := t.months
	if short && len(t.short) > 0 {
		names = t.short
	}
	return strings.ReplaceAll(names[n-1], "_", " ")
}

// parts gives year, month and day of a date; what is not known is 0.
func parts(d library.Date) (year, month, day int) {
	for i, part := range strings.Split(string(d), "-") {
		n, err := strconv.Atoi(part)
		if err != nil {
			return year, month, day
		}
		switch i {
		case 0:
			year = n
		case 1:
			month = n
		case 2:
			day = n
		}
	}
	return year, month, day
}

// day writes a date as precisely as it is known: "5 January 2025".
func (t terms) day(d library.Date, short bool) string {
	y, m, day := parts(d)
	switch {
	case y == 0:
		return ""
	case m < 1 || m > 12:
		return strconv.Itoa(y)
	case day == 0:
		if t.lang == "zh" {
			return strconv.Itoa(y) + "年" + t.month(m, short)
		}
		return t.month(m, short) + " " + strconv.Itoa(y)
	}
	return strings.NewReplacer("{d}", strconv.Itoa(day), "{m}", t.month(m, short), "{y}", strconv.Itoa(y)).Replace(t.date)
}

// american writes a date in English as "January 5, 2025", elsewhere as day does.
func (t terms) american(d library.Date) string {
	y, m, day := parts(d)
	if t.lang != "en" || day == 0 || m < 1 || m > 12 {
		return t.day(d, false)
	}
	return t.month(m, false) + " " + strconv.Itoa(day) + ", " + strconv.Itoa(y)
}

// monthDay writes month and day without the year, "" when there are none.
func (t terms) monthDay(d library.Date) string {
	_, m, day := parts(d)
	switch {
	case m < 1 || m > 12:
		return ""
	case day == 0:
		return t.month(m, false)
	case t.lang == "en":
		return t.month(m, false) + " " + strconv.Itoa(day)
	case t.lang == "zh":
		return t.month(m, false) + strconv.Itoa(day) + "日"
	case t.lang == "es":
		return strconv.Itoa(day) + " de " + t.month(m, false)
	}
	return strconv.Itoa(day) + " " + t.month(m, false)
}

var numbered = regexp.MustCompile(`(?i)^(\d{1,3})(?:st|nd|rd|th|e|è|ª|\.ª|-е)?(?:\s*(?:ed|edn|edition|éd|édition|edición|изд|издание)\.?)?$`)

// edition writes an edition: a number as the ordinal of the language, words as
// they stand. The first is not named. abbreviation is the word behind numbers.
func (t terms) editionOf(s, abbreviation string) string {
	s = strings.TrimSpace(s)
	m := numbered.FindStringSubmatch(s)
	if m == nil {
		return s
	}
	n, err := strconv.Atoi(m[1])
	if err != nil || n < 2 {
		return ""
	}
	number := m[1]
	if t.lang == "en" {
		number += ordinalEnding(n)
	}
	number = strings.ReplaceAll(t.ordinal, "{n}", number)
	switch t.lang {
	case "zh":
		return number + abbreviation
	case "ar":
		return abbreviation + " " + number
	}
	return number + " " + abbreviation
}

// ordinalEnding gives the English ending of a number.
func ordinalEnding(n int) string {
	if n%100 >= 11 && n%100 <= 13 {
		return "th"
	}
	switch n % 10 {
	case 1:
		return "st"
	case 2:
		return "nd"
	case 3:
		return "rd"
	}
	return "th"
}

// pagesOf writes pages with the word for one or several.
func (t terms) pagesOf(span string) string {
	if t.lang != "zh" && strings.ContainsAny(span, "–,") {
		return t.pages + " " + span
	}
	return t.pageOf(span)
}

// pageOf writes pages with the word for one, extentOf how many there are.
func (t terms) pageOf(span string) string {
	if t.lang == "zh" {
		return t.page + " " + span + " 页"
	}
	return t.page + " " + span
}

func (t terms) extentOf(n string) string {
	if t.lang == "zh" {
		return n + " 页"
	}
	return n + " " + t.page
}

// volumeOf and issueOf write a volume and an issue with their words.
func (t terms) volumeOf(s string) string {
	if t.lang == "zh" {
		return t.volume + " " + s + " 卷"
	}
	return t.volume + " " + s
}

func (t terms) issueOf(s string) string {
	if t.lang == "zh" {
		return t.issue + " " + s + " 期"
	}
	return t.issue + s
}
