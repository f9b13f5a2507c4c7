package words

import (
	"strings"

	"rnnscope/core/say"
)

// Lang is a language of the program.
type Lang string

// The languages, as --lang names them.
const (
	English Lang = "en"
	Chinese Lang = "zh" // simplified
)

// Langs lists them.
func Langs() []Lang { return []Lang{English, Chinese} }

// ParseLang reads the name of a language.
func ParseLang(s string) (Lang, error) {
	for _, l := range Langs() {
		if s == string(l) {
			return l, nil
		}
	}
	return "", say.Errorf("lang must be en or zh, not %q", s)
}

// Detect is the language that the environment asks for: that of the first set
// of LC_ALL, LC_MESSAGES and LANG, English when it is not Chinese.
func Detect(getenv func(string) string) Lang {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if value := getenv(name); value != "" {
			if strings.HasPrefix(strings.ToLower(value), string(Chinese)) {
				return Chinese
			}
			break
		}
	}
	return English
}
