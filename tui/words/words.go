package words

import (
	"strings"
	"sync"

	"rnnscope/core/say"
)

// Say is what v says in a language: a message or an error, as say.In has it.
func Say(l Lang, v any) string { return say.In(translator(l), v) }

// Try is the next move that an error proposes, in a language.
func Try(l Lang, err error) string { return say.Try(translator(l), err) }

func translator(l Lang) say.Translate {
	if l == Chinese {
		return chinese
	}
	return nil // English is what is written in the code
}

// chinese finds the Chinese of a format or a phrase. A phrase that ends in a
// number, such as a class of positions, is found under "lag …".
func chinese(english string) (string, bool) {
	all := tables()
	if s, ok := all[english]; ok {
		return s, true
	}
	if i := strings.LastIndexByte(english, ' '); i > 0 {
		if s, ok := all[english[:i]+" …"]; ok {
			return strings.Replace(s, "…", english[i+1:], 1), true
		}
	}
	return "", false
}

// messages are the formats of say.Textf and say.Errorf, by topic.
var messages = []map[string]string{zhErrors, zhErrorsOfFiles, zhErrorsOfTexts, zhErrorsOfQuestions, zhErrorsOfCalls, zhLines, zhLag, zhFormats}

// phrases are texts that are looked up whole: help, and what corpora keep as
// data.
var phrases = []map[string]string{zhHelp, zhFlags, zhNames, zhLagPhrases, zhFormatsHelp}

// tables is all that is known in Chinese, by the English.
var tables = sync.OnceValue(func() map[string]string {
	all := map[string]string{}
	for _, group := range [][]map[string]string{messages, phrases, {zhSystem}} {
		for _, table := range group {
			for english, chinese := range table {
				all[english] = chinese
			}
		}
	}
	return all
})
