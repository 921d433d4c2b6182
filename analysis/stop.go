package analysis

import (
	"strings"
	"sync"
)

// StopWord reports whether a folded word is one of the very common function
// words of a language. They stay in the index, so that phrases work; a query
// may rank without them. Of an unknown language there are none.
func StopWord(word, lang string) bool {
	return stopWords()[lang][word]
}

var stopWords = sync.OnceValue(func() map[string]map[string]bool {
	sets := map[string]map[string]bool{}
	for lang, list := range stopLists {
		set := map[string]bool{}
		for _, w := range strings.Fields(list) {
			set[Fold(w)] = true
		}
		sets[lang] = set
	}
	return sets
})

// stopLists are the articles, prepositions, pronouns, conjunctions and
// auxiliary verbs of the languages most of the library is written in. Words
// that carry meaning in titles (against, without, между) are not among them.
var stopLists = map[string]string{
	"en": `a an the and or but nor so if then than that this these those of in on at by for from to into onto with as
		is are was were be been being am do does did has have had having will would shall should can could may might must
		i me my we us our you your he him his she her it its they them their who whom whose which what
		not no s t about there here how when where why all any both each more most such own same too very just also`,
	"fr": `le la les l un une des du de d et ou mais ni or car si que qu qui quoi dont où ce cet cette ces c se s sa son ses
		je me m te t il elle on nous vous ils elles lui leur leurs y en ne n pas plus au aux à dans par pour sur avec sous
		est sont était étaient être été ont a avait ayant sera seront soit mon ma mes ton ta tes notre nos votre vos
		comme ainsi aussi entre chez vers tout toute tous toutes même`,
	"es": `el la los las lo un una unos unas y e o u pero ni si que de del al a en por para con sobre como más
		se su sus me mi mis te tu tus nos le les yo él ella ellos ellas ello este esta estos estas esto ese esa esos esas eso
		es son era eran ser sido fue fueron está están ha han había haber hay no cual cuales quien quienes cuyo cuya
		cuando donde entre también muy ya todo toda todos todas`,
	"pt": `o a os as um uma uns umas e ou mas nem se que de do da dos das em no na nos nas por pelo pela pelos pelas para
		com ao aos à às como mais seu sua seus suas ele ela eles elas este esta estes estas isto esse essa isso
		é são era eram ser foi foram está estão há não qual quais quem cujo quando onde entre também muito já`,
	"it": `il lo la i gli le l un uno una e ed o ma né se che di del dello della dei degli delle d a al allo alla ai agli
		alle da dal dalla dai dalle in nel nella nei nelle con su sul sulla sui sulle per tra fra come più suo sua suoi sue
		è sono era erano essere stato ha hanno non quale quali chi cui questo questa questi queste anche`,
	"de": `der die das den dem des ein eine einen einem einer eines und oder aber wenn dass daß als wie von vom zu zum zur in
		im an am auf aus bei beim mit nach für über um durch ist sind war waren sein wird werden wurde wurden hat haben
		sich nicht auch nur noch er sie es ihr ihre ihren ihrer wir uns unser dieser diese dieses`,
	"ru": `и в во не что он на я с со как а то все она так его но да ты к у же вы за бы по ее её мне от меня еще ещё о об
		из ему им их ли если или ни быть был была были было до вас нас они мы этот эта это эти этого этой этих тот
		для при который которая которое которые также под над чем кто где когда`,
	"ar": `في من على إلى عن مع هذا هذه ذلك تلك التي الذي الذين اللاتي أن إن أو ثم لا ما لم لن قد كان كانت يكون تكون
		هو هي هم هن كما بين عند حتى كل بعض أي إذا لكن و ف ب ل وفي ومن وعلى وإلى وأن وهو وهي فيها فيه منها منه به بها له لها`,
	"zh": `的 了 和 与 及 在 是 有 为 以 对 于 之 或 而 等 被 把 将 从 到 由 其 这 那 个 关于 以及 对于`,
}
