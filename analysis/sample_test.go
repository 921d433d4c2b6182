package analysis

// sample is running text of one language, for benchmarks and properties.
type sample struct{ lang, text string }

func sampleTexts() []sample {
	return []sample{
		{"en", "The Toolkit to Combat Trafficking in Persons, adopted under resolution A/RES/64/293, helps practitioners' organisations identify victims; children and women are exploited in forced labour across 124 countries. "},
		{"fr", "Le Plan d'action de Ouagadougou contre la traite des êtres humains, adopté en 2002, renforce l’identification, la protection et l'assistance aux victimes, en particulier des femmes et des enfants exploités. "},
		{"es", "La trata de mujeres y niñas: informe del Secretario General sobre la explotación, la protección de las víctimas y la cooperación internacional contra la delincuencia organizada, según la resolución 2331 (2016). "},
		{"ru", "Торговля людьми, особенно женщинами и детьми: доклад Генерального секретаря о мерах по предупреждению и пресечению преступлений, а также о защите её жертв и их возвращении в страну происхождения. "},
		{"ar", "بروتوكول منع وقمع ومعاقبة الاتجار بالأشخاص، وبخاصة النساء والأطفال، المكمل لاتفاقية الأمم المتحدة لمكافحة الجريمة المنظمة عبر الوطنية، وحماية الضحايا ومساعدتهم في البلدان المستقبلة. "},
		{"zh", "关于预防、禁止和惩治贩运人口特别是妇女和儿童行为的补充议定书，联合国打击跨国有组织犯罪公约，保护受害者，加强国际合作。"},
		{"hi", "मानव तस्करी, विशेषकर महिलाओं और बच्चों की तस्करी को रोकने और दंडित करने के लिए प्रोटोकॉल। "},
		{"th", "พิธีสารเพื่อป้องกัน ปราบปรามและลงโทษการค้ามนุษย์ โดยเฉพาะสตรีและเด็ก "},
	}
}
