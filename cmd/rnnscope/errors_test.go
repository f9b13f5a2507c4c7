package main

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// Everything a user can get wrong: what is said, with which status, and that
// nothing that was there is written over.
func TestBadInput(t *testing.T) {
	dir := t.TempDir()
	file := func(name, content string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	text := strings.Repeat("the quick brown fox jumps over the lazy dog\n", 100)
	good := file("good.txt", text)
	model := filepath.Join(dir, "model")
	if _, errs, code := call(t, "", "train", good, "--updates", "2", "--batch", "4", "--window", "8", "--hidden", "8", "--embed", "4", "--out", model); code != 0 {
		t.Fatal(errs)
	}
	weights, err := os.ReadFile(filepath.Join(model, "model.safetensors"))
	if err != nil {
		t.Fatal(err)
	}
	small := []string{"--batch", "4", "--window", "8", "--hidden", "8", "--embed", "4", "--updates", "2"}
	train := func(text string, flags ...string) []string {
		return append(append([]string{"train", text, "--out", filepath.Join(dir, "run")}, small...), flags...)
	}

	for _, c := range []struct {
		name   string
		args   []string
		stdin  string
		status int
		say    []string // all of them, in standard error
	}{
		{"missing file", train(filepath.Join(dir, "nothing.txt")), "", 1, []string{"nothing.txt", "no such file"}},
		{"unknown built-in", train("fabels"), "", 1, []string{"fabels"}},
		{"mistyped command", []string{"trian"}, "", 1, []string{"trian: no such file", "did you mean rnnscope train?"}},
		{"no command", []string{"nothing-like-one"}, "", 1, []string{"nothing-like-one: no such file", "  the built-in texts: rnnscope corpora"}},
		{"mistyped command of a command", []string{"corpora", "writ"}, "", 2, []string{"rnnscope corpora takes no argument", "did you mean rnnscope corpora write?"}},
		{"what others call sample", []string{"generate"}, "", 1, []string{"did you mean rnnscope sample?"}},
		{"mistyped text", train("fabels"), "", 1, []string{"fabels: no such file", "did you mean fables?"}},
		{"a window beyond all", train(good, "--window", "100000000"), "", 2, []string{"window must be from 1 to 1048576, not 100000000"}},
		{"a text after a command", train("trian"), "", 1, []string{"trian: no such file", "  the built-in texts: rnnscope corpora"}},
		{"empty file", train(file("empty.txt", "")), "", 1, []string{"empty.txt", "empty"}},
		{"empty standard input", train("-"), "", 1, []string{"standard input", "empty"}},
		{"one character", train(file("one.txt", "a")), "", 1, []string{"one.txt"}},
		{"too short", train(file("short.txt", strings.Repeat("abc", 5))), "", 1, []string{"short.txt", "too short", "batch 4", "--batch"}},
		{"invalid UTF-8", train(file("latin.txt", text+"caf\xe9 au lait"+text)), "", 1, []string{"latin.txt", "UTF-8", "4,403", "--lossy"}},
		{"directory", train(dir), "", 1, []string{"directory"}},
		{"binary file", train(file("binary", "\x7fELF\x00\x00\x01\x02"+text)), "", 1, []string{"binary"}},
		{"one symbol", train(file("aaaa.txt", strings.Repeat("a", 5000))), "", 1, []string{"aaaa.txt", "nothing to predict"}},
		{"hidden 0", train(good, "--hidden", "0"), "", 2, []string{"hidden", "0"}},
		{"rate NaN", train(good, "--lr", "NaN"), "", 2, []string{"lr", "NaN"}},
		{"rate 0", train(good, "--lr", "0"), "", 2, []string{"lr"}},
		{"rate text", train(good, "--lr", "fast"), "", 2, []string{"lr", "fast", "--help"}},
		{"dropout 1", train(good, "--dropout", "1"), "", 2, []string{"dropout"}},
		{"unknown flag", train(good, "--hiden", "3"), "", 2, []string{"--hiden", "did you mean --hidden?"}},
		{"flag cut short", []string{"bench", "--suit"}, "", 2, []string{"--suit", "did you mean --suite?"}},
		{"flag like none", train(good, "--zzzzzz"), "", 2, []string{"--zzzzzz", "see rnnscope train --help"}},
		{"unknown theme", []string{"--theme", "pink", good}, "", 2, []string{"pink", "dark, light or auto"}},
		{"unknown colors", []string{"--color", "8", good}, "", 2, []string{"8", "truecolor"}},
		{"unknown theme of watch", []string{"watch", model, "--theme", "pink"}, "", 2, []string{"pink"}},
		{"mistyped command of two arguments", []string{"evla", model}, "", 2, []string{"did you mean rnnscope eval?"}},
		{"completions of nothing", []string{"completion", "foo"}, "", 2, []string{"foo", "bash", "zsh", "fish", "powershell"}},
		{"unknown grid", []string{"lag", "--preset", "foo"}, "", 2, []string{"foo", "one of: lecture"}},
		{"unknown model file", []string{"convert", model, filepath.Join(dir, "out.xyz")}, "", 2, []string{".xyz", ".safetensors"}},
		{"pairs of nothing", []string{"score", model, "--pairs", filepath.Join(dir, "nothing")}, "", 1, []string{"nothing", "agreement-pairs"}},
		{"binary text", train(file("nul.txt", "a\x00b")), "", 1, []string{"NUL", "rnnscope corpora"}},
		{"unknown cell", train(good, "--cell", "transformer"), "", 2, []string{"transformer", "lstm"}},
		{"unknown kernel", train(good, "--kernel", "cuda"), "", 2, []string{"cuda", "portable"}},
		{"unknown preset", train(good, "--preset", "gpt"), "", 2, []string{"gpt", "lecture"}},
		{"bad split", train(good, "--split", "0.5,0.6,0.1"), "", 2, []string{"split"}},
		{"bad schedule", train(good, "--schedule", "step"), "", 2, []string{"schedule"}},
		{"cosine without an end", train(good, "--schedule", "cosine", "--updates", "0"), "", 2, []string{"cosine"}},
		{"both clips", train(good, "--clip", "1", "--clip-value", "1"), "", 2, []string{"clip-value"}},
		{"bad init", train(good, "--init", "xavier"), "", 2, []string{"xavier"}},
		{"tie without equal sizes", train(good, "--tie"), "", 2, []string{"embed"}},
		{"forget bias of an rnn", train(good, "--cell", "rnn", "--forget-bias", "1"), "", 2, []string{"forget-bias"}},
		{"two texts", []string{"train", good, good}, "", 2, []string{"TEXT"}},
		{"unknown command", []string{"trian", good}, "", 2, nil},
		{"existing directory", append(train(good), "--out", model), "", 1, []string{model, "exists"}},
		{"output is a file", append(train(good), "--out", good), "", 1, []string{good}},
		{"no place for the output", append(train(good), "--out", filepath.Join(good, "run")), "", 1, []string{"good.txt", "--out"}},
		{"resume of nothing", []string{"train", "--resume", filepath.Join(dir, "nothing")}, "", 1, []string{"nothing"}},
		{"resume with another model", []string{"train", "--resume", model, "--hidden", "16"}, "", 2, []string{"hidden"}},
		{"from with other sizes", train(good, "--from", model, "--hidden", "16"), "", 2, []string{"hidden", "8"}},
		{"eval of nothing", []string{"eval", filepath.Join(dir, "nothing")}, "", 1, []string{"nothing"}},
		{"eval of a text", []string{"eval", good}, "", 1, []string{"good.txt"}},
		{"unknown split", []string{"eval", model, "--split-name", "dev"}, "", 2, []string{"dev", "valid"}},
		{"all of a run's own text", []string{"eval", model, "--split", "all"}, "", 2, []string{"TEXT"}},
		{"truncated model", []string{"eval", file("cut.safetensors", string(weights[:len(weights)-2]))}, "", 1, []string{"cut.safetensors"}},
		{"corrupt model", []string{"eval", file("bad.safetensors", "\x3c\x00\x00\x00\x00\xff\xff\xff")}, "", 1, []string{"bad.safetensors"}},
		{"foreign model", []string{"eval", file("foreign.safetensors", safetensors(`{"weight":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}`, "\x00\x00\x80\x3f"))}, "", 1, []string{"foreign.safetensors", "weight", "embedding.weight"}},
		{"pt model", []string{"eval", file("x.pt", "PK\x03\x04")}, "", 1, []string{"x.pt", "torch.save"}},
		{"bad temperature", []string{"sample", model, "--temperature", "-1"}, "", 2, []string{"temperature"}},
		{"bad top-p", []string{"sample", model, "--top-p", "1.5"}, "", 2, []string{"top-p"}},
		{"trace of nothing", []string{"trace", model}, "", 2, []string{"SENTENCE"}},
		{"trace of an unknown id", []string{"trace", model, "--ids", "1,99"}, "", 2, []string{"99"}},
		{"trace of a bad id", []string{"trace", model, "--ids", "1,x"}, "", 2, []string{"x"}},
		{"unknown built-in shown", []string{"corpora", "show", "nothing"}, "", 1, []string{"nothing"}},
		{"unknown download", []string{"corpora", "get", "nothing"}, "", 1, []string{"nothing", "rnnscope corpora"}},
		{"suite with a model", []string{"bench", "--suite", "--hidden", "8"}, "", 2, []string{"--suite", "--hidden"}},
		{"suite of two forms", []string{"bench", "--suite", "--json", "--markdown"}, "", 2, []string{"--json", "--markdown"}},
		{"suite for no time", []string{"bench", "--suite", "--for", "0"}, "", 2, []string{"for"}},
		{"suite without Python", []string{"bench", "--suite", "--peer", filepath.Join(dir, "nothing")}, "", 1, []string{"nothing"}},
		{"peer without suite", []string{"bench", "--peer", "python3"}, "", 2, []string{"--peer", "--suite"}},
		{"bench of nothing", []string{"bench", "--vocab-size", "0"}, "", 2, []string{"vocab-size"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			out, errs, status := call(t, c.stdin, c.args...)
			if status != c.status {
				t.Errorf("status %d, want %d", status, c.status)
			}
			if out != "" {
				t.Errorf("standard output: %q", out)
			}
			if !strings.HasPrefix(errs, "rnnscope: ") || strings.Contains(errs, "\x1b") || strings.Contains(errs, "panic") {
				t.Errorf("standard error: %q", errs)
			}
			for _, s := range c.say {
				if !strings.Contains(errs, s) {
					t.Errorf("%q does not say %q", errs, s)
				}
			}
			if t.Failed() {
				t.Logf("%s", errs)
			}
			if _, err := os.Stat(filepath.Join(dir, "run")); err == nil && c.status == 2 {
				t.Error("a wrong call made a run directory")
			}
			inChinese(t, c.stdin, c.args, status)
			os.RemoveAll(filepath.Join(dir, "run"))
		})
	}
	if now, err := os.ReadFile(filepath.Join(model, "model.safetensors")); err != nil || string(now) != string(weights) {
		t.Error("the model was written over")
	}
	if now, err := os.ReadFile(good); err != nil || string(now) != text {
		t.Error("the text was written over")
	}
}

// sentence is English, once what is to be typed and lists of names are taken out.
var (
	sentence = regexp.MustCompile(`[A-Za-z']{2,} [a-z]{2,} [a-z]{2,}`)
	typed    = regexp.MustCompile(`rnnscope( [a-z]+)+|\[[^]]*\]`)
)

// inChinese makes the same mistake in Chinese: with the same status, and every
// line of what is said is Chinese, save addresses.
func inChinese(t *testing.T, stdin string, args []string, want int) {
	t.Helper()
	out, errs, status := call(t, stdin, append(slices.Clone(args), "--lang", "zh")...)
	if status != want || out != "" || !strings.HasPrefix(errs, "rnnscope: ") || strings.Contains(errs, "%!") {
		t.Errorf("in Chinese: status %d, want %d; %q; %s", status, want, out, errs)
	}
	for line := range strings.Lines(errs) {
		if !han(line) || sentence.MatchString(typed.ReplaceAllString(line, "")) {
			t.Errorf("in Chinese: %s", line)
		}
	}
}

// safetensors is a file of that header and data.
func safetensors(header, data string) string {
	return string(binary.LittleEndian.AppendUint64(nil, uint64(len(header)))) + header + data
}
