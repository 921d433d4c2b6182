package vocabulary

import (
	"io/fs"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/language"

	"waymark/library"
)

func builtIn(t testing.TB) *Vocabularies {
	t.Helper()
	v, err := Load(nil)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestCounts(t *testing.T) {
	v := builtIn(t)
	for _, c := range []struct {
		list       *List
		name       string
		least, top int
	}{
		{v.Countries, "countries", 250, 250}, // 249 of ISO 3166-1 and XK
		{v.Regions, "regions", 44, 44},
		{v.Topics, "topics", 41, 99},
		{v.Categories, "categories", 20, 99},
		{v.Holdings, "holdings", 1, 9},
		{v.Kinds, "kinds", 2, 9},
		{v.Languages, "languages", 120, 200},
		{v.Organisations, "organisations", 60, 999},
		{v.Concepts, "thesaurus", 150, 999},
	} {
		if n := len(c.list.All()); n < c.least || n > c.top || c.list.Name != c.name {
			t.Errorf("%s has %d terms, want %s with %d to %d", c.list.Name, n, c.name, c.least, c.top)
		}
	}
	if len(v.Lists()) != 9 {
		t.Error("Lists lacks one")
	}
	for _, f := range library.Facets() {
		if has := v.Field(f) != nil; has == (f == library.FieldAuthor || f == library.FieldYear || f == library.FieldGuide) {
			t.Errorf("field %s: has a list: %t", f, has)
		}
	}
}

func TestFiles(t *testing.T) {
	names, err := fs.Glob(Files(), "*")
	if err != nil || !slices.Contains(names, "topics.csv") || len(names) != 10 {
		t.Errorf("%q, %v", names, err)
	}
	if v, err := Load(Files()); err != nil || len(v.Topics.All()) == 0 { // a copy of all files loads like the built-in ones
		t.Error(err)
	}
}

// TestFind: under whatever name a source gives, a term is found.
func TestFind(t *testing.T) {
	v := builtIn(t)
	for _, c := range []struct {
		list  *List
		names []string // apart by |
		code  string
	}{
		{v.Countries, split("SD|sd|SDN|729|Sudan|The Sudan|Soudan|Sudán|السودان|Судан|苏丹|  sudan "), "SD"},
		{v.Countries, split("Slovak Republic|Slovakia|République slovaque"), "SK"},
		{v.Countries, split("Czech Republic|Czechia|Tchéquie|République tchèque"), "CZ"},
		{v.Countries, split("Former Yugoslav Republic of Macedonia|The former Yugoslav Republic of Macedonia|FYROM|North Macedonia|Macedonia, The Former Yugoslav Republic of|Macedonia (FYR)|FYR of Macedonia"), "MK"},
		{v.Countries, split("Ceylon|Цейлон|سيلان|锡兰|Sri Lanka"), "LK"},
		{v.Countries, split("Upper Volta|Haute-Volta|Burkina Faso"), "BF"},
		{v.Countries, split("Swaziland|Suazilandia|Eswatini"), "SZ"},
		{v.Countries, split("Swaziland|Eswatini|Эсватини"), "SZ"},
		{v.Countries, split("Turkey|Türkiye|Turkiye|Turquie|土耳其"), "TR"},
		{v.Countries, split("Burma|Myanmar|Myanmar (Burma)|Birmanie"), "MM"},
		{v.Countries, split("Ivory Coast|Côte d’Ivoire|Cote d'Ivoire|COTE D IVOIRE|كوت ديفوار|ساحل العاج"), "CI"},
		{v.Countries, split("Syria|Syrian Arab Republic|سوريا|叙利亚"), "SY"},
		{v.Countries, split("DRC|Congo (DRC)|Democratic Republic of the Congo|Congo, the Democratic Republic of the|RDC"), "CD"},
		{v.Countries, split("Congo|Republic of the Congo|Congo (the)"), "CG"},
		{v.Countries, split("UK|United Kingdom|U.K.|Great Britain|United Kingdom (UK)|英国"), "GB"},
		{v.Countries, split("USA|U.S.A.|United States|United States of America (USA)|the United States|США"), "US"},
		{v.Countries, split("Palestine|State of Palestine|oPt|فلسطين"), "PS"},
		{v.Countries, split("Iran|Iran (Islamic Republic of)|Iran, Islamic Republic of|إيران"), "IR"},
		{v.Countries, split("Kosovo|Kosovo (UNSCR 1244)|كوسوفو"), "XK"},
		{v.Countries, split("Gambia|The Gambia|Gambia (the)|Gambia (The)"), "GM"},
		{v.Countries, split("South Korea|Korea (the Republic of)|Korea, Republic of"), "KR"},
		{v.Countries, split("Vietnam|Viet Nam|Viêt Nam"), "VN"},
		{v.Countries, split("Bosnia & Herzegovina|Bosnia and Herzegovina"), "BA"},
		{v.Countries, split("Saint Martin|Saint-Martin (partie française)"), "MF"},
		{v.Countries, split("Sint Maarten|Saint-Martin (partie néerlandaise)"), "SX"},
		{v.Regions, split("Worldwide|World|Global|International|全世界"), "worldwide"},
		{v.Regions, split("North Africa|شمال أفريقيا|北非"), "north-africa"},
		{v.Regions, split("Northern Africa|015|Afrique septentrionale"), "015"},
		{v.Regions, split("South America|Amérique du Sud|south-america"), "south-america"},
		{v.Regions, split("European Economic Area|EEA|European Economic Area (EEA)"), "european-economic-area"},
		{v.Regions, split("The Caribbean|Карибский бассейн"), "029"},
		{v.Topics, split("Capacity Building|Capacity-building|capacity building"), "capacity-building"},
		{v.Topics, split("trafic de migrants|tráfico|Migrant Smuggling"), "smuggling-of-migrants"},
		{v.Topics, split("traite|trata|human trafficking|人口贩运"), "trafficking"},
		{v.Categories, split("Training Curriculum|Training Material"), "training-material"},
		{v.Categories, split("Guideline|Guidance"), "guidance"},
		{v.Categories, split("Manual|Guideline and Manual|Handbook"), "handbook-or-manual"},
		{v.Categories, split("Position Paper"), "policy-or-strategy"},
		{v.Categories, split("Report"), "research-study"},
		{v.Categories, split("Internal Instruction"), "internal-instruction"},
		{v.Languages, split("fr|French|français|FRA|fre|الفرنسية|французский|法语"), "fr"},
		{v.Languages, split("Farsi|Persian|فارسی"), "fa"},
		{v.Languages, split("Dari|دری|Persian (Dari)"), "prs"},
		{v.Organisations, split("International Organization For Migration (IOM)|IOM|OIM|МОМ|International Organisation for Migration|المنظمة الدولية للهجرة"), "iom"},
		{v.Organisations, split("United Nations High Commissioner For Refugees (UNHCR)|UNHCR|HCR|ACNUR|УВКБ ООН|联合国难民署"), "unhcr"},
		{v.Organisations, split("US Department of State (J/TIP)"), "us-state-jtip"},
		{v.Organisations, split("The World Bank|World Bank"), "world-bank"},
		{v.Concepts, split("traite des personnes|traite|trata de personas|THB|торговля людьми|الاتجار بالبشر|贩运人口"), "trafficking-in-persons"},
		{v.Concepts, split("trafic de migrants|tráfico|незаконный ввоз мигрантов|偷运移民"), "smuggling-of-migrants"},
		{v.Concepts, split("VoT|survivor|trafficked person"), "victim-of-trafficking"},
		{v.Concepts, split("UASC|UMC|unaccompanied minor"), "unaccompanied-child"},
		{v.Concepts, split("NRM|referral mechanism"), "referral-mechanism"},
		{v.Concepts, split("SOP|procédures opérationnelles standard|标准作业程序"), "standard-operating-procedures"},
	} {
		for _, name := range c.names {
			if got, ok := c.list.Find(name); !ok || got.Code != c.code {
				t.Errorf("%s: %q leads to %q, want %s", c.list.Name, name, got.Code, c.code)
			}
		}
	}
	for _, name := range split("|()|(IOM)|the|Atlantis|Saint Martin (Netherlands side)|Underwater Basketry|Sarah Craggs") {
		for _, l := range v.Lists() {
			if got, ok := l.Find(name); ok && name != "(IOM)" {
				t.Errorf("%s: %q leads to %s", l.Name, name, got.Code)
			}
		}
	}
}

func split(s string) []string { return strings.Split(s, "|") }

// TestNamesOfRealPublications: what stands in records of the field is known.
func TestNamesOfRealPublications(t *testing.T) {
	v := builtIn(t)
	for list, names := range map[*List]string{
		v.Organisations: `IOM|UNODC|ILO|United Nations General Assembly|Walk Free|UNHCR|ICMPD|United Nations|US Department of State|ICAT|UNICEF|European Commission|OSCE|Bali Process|GPC|OHCHR|Council of Europe|United Nations Security Council|African Union|European Union|United Nations Secretary-General|CP AoR|Caritas|NEXUS Institute|WHO|European Parliament|Council of the European Union|Inter-Parliamentary Union|OECD|ASEAN|South Asian Association for Regional Cooperation|League of Nations|Alliance for Child Protection in Humanitarian Action|ICRC|Save the Children|World Vision|International Rescue Committee|IASC|OCHA|Sphere Association|GAATW|Parliament of the United Kingdom|Congress of the United States|UN Women|UNFPA|UNDP|WFP|Alliance 8.7|Anti-Trafficking Task Team|GBV AoR|GRETA|Europol|Interpol|IGAD|IFRC|La Strada International|Freedom Fund|Polaris|Anti-Slavery International|International Justice Mission|Norad|UNU-CPR|Delta 8.7|CTDC|Counter-Trafficking Data Collaborative|US Department of State (PRM)`,
		v.Regions:       `Worldwide|European Economic Area|Eastern Europe and Central Asia|North Africa|Southern Africa|West and Central Africa|Asia and the Pacific|Middle East|East and Horn of Africa|Western Balkans|South-East Asia|South Asia|Central and North America and the Caribbean|South America|Sahel`,
		v.Topics:        `Capacity Building|Protection|Trafficking|Armed Conflict|Natural Disaster|Refugees|Internally Displaced People|Data Collection|Identification and Screening|Referral Mechanisms|Direct Assistance|Shelter and Accommodation|Health and Psychosocial Support|Legal Assistance and Access to Justice|Return and Reintegration|Children|Unaccompanied and Separated Children|Gender and Gender-Based Violence|Men and Boys|Persons with Disabilities|Labour Exploitation|Sexual Exploitation|Forced Criminality|Forced Marriage|Organ Removal|Child Soldiers and Armed Groups|Smuggling of Migrants|Kidnapping for Ransom|Online and Technology-Facilitated Trafficking|Supply Chains and Ethical Recruitment|Health Emergencies|Climate and Environment|Camp Coordination and Camp Management|Awareness Raising|Legal and Policy Frameworks|International Cooperation|Law Enforcement and Prosecution|Monitoring, Evaluation and Learning|Ethics and Do No Harm|Survivor Engagement|Financing and Financial Investigation`,
		v.Categories:    `Guidance|Handbook or Manual|Toolkit|Standard Operating Procedure|Policy or Strategy|Law or Convention|Resolution or UN Document|Research Study|Assessment|Evaluation|Data Set|Statistics Report|Case Study|Training Material|Awareness Material|Factsheet or Brief|Journal Article|Web Site or Platform|Video or Audio|Internal Instruction`,
		v.Countries:     `UA|SD|CZ|PL|PT|SK|SY|TR|LB|JO|IQ|BW|MW|MZ|ZA|ZM|ZW|GB|US`,
		v.Languages:     `en|fr|es|ru|zh|ar|pt|de|it|uk|tr|fa|prs|ps|ur|hi|bn|ne|my|th|vi|id|sw|am|ti|so|om|ha|ku`,
	} {
		order := -1
		for _, name := range split(names) {
			got, ok := list.Find(name)
			if !ok {
				t.Errorf("%s: %q is not known", list.Name, name)
			}
			if inOrder := list == v.Topics || list == v.Categories; ok && inOrder && got.Order != order+1 {
				t.Errorf("%s: %q stands at %d, want %d", list.Name, name, got.Order, order+1)
			}
			order++
		}
	}
}

func TestLabels(t *testing.T) {
	v := builtIn(t)
	for _, c := range []struct {
		list *List
		code string
		lang string
		want string
	}{
		{v.Countries, "SD", "ar", "السودان"},
		{v.Countries, "TR", "fr", "Türkiye"},
		{v.Countries, "RU", "zh", "俄罗斯联邦"},
		{v.Countries, "XK", "en", "Kosovo (UNSCR 1244)"},
		{v.Organisations, "walk-free", "ru", "Walk Free"}, // no name in Russian
		{v.Topics, "unheard-of", "en", "unheard-of"},
		{v.Topics, "trafficking", "es", "Trata de personas"},
	} {
		if got := c.list.Label(c.code, c.lang); got != c.want {
			t.Errorf("%s in %s is %q, want %q", c.code, c.lang, got, c.want)
		}
	}
	c, _ := v.Categories.Get("internal-instruction")
	for _, other := range v.Categories.All() {
		if (other.Audience == "staff") != (other.Code == c.Code) {
			t.Errorf("%s is for %q", other.Code, other.Audience)
		}
	}
}

func TestNear(t *testing.T) {
	v := builtIn(t)
	for _, c := range []struct {
		list *List
		name string
		code string // empty for none
	}{
		{v.Countries, "Suddan", "SD"},
		{v.Countries, "Ukrane", "UA"},
		{v.Countries, "Moldva", "MD"},
		{v.Countries, "Atlantiss", ""},
		{v.Countries, "SD", ""},
		{v.Countries, "", ""},
		{v.Countries, strings.Repeat("a", 5000), ""},
		{v.Topics, "Armd Conflict", "armed-conflict"},
		{v.Topics, "Identificaction and Screening", "identification-and-screening"},
		{v.Topics, "Underwater Basketry", ""},
	} {
		for range 3 { // the order of a map must not show
			if got, ok := v.Near(c.list, c.name); got.Code != c.code || ok != (c.code != "") {
				t.Errorf("%s: nearest to %.40q is %q, want %q", c.list.Name, c.name, got.Code, c.code)
			}
		}
	}
}

func TestRegionsOf(t *testing.T) {
	v := builtIn(t)
	for _, c := range []struct{ countries, regions, want string }{
		{"", "", ""},
		{"SD", "", "002 015 east-horn-africa north-africa"},
		{"SD", "middle-east north-africa", "002 015 142 145 east-horn-africa middle-east north-africa"},
		{"", "middle-east", "142 145 middle-east"},
		{"", "worldwide", "worldwide"},
		{"", "sahel", "002 202 sahel west-central-africa"},
		{"UA", "worldwide", "150 151 eastern-europe-central-asia worldwide"},
		{"XK", "", "039 150 western-balkans"},
		{"TR", "", "142 145"},
		{"TH", "", "035 142 asia-pacific south-east-asia"},
		{"", "south-america", "005 019 419 south-america"},
		{"AQ", "atlantis", "atlantis"},
		{"ZZ", "", ""},
	} {
		got := v.RegionsOf(strings.Fields(c.countries), strings.Fields(c.regions))
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s / %s: %s, want %s", c.countries, c.regions, got, c.want)
		}
	}
}

// moved are the territories that older CLDRs, and x/text with them, put into
// outlying Oceania; M49 does not.
const moved = "AQ BV CC CX GS HM IO TF UM"

// TestM49 compares the members of M49's regions with those that x/text knows.
func TestM49(t *testing.T) {
	v := builtIn(t)
	for _, r := range v.Regions.All() {
		if r.Scheme != M49 {
			continue
		}
		region := language.MustParseRegion(r.Code)
		for _, c := range v.Countries.All() {
			if want := region.Contains(language.MustParseRegion(c.Code)); want != slices.Contains(r.Members, c.Code) && !strings.Contains(moved, c.Code) {
				t.Errorf("%s holds %s: want %t", r.Code, c.Code, want)
			}
		}
	}
	for code, n := range map[string]int{"002": 60, "019": 57, "142": 51, "150": 52, "009": 29, "015": 7, "202": 53, "european-economic-area": 30, "worldwide": 0} {
		if r, _ := v.Regions.Get(code); len(r.Members) != n {
			t.Errorf("%s has %d members, want %d", code, len(r.Members), n)
		}
	}
}
