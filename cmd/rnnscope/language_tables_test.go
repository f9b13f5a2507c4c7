package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
)

// ends are the columns of the terminal at which headings end, on the first line
// of out that has them all in this order; nil when none has.
func ends(out string, headings []string) []int {
	for line := range strings.Lines(out) {
		var columns []int
		at := 0
		for _, h := range headings {
			i := strings.Index(line[at:], h)
			if i < 0 {
				break
			}
			at += i + len(h)
			columns = append(columns, ansi.StringWidth(line[:at]))
		}
		if len(columns) == len(headings) {
			return columns
		}
	}
	return nil
}

// The headings of figures, which stand to the right, end at the same column in
// both languages.
func TestHeadingsEndAlike(t *testing.T) {
	run := trained(t, strings.Repeat("abc", 300))
	pairs, _, _ := call(t, "", "corpora", "write", "agreement-pairs")
	for _, c := range []struct {
		args             []string
		english, chinese []string
	}{
		{
			[]string{"ngram", "reber", "--order", "2"},
			[]string{"order", "entries", "size", "time", "valid ppl", "bits", "test ppl", "bits"},
			[]string{"阶", "条目", "大小", "用时", "验证困惑度", "比特", "测试困惑度", "比特"},
		},
		{
			[]string{"score", "ngram:agreement", "--pairs", "-"},
			[]string{"attractors", "pairs", "covered", "share"},
			[]string{"吸引子", "句对", "覆盖", "占比"},
		},
		{
			[]string{"score", run, "abc", "abcab"},
			[]string{"log p", "sum", "log p", "sum"},
			[]string{"对数概率", "累计", "对数概率", "累计"},
		},
		{
			[]string{"trace", run, "abc", "--influence"},
			[]string{"step", "gradient", "times x", "zeroed", "left out"},
			[]string{"步", "梯度", "乘以 x", "置零", "略去"},
		},
	} {
		en, errs, status := call(t, pairs, append(slices.Clone(c.args), "--lang", "en")...)
		if status != 0 {
			t.Fatalf("%v: %s", c.args, errs)
		}
		zh, _, _ := call(t, pairs, append(slices.Clone(c.args), "--lang", "zh")...)
		want, got := ends(en, c.english), ends(zh, c.chinese)
		if want == nil || !slices.Equal(got, want) {
			t.Errorf("%v: headings end at %v, want %v\n%s\n%s", c.args, got, want, en, zh)
		}
	}
}
