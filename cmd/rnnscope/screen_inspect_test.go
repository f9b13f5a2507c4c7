//go:build unix

package main

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"rnnscope/core/scope"
	tty "rnnscope/tui/terminal"
)

const (
	keysAre = "The keys to the cabinet are here."
	keysIs  = "The keys to the cabinet is here."
)

// inspecting opens screen 2 on a paused model of a few updates.
func inspecting(t *testing.T, l look) *screen {
	t.Helper()
	s := open(t, l)
	s.until("the first figures", started)
	s.press("2")
	s.untilText("A ▸")
	s.press("p")
	s.until("paused", func(v *tty.Screen) bool { return strings.Contains(v.Line(0), "paused") })
	s.until("the newest weights", func(v *tty.Screen) bool {
		m := updateNumber.FindStringSubmatch(row(v, "training, update"))
		return m != nil && m[0] == updateNumber.FindString(v.Line(0))
	})
	return s
}

// sentences types two sentences.
func (s *screen) sentences(a, b string) {
	s.t.Helper()
	if err := s.Paste(a); err != nil { // taken at once when nothing is being typed
		s.t.Fatal(err)
	}
	s.untilText("A ▸ " + a)
	if b == "" {
		return
	}
	s.press("E")
	s.untilText("enter takes it")
	if err := s.Paste(b); err != nil {
		s.t.Fatal(err)
	}
	s.untilText(b)
	s.press("enter")
	s.until("the end of typing", func(v *tty.Screen) bool { return !v.Has("enter takes it") && v.Has("B ▸ "+b) })
}

// says waits until all texts stand on the screen.
func (s *screen) says(texts ...string) {
	s.t.Helper()
	s.until(fmt.Sprintf("%q", texts), func(v *tty.Screen) bool {
		for _, text := range texts {
			if !v.Has(text) {
				return false
			}
		}
		return true
	})
}

// A sentence is traced with the weights of the moment while training goes on;
// frozen ones stay. Map, equation and unit show the numbers that trace prints of
// the saved model.
func TestScreenInspectsASentence(t *testing.T) {
	t.Parallel()
	s := open(t, look{})
	s.until("the first figures", started)
	s.press("2")
	weights := func(v *tty.Screen) int {
		m := updateNumber.FindStringSubmatch(row(v, "following training"))
		if m == nil {
			return -1
		}
		var n int
		fmt.Sscan(strings.ReplaceAll(m[1], ",", ""), &n)
		return n
	}
	first := -1
	s.until("a trace", func(v *tty.Screen) bool { first = weights(v); return first > 0 && v.Has("hidden state") })
	s.until("newer weights", func(v *tty.Screen) bool { return weights(v) > first })
	s.press("f")
	s.untilText("frozen weights")
	frozen := ""
	s.See(func(v *tty.Screen) { frozen = row(v, "frozen weights") })
	s.until("ten updates more", func(v *tty.Screen) bool {
		var at int
		fmt.Sscan(strings.ReplaceAll(updateNumber.FindStringSubmatch(frozen)[1], ",", ""), &at)
		return update(v) > at+10
	})
	s.See(func(v *tty.Screen) {
		if got := row(v, "frozen weights"); got != frozen {
			t.Errorf("frozen weights became %q, were %q", got, frozen)
		}
	})
	s.press("f", "f", "p")
	s.until("paused", func(v *tty.Screen) bool { return strings.Contains(v.Line(0), "paused") })
	s.until("the newest weights", func(v *tty.Screen) bool { return weights(v) == update(v) })
	s.sentences(keysAre, "")
	s.says("token 33 of 33") // what was given is asked about at its end
	s.press("home", "right", "right", "right", "right", "down", "down")
	s.says(`token 5 of 33: “k”`, "unit 2  h ")

	s.press("ctrl+s")
	s.untilText("saved in")
	runs, err := filepath.Glob(filepath.Join(s.dir, "runs", "*"))
	if err != nil || len(runs) != 1 {
		t.Fatalf("the runs are %v, %v", runs, err)
	}
	out, err := process("trace", runs[0], keysAre, "--json").Output()
	if err != nil {
		t.Fatal(err)
	}
	var trace scope.Trace
	if err := json.Unmarshal(out, &trace); err != nil {
		t.Fatal(err)
	}
	layer := trace.Steps[4].Layers[0]
	s.says(fmt.Sprintf("unit 2  h %+.4f", layer.H[2]))
	s.press("v")
	s.says(fmt.Sprintf("unit 2  c %+.4f", layer.C[2]), "cell state")
	s.press("v", "v")
	s.says(fmt.Sprintf("unit 2  f %+.4f", layer.Gates["f"][2]), "forget gate")
	s.press("o", "o", "o")
	s.says("by similarity")
	s.press("g", "z")
	s.says("fixed scale")
	s.press("tab")
	s.says("LSTM, layer 1 of 1, unit 2, after token 5", fmt.Sprintf("= %+.5f", layer.Gates["f"][2]), fmt.Sprintf("= %+.5f", layer.H[2]))
	s.press("space", "space")
	s.says("operation 2 of 24")
	s.press("backspace")
	s.says("operation 1 of 24")
	s.press("tab", "space")
	s.says("unit 2 of layer 1 of 1", "tokens of the validation text: mean")
	s.press("w")
	s.says("wrote", "inspect-unit")
	s.press("q")
	s.end(0)
}

var found = regexp.MustCompile(`(?m)^ +(\d+)  [a-z ]+ +(AUC|r) `)

// Units are searched for with progress, spans by the units that are on there,
// and influence is shown by four measures.
func TestScreenFindsUnits(t *testing.T) {
	t.Parallel()
	s := inspecting(t, look{})
	s.sentences(keysAre, "")
	s.press("tab", "tab", "tab")
	s.says("space searches layer 1")
	s.press("space")
	s.says("p corr.", "sentence position", "shifts")
	s.See(func(v *tty.Screen) {
		if n := len(found.FindAllString(v.Text(), -1)); n < 8 {
			t.Errorf("only %d rows are listed:\n%s", n, v.Text())
		}
	})
	s.press("enter")
	s.says("of layer 1 of 1", "tokens of the validation text: mean")
	s.press("home", "m", "right", "right", "m", "<", "<", "<", "<", "<", "M")
	s.says("marked: The", "on from |h| ≥ 0.05")
	s.until("spans, or none", func(v *tty.Screen) bool { return v.Has("spans in") || v.Has("No unit is on") })
	s.press("tab", "end", "left")
	s.says("what speaks for “.” after token 32", "left out", "zeroed", "gradient · input", "gradient norm", "nats")
	s.press("q")
	s.end(0)
}

// Two sentences are compared, and the word in which they differ weighed; units
// and states are intervened in; the network is drawn unrolled.
func TestScreenComparesAndIntervenes(t *testing.T) {
	t.Parallel()
	s := inspecting(t, look{columns: 140, rows: 44})
	s.sentences(keysAre, keysIs)
	s.press("shift+tab", "shift+tab", "shift+tab")
	s.says("likelier by", "A-B", `log p of " are " less that of " is "`)
	s.press("tab", "home", "right", "right", "right", "space")
	s.says("unit 0 ablated", "log p of the sentence", "as trained", "as changed")
	s.until("another distribution", func(v *tty.Screen) bool { return v.Has("KL ") && v.Has(" → ") })
	s.press("down", "c", "+", "t")
	s.says("clamped at", "from token 4 on")
	s.press("s", "right", "s", "y")
	s.says("after token 4 of A stands the state after token 5 of B")
	s.press("X")
	s.says("a ablates unit 1")
	s.press("home", "tab")
	s.says("W_hh", "W_hx", "W_hy", "h₀=0", "h₁")
	s.press("space")
	s.says("the same network as one step")
	s.press("q")
	s.end(0)
}

// Chinese sentences of the list, in Chinese, at the least of sizes.
func TestScreenInspectsChinese(t *testing.T) {
	t.Parallel()
	s := open(t, look{columns: 80, rows: 24, args: []string{"zh", "--lang", "zh"}})
	s.until("a word of the screen", func(v *tty.Screen) bool { return v.Has("训练中") })
	s.press("2")
	s.untilText("A ▸")
	s.press("b")
	s.untilText("读音相同")
	s.press("down", "down", "enter")
	s.says("A ▸ 狗咬人", "B ▸ 人咬狗")
	for _, view := range []string{"方程", "单元", "查找", "影响", "对比", "干预", "展开", "热图"} {
		s.press("tab", "right")
		s.says(view, "剖析")
	}
	s.press("q")
	s.end(0)
}

// What cannot be read whole is read as far as it goes, and that is said.
func TestScreenInspectsBadInput(t *testing.T) {
	t.Parallel()
	s := inspecting(t, look{})
	if err := s.Paste(strings.Repeat("abcd ", 20_000)); err != nil {
		t.Fatal(err)
	}
	s.says("characters are too many: the first 4,000 are taken", "the first 2,000 of 4,000 tokens")
	s.press("end")
	s.says("token 2000 of 2000")
	s.press("e", "ctrl+u", "enter")
	s.says("There is no sentence")
	for range 8 {
		s.press("tab", "space", "right", "down", "a", "F")
	}
	s.press("X")
	if err := s.Paste("狗 bites 人"); err != nil {
		t.Fatal(err)
	}
	s.says("2 unknown tokens")
	s.press("q")
	s.end(0)
}
