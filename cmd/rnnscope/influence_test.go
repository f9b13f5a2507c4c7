package main

import (
	"errors"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"

	"rnnscope/core/kernel"
	"rnnscope/core/rnn"
	"rnnscope/core/scope"
)

// With --influence and --ablate: the JSON has what was asked for, on the token
// that was asked about; without them it is as it was.
func TestTraceInfluenceAndAblation(t *testing.T) {
	run := trained(t, strings.Repeat("abcabd\n", 100))
	type trace struct {
		Ablated   []string
		Influence *struct {
			At, Target, From int
			Token            string
			LogP             *float64  `json:"log_p"`
			Norm             []float64 `json:"gradient_norm"`
			Dot              []float64 `json:"gradient_times_input"`
			Zero             []float64 `json:"zeroed"`
			Drop             []float64 `json:"left_out"`
		}
		Steps []struct {
			Surprisal *float64
			Layers    []struct{ H []float64 }
		}
	}
	ask := func(args ...string) trace {
		t.Helper()
		out, errs, code := call(t, "", append([]string{"trace", run}, args...)...)
		if code != 0 {
			t.Fatal(errs)
		}
		return decode[trace](t, out)
	}
	plain := ask("abcab", "--json")
	out, _, _ := call(t, "", "trace", run, "abcab", "--json")
	keys := func(m map[string]any) string { return strings.Join(slices.Sorted(maps.Keys(m)), " ") }
	whole := decode[map[string]any](t, out)
	step := whole["steps"].([]any)[1].(map[string]any)
	layer := step["layers"].([]any)[0].(map[string]any)
	if got := keys(whole) + "; " + keys(step) + "; " + keys(layer); got != "model steps unknown; entropy id layers logits surprisal token; c gates h" {
		t.Errorf("the fields of a trace are %s", got)
	}
	if plain.Influence != nil || plain.Ablated != nil {
		t.Errorf("influence %v and ablation %v without being asked for", plain.Influence, plain.Ablated)
	}
	last := ask("abcab", "--influence", "--json")
	if q := last.Influence; q == nil || q.At != 3 || q.Token != "b" || len(q.Norm) != 4 || len(q.Dot) != 4 || len(q.Zero) != 4 || len(q.Drop) != 4 {
		t.Errorf("influence on the last token: %+v", last.Influence)
	} else if math.Abs(*q.LogP+*last.Steps[4].Surprisal) > 1e-5 {
		t.Errorf("log p %v of a token whose surprisal is %v", *q.LogP, *last.Steps[4].Surprisal)
	}
	if q := ask("abcab", "--influence", "--next", "d", "--json").Influence; q == nil || q.At != 4 || q.Token != "d" || len(q.Drop) != 5 {
		t.Errorf("influence on another token: %+v", q)
	}
	ablated := ask("abcab", "--ablate", "0:2, 0:5", "--json")
	for i, s := range ablated.Steps {
		if h := s.Layers[0].H; h[2] != 0 || h[5] != 0 || h[3] == 0 {
			t.Errorf("step %d: h = %v with units 2 and 5 ablated", i, h)
		}
	}
	if strings.Join(ablated.Ablated, " ") != "0:2 0:5" || *ablated.Steps[4].Surprisal == *plain.Steps[4].Surprisal {
		t.Errorf("ablated %v, surprisal %v", ablated.Ablated, *ablated.Steps[4].Surprisal)
	}

	out, _, code := call(t, "", "trace", run, "abcab", "--influence", "--ablate", "0:2")
	if code != 0 || !strings.Contains(out, `what speaks for "b" after step 4 (p `) || !strings.Contains(out, "left out  token\n   1  ") || !strings.Contains(out, "ablated: 0:2") {
		t.Errorf("for people:\n%s", out)
	}
	_, table, _ := strings.Cut(out, "what speaks")
	for line := range strings.Lines(table) {
		if len([]rune(line)) > 81 {
			t.Errorf("wider than 80 columns: %q", line)
		}
	}
}

// Wrong questions are wrong calls, with what is wrong and the next move.
func TestTraceRefusesWrongQuestions(t *testing.T) {
	run := trained(t, strings.Repeat("abcabd\n", 100))
	for _, c := range []struct{ flags, want string }{
		{"--ablate 0", `ablate must be LAYER:UNIT by comma, not "0"`},
		{"--ablate 0:x", `ablate must be LAYER:UNIT by comma, not "0:x"`},
		{"--ablate 0:1,", `ablate must be LAYER:UNIT by comma, not ""`},
		{"--ablate 7:1", "ablate: there is no layer 7"},
		{"--ablate 0:-1", "ablate: layer 0 has no unit -1"},
		{"--ablate 0:100000", "ablate: layer 0 has no unit 100000"},
		{"--next d", "--next says which token --influence is on"},
		{"--influence --next dd", `the vocabulary has no token "dd"`},
	} {
		_, errs, code := call(t, "", append([]string{"trace", run, "abc"}, strings.Fields(c.flags)...)...)
		if code != exitUsage || !strings.Contains(errs, c.want) {
			t.Errorf("%s: status %d, %s", c.flags, code, errs)
		}
	}
	for sentence, want := range map[string]string{"a": "one token, which nothing speaks for", "abX": "does not know the last token"} {
		_, errs, code := call(t, "", "trace", run, sentence, "--influence")
		if code != exitUsage || !strings.Contains(errs, want) {
			t.Errorf("%q: status %d, %s", sentence, code, errs)
		}
	}
}

// Whatever is typed for --ablate is units of the model, each written so that it
// reads back, or a wrong call.
func FuzzParseUnits(f *testing.F) {
	m, err := rnn.New(rnn.Config{Cell: "gru", Vocab: 3, Embed: 2, Hidden: 5, Layers: 2}, kernel.Available()[0])
	if err != nil {
		f.Fatal(err)
	}
	for _, s := range []string{"", "0:1", "1:4, 0:0", "0", ":", "0:9223372036854775808", "-0:+1", ",,"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		changes, err := parseUnits(s, m)
		if err != nil {
			if u := (usage{}); !errors.As(err, &u) {
				t.Errorf("%q: %v is no wrong call", s, err)
			}
			return
		}
		for _, u := range changes.Units {
			if u != scope.Ablate(u.Layer, u.Unit) || u.Layer < 0 || u.Layer > 1 || u.Unit < 0 || u.Unit > 4 {
				t.Errorf("%q gives %+v", s, u)
			}
		}
		if s != "" && len(changes.Units) != 1+strings.Count(s, ",") {
			t.Errorf("%q gives %d units", s, len(changes.Units))
		}
	})
}
