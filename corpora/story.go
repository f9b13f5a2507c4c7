package corpora

import "strings"

// story is five sentences about two people, a thing, its colour and a place.
//
//	Mia has a red kite . she walks to the lake . Tom is at the lake .
//	Mia gives the red kite to Tom . now Tom has the red kite and he is glad .
//
// All of it is one line. Six words are chosen; ten repeat a choice or agree with
// one, up to thirty words later, and are certain to a reader who remembers.
type story struct{}

// The first half of the names are women's, the others men's. No two begin with
// the same letter, so that spelled out, a name is told by its first letter.
var (
	storyNames    = strings.Fields("Ada Eve Ida Mia Ben Leo Sam Tom")
	storyColours  = strings.Fields("red blue green white")
	storyThings   = strings.Fields("ball book coin cup drum hat kite lamp")
	storyPlaces   = strings.Fields("barn lake market mill")
	storyPronouns = strings.Fields("she he")
	storyFeelings = strings.Fields("glad happy proud tired")
)

// The choices of the phenomenon.
const (
	amongNames = iota
	amongColours
	amongThings
	amongPlaces
	amongPronouns
)

// The classes of the phenomenon.
const (
	repeatsGiver = iota
	repeatsReceiver
	repeatsColour
	repeatsThing
	repeatsPlace
	pronounOfGiver
	pronounOfReceiver
)

func (story) write(l *line, c chooser) {
	say := func(words ...string) {
		for _, w := range words {
			l.add(w, 0)
		}
	}
	choose := func(words []string) int {
		n := c.below(len(words))
		l.add(words[n], natsOf(len(words)))
		return n
	}
	again := func(class, choice, n int, words []string) {
		l.add(words[n], 0)
		l.score(class, choice, n)
	}
	gender := func(name int) int { return name / (len(storyNames) / 2) }

	giver := choose(storyNames)
	say("has", "a")
	colour, thing := choose(storyColours), choose(storyThings)
	say(".")
	again(pronounOfGiver, amongPronouns, gender(giver), storyPronouns)
	say("walks", "to", "the")
	place := choose(storyPlaces)
	say(".")
	receiver := c.below(len(storyNames) - 1) // anybody else
	if receiver >= giver {
		receiver++
	}
	l.add(storyNames[receiver], natsOf(len(storyNames)-1))
	say("is", "at", "the")
	again(repeatsPlace, amongPlaces, place, storyPlaces)
	say(".")
	it := func() {
		say("the")
		again(repeatsColour, amongColours, colour, storyColours)
		again(repeatsThing, amongThings, thing, storyThings)
	}
	again(repeatsGiver, amongNames, giver, storyNames)
	say("gives")
	it()
	say("to")
	again(repeatsReceiver, amongNames, receiver, storyNames)
	say(".", "now")
	again(repeatsReceiver, amongNames, receiver, storyNames)
	say("has")
	it()
	say("and")
	again(pronounOfReceiver, amongPronouns, gender(receiver), storyPronouns)
	say("is")
	choose(storyFeelings)
	say(".", lineEnd)
}

// expected: every line is five sentences of 6, 6, 6, 8 and 11 words, and its
// end. A model that forgets everything but where it is in the line guesses each
// of the 16 words among all that can stand there.
func (story) expected() expected {
	names, colours, things, places := bitsOf(len(storyNames)), bitsOf(len(storyColours)), bitsOf(len(storyThings)), bitsOf(len(storyPlaces))
	feelings, pronouns := bitsOf(len(storyFeelings)), bitsOf(len(storyPronouns))
	const others = 12 // has a . walks to the is at gives now and, the end
	return expected{
		symbols: len(storyNames) + len(storyColours) + len(storyThings) + len(storyPlaces) + len(storyPronouns) + len(storyFeelings) + others,
		tokens:  6 + 6 + 6 + 8 + 11 + 1,
		bits:    names + colours + things + places + bitsOf(len(storyNames)-1) + feelings,
		forgets: 5*names + 3*colours + 3*things + 2*places + 2*pronouns + feelings,
	}
}

func (story) phenomenon() phenomenon {
	return phenomenon{
		title: "what the story said before",
		classes: []string{
			repeatsGiver:      "the giver",
			repeatsReceiver:   "the receiver",
			repeatsColour:     "the colour",
			repeatsThing:      "the thing",
			repeatsPlace:      "the place",
			pronounOfGiver:    "the giver's pronoun",
			pronounOfReceiver: "the receiver's pronoun",
		},
		choices: [][][]string{
			amongNames:    singles(storyNames),
			amongColours:  singles(storyColours),
			amongThings:   singles(storyThings),
			amongPlaces:   singles(storyPlaces),
			amongPronouns: singles(storyPronouns),
		},
	}
}
