package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rnnscope/core/store"
)

// settled runs config --json with a file and an environment.
func settled(t *testing.T, file string, env map[string]string, args ...string) map[string]inForce {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config.toml")
	if err := os.WriteFile(path, []byte(file), 0o666); err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	p := newProgram(strings.NewReader(""), &out, &errs)
	p.usualConfig, p.getenv = path, func(name string) string { return env[name] }
	if code := p.run(append([]string{"config", "--json"}, args...)); code != 0 {
		t.Fatal(errs.String())
	}
	all := map[string]inForce{}
	for line := range strings.Lines(strings.ReplaceAll(out.String(), path, "FILE")) {
		l := decode[inForce](t, line)
		all[l.Flag] = l
	}
	return all
}

func TestConfigSaysWhereValuesComeFrom(t *testing.T) {
	const file = "hidden = 100\nlr = 0.01\nthreads = 1\n[train]\nlr = 0.02\nfor = \"30s\"\n[screen]\ntheme = \"dark\"\n"
	env := map[string]string{"RNNSCOPE_CLIP": "2", "RNNSCOPE_RESUME": "x"}
	for _, c := range []struct {
		name string
		file string
		args []string
		want map[string][2]string
	}{
		{"file", file, nil, map[string][2]string{
			"hidden": {"100", "file FILE"}, "lr": {"0.02", "file FILE [train]"}, "for": {"30s", "file FILE [train]"}, "theme": {"auto", "default"},
			"clip": {"2", "environment RNNSCOPE_CLIP"}, "embed": {"64", "default"}, "threads": {"1", "file FILE"},
		}},
		{"flag", file, []string{"--hidden", "7"}, map[string][2]string{"hidden": {"7", "flag"}, "lr": {"0.02", "file FILE [train]"}}},
		{"a preset of the call is over the file", file, []string{"--preset", "lecture", "--embed", "9"}, map[string][2]string{
			"hidden": {"512", "preset lecture"}, "lr": {"0.001", "preset lecture"}, "embed": {"9", "flag"}, "threads": {"1", "file FILE"}, "seed": {"1", "default"},
		}},
		{"a preset of the file is under it", "preset = \"lecture\"\nhidden = 100\n", nil, map[string][2]string{
			"hidden": {"100", "file FILE"}, "window": {"35", "preset lecture"}, "preset": {"lecture", "file FILE"}, "cell": {"rnn", "preset lecture"},
		}},
		{"shares, time", "split = [0.8, 0.1, 0.1]\nsave-every = \"2s\"\ntie = false\n", nil, map[string][2]string{
			"split": {"0.8,0.1,0.1", "file FILE"}, "save-every": {"2s", "file FILE"}, "tie": {"false", "file FILE"},
		}},
	} {
		got := settled(t, c.file, env, c.args...)
		for flag, want := range c.want {
			if l := got[flag]; l.Value != want[0] || l.From != want[1] {
				t.Errorf("%s: %s is %q from %q, want %q", c.name, flag, l.Value, l.From, want)
			}
		}
	}
}

// What config prints is a configuration that makes it print the same.
func TestConfigReadsItself(t *testing.T) {
	first, errs, code := call(t, "", "config", "--preset", "char-rnn", "--seed", "5", "--save-every", "3s", "--lang", "en")
	if code != 0 {
		t.Fatal(errs)
	}
	path := filepath.Join(t.TempDir(), "c.toml")
	if err := os.WriteFile(path, []byte(first), 0o666); err != nil {
		t.Fatal(err)
	}
	second, errs, code := call(t, "", "config", "--config", path)
	if code != 0 {
		t.Fatal(errs)
	}
	values := func(s string) string {
		var b strings.Builder
		for line := range strings.Lines(s) {
			if value, _, _ := strings.Cut(line, "  #"); !strings.HasPrefix(line, "#") && !strings.HasPrefix(line, "lang") {
				b.WriteString(strings.TrimSpace(value) + "\n")
			}
		}
		return b.String()
	}
	if values(first) != values(second) || !strings.Contains(second, "file "+path) {
		t.Errorf("first\n%s\nthen\n%s", first, second)
	}
}

func TestBadConfiguration(t *testing.T) {
	dir := t.TempDir()
	for text, say := range map[string]string{
		"hiden = 3\n": `"hiden"`, "hidden = \n": "line 1", "hidden = \"many\"\n": "--hidden cannot be", "[traim]\nlr = 1\n": `"traim"`,
		"[eval]\nlr = 1\n": "lr", "resume = \"x\"\n": "resume", "lr = [[1]]\n": "lr",
	} {
		path := filepath.Join(dir, "c.toml")
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		_, errs, code := call(t, "", "config", "--config", path)
		if code != 1 || !strings.Contains(errs, say) || !strings.Contains(errs, path) {
			t.Errorf("%q: status %d, %q", text, code, errs)
		}
	}
	for _, args := range [][]string{{"help", "train"}, {"completion", "bash"}, {"train", "--help"}} {
		if _, errs, code := call(t, "", append(args, "--config", filepath.Join(dir, "c.toml"))...); code != 0 {
			t.Errorf("%v with a bad configuration: %s", args, errs)
		}
	}
	if _, errs, code := call(t, "", "config", "--config", filepath.Join(dir, "absent")); code != 1 || !strings.Contains(errs, "absent") {
		t.Errorf("a file that is not there: status %d, %q", code, errs)
	}
}

// Settings reach the commands, give way to a run's own configuration, and are
// in the command line that repeats the run.
func TestSettingsTrain(t *testing.T) {
	dir := t.TempDir()
	path, run := filepath.Join(dir, "c.toml"), filepath.Join(dir, "run")
	text := "hidden = 10\nembed = 5\nlayers = 1\nbatch = 4\nwindow = 16\n[train]\nupdates = 3\n"
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, errs, code := call(t, "", "train", "recall", "--config", path, "--dropout", "0", "--out", run); code != 0 {
		t.Fatal(errs)
	}
	info, err := store.ReadInfo(run)
	if err != nil {
		t.Fatal(err)
	}
	if info.Model.Hidden != 10 || info.Model.Embed != 5 {
		t.Errorf("the model is %+v", info.Model)
	}
	again := filepath.Join(dir, "again")
	if out, errs, code := call(t, "", append(info.Command[1:], "--out", again)...); code != 0 || !strings.Contains(out, "done after 3 updates") {
		t.Fatalf("%v: status %d, %s%s", info.Command, code, out, errs)
	}
	for _, name := range []string{"model.safetensors"} {
		a, err := os.ReadFile(filepath.Join(run, name))
		if err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(filepath.Join(again, name))
		if err != nil || !bytes.Equal(a, b) {
			t.Errorf("%v gives another %s (%v)", info.Command, name, err)
		}
	}
	if err := os.WriteFile(path, []byte("hidden = 11\nlr = 9\ncell = \"gru\"\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, errs, code := call(t, "", "train", "--config", path, "--resume", run, "--updates", "4"); code != 0 {
		t.Error(errs)
	}
	out, errs, code := call(t, "", "config", run, "--json")
	if code != 0 || !strings.Contains(out, `{"flag":"lr","value":"0.002","from":"run `+run) {
		t.Errorf("status %d: %s\n%s", code, errs, out)
	}
	if out, _, _ := call(t, "", "config", run); !strings.Contains(out, "# again: rnnscope train recall") {
		t.Errorf("the command is not printed: %s", out)
	}
	if _, errs, code := call(t, "", "train", "--config", path, "--from", run, "--updates", "1", "--lr", "0.1", "--batch", "2", "--window", "8", "--out", filepath.Join(dir, "from")); code != 0 {
		t.Error(errs)
	}
}

// A configuration file is applied or refused, and says why in one line.
func FuzzConfigFile(f *testing.F) {
	for _, s := range []string{"hidden = 3\n[train]\nlr = 1e-3\nsplit = [0.8, 0.1, 0.1]\n", "a = [[1]]", "[x.y]\nz = 1", "lr = nan", "for = 1979-05-27", "x = \"\\u00e9\"", "[[train]]\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		s := &settings{path: "config.toml", tables: map[string]map[string]string{}}
		err := s.parse(b)
		if err == nil {
			var out bytes.Buffer
			p := newProgram(strings.NewReader(""), &out, &out)
			p.settings = s
			root := p.root()
			for _, c := range root.Commands() {
				if c.Name() == "train" {
					err = s.apply(c)
				}
			}
		}
		if err != nil && (strings.Contains(err.Error(), "\n") || !strings.HasPrefix(err.Error(), "config.toml") && !strings.HasPrefix(err.Error(), "file config.toml")) {
			t.Errorf("%q", err)
		}
	})
}
