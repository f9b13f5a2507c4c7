package words

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"testing"
	"unicode"
)

var screenVerb = regexp.MustCompile(`%[-+# 0]*[\d.]*(\[\d+\])?[\d.]*[a-zA-Z]`)

// neutral are texts that are the same in both languages.
var neutral = []string{"：", "dropout", "%d-gram", "T=%s  H %s", "top-k k K", "top-p o O", "top-k", "top-p", "0", "1", "%s nat", "nat", "Katz", "KN"}

// Every text exists in both languages, with the same verbs, and the Chinese is
// Chinese.
func TestScreensAreComplete(t *testing.T) {
	var compare func(path string, en, zh reflect.Value)
	texts := 0
	compare = func(path string, en, zh reflect.Value) {
		switch en.Kind() {
		case reflect.Struct:
			for i := range en.NumField() {
				compare(path+"."+en.Type().Field(i).Name, en.Field(i), zh.Field(i))
			}
		case reflect.Array:
			for i := range en.Len() {
				compare(fmt.Sprintf("%s[%d]", path, i), en.Index(i), zh.Index(i))
			}
		case reflect.Map:
			if en.Len() != zh.Len() {
				t.Errorf("%s has %d texts and %d", path, en.Len(), zh.Len())
			}
			for _, k := range en.MapKeys() {
				if !zh.MapIndex(k).IsValid() {
					t.Errorf("%s[%v] is missing in Chinese", path, k)
					continue
				}
				compare(fmt.Sprintf("%s[%v]", path, k), en.MapIndex(k), zh.MapIndex(k))
			}
		case reflect.String:
			texts++
			a, b := en.String(), zh.String()
			if a == "" || b == "" {
				t.Errorf("%s is empty: %q, %q", path, a, b)
			}
			if x, y := screenVerb.FindAllString(a, -1), screenVerb.FindAllString(b, -1); !slices.Equal(x, y) {
				t.Errorf("%s: verbs %v and %v", path, x, y)
			}
			if !slices.ContainsFunc([]rune(b), func(r rune) bool { return unicode.Is(unicode.Han, r) }) && !slices.Contains(neutral, b) && path != ".Keys.Language.Short" {
				t.Errorf("%s: %q is not Chinese", path, b)
			}
		default:
			t.Fatalf("%s is a %s", path, en.Kind())
		}
	}
	compare("", reflect.ValueOf(englishScreen), reflect.ValueOf(chineseScreen))
	if texts < 100 {
		t.Errorf("only %d texts were compared", texts)
	}
	if For(English) != &englishScreen || For(Chinese) != &chineseScreen {
		t.Error("For finds the wrong catalogue")
	}
}
