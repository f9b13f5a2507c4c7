package main

import (
	"encoding/csv"
	"encoding/xml"
	"errors"
	"image/png"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// plot writes every figure as whole files, and the numbers in them are those of
// the metrics.
func TestPlot(t *testing.T) {
	t.Parallel()
	run := trained(t, strings.Repeat("<b>中文 & more\n", 60), "--eval-every", "2")
	out := filepath.Join(t.TempDir(), "figures")
	said, errs, code := call(t, "", "plot", run, "--sentence", "<b>中\n", "--out", out, "--json")
	if code != 0 {
		t.Fatal(errs)
	}
	files := map[string]bool{}
	for line := range strings.Lines(said) {
		for _, file := range decode[plotted](t, line).Files {
			files[filepath.Base(file)] = true
			check := map[string]func(io.Reader) error{".svg": wellFormed, ".png": func(r io.Reader) error { _, err := png.Decode(r); return err },
				".csv": func(r io.Reader) error { _, err := csv.NewReader(r).ReadAll(); return err }}[filepath.Ext(file)]
			f, err := os.Open(file)
			if err != nil {
				t.Fatal(err)
			}
			if check != nil {
				if err := check(f); err != nil {
					t.Errorf("%s: %v", file, err)
				}
			}
			f.Close()
		}
	}
	for _, name := range []string{"loss", "perplexity", "gradient", "rate", "hidden-1"} {
		for _, format := range []string{".svg", ".png", ".csv"} {
			if !files[name+format] {
				t.Errorf("there is no %s%s", name, format)
			}
		}
	}

	want := losses(t, openFile(t, filepath.Join(run, "metrics.jsonl")), nil)
	rows, err := csv.NewReader(openFile(t, filepath.Join(out, "metrics.csv"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	updates, validations := 0, 0
	for _, row := range rows[1:] {
		if row[0] == "valid" {
			validations++
			continue
		}
		updates++
		n, _ := strconv.Atoi(row[1])
		got, err := strconv.ParseFloat(row[3], 64)
		expected, e := strconv.ParseFloat(want[n], 64)
		perplexity, e2 := strconv.ParseFloat(row[4], 64)
		if err := errors.Join(err, e, e2); err != nil || got != expected || math.Abs(perplexity-math.Exp(got)) > 1e-9*perplexity {
			t.Errorf("update %d: %v, want loss %s (%v)", n, row, want[n], err)
		}
	}
	if updates != 5 || validations != 3 {
		t.Errorf("%d updates and %d validations in metrics.csv, want 5 and 3", updates, validations)
	}

	b, err := os.ReadFile(filepath.Join(out, "report.html"))
	if err != nil {
		t.Fatal(err)
	}
	report := string(b)
	if outside := regexp.MustCompile(`(src|href)="([^d"]|d[^a"])[^"]*`).FindString(report); outside != "" || strings.Contains(report, "<script") || strings.Contains(report, "<b>") {
		t.Errorf("the report refers to %q, or has markup of the text in it", outside)
	}
	if n := strings.Count(report, "data:image/svg+xml;base64,"); n != 6 { // the rate did not change
		t.Errorf("the report has %d pictures, want 6", n)
	}
	for _, s := range []string{"rnnscope train", "--hidden", "perplexity", "</html>"} {
		if !strings.Contains(report, s) {
			t.Errorf("the report does not say %q", s)
		}
	}
}

func openFile(t *testing.T, path string) *os.File {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func wellFormed(r io.Reader) error {
	for d := xml.NewDecoder(r); ; {
		if _, err := d.Token(); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// What goes wrong before a picture is drawn, and runs with nothing to draw.
func TestPlotOfLittle(t *testing.T) {
	t.Parallel()
	run := trained(t, strings.Repeat("abcabcabc\n", 60))
	bare := filepath.Join(t.TempDir(), "bare")
	for _, c := range []struct {
		args []string
		code int
		say  string
	}{
		{[]string{"convert", run, bare}, 0, ""},
		{[]string{"plot", bare}, 0, ""}, // no metrics
		{[]string{"plot", run, "--only", "lost"}, 2, "lost"},
		{[]string{"plot", run, "--format", "gif"}, 2, "gif"},
		{[]string{"plot", run, "--only", "hidden"}, 2, "--sentence"},
		{[]string{"plot", run, "--sentence", ""}, 0, ""},
		{[]string{"plot", filepath.Join(run, "absent")}, 1, "absent"},
		{[]string{"plot", run, "--out", filepath.Join(run, "run.json", "x")}, 1, "--out"},
		{[]string{"plot", run, "--only", "loss", "--format", "svg", "--theme", "dark", "--lang", "zh"}, 0, ""},
	} {
		_, errs, code := call(t, "", c.args...)
		if code != c.code || !strings.Contains(errs, c.say) {
			t.Errorf("%v: status %d, %q", c.args, code, errs)
		}
	}
	svg, err := os.ReadFile(filepath.Join(run, "plots", "loss.svg"))
	if err != nil || !strings.Contains(string(svg), "损失") {
		t.Errorf("the picture is not in Chinese (%v)", err)
	}
}

// Of a log of lag experiments plot draws the grid; of a file that is none it
// says so.
func TestPlotOfALagLog(t *testing.T) {
	dir := t.TempDir()
	log := filepath.Join(dir, "lag.jsonl")
	if _, errs, status := call(t, "", "lag", "--task", "recall", "--lag", "3,5", "--cell", "rnn,gru", "--seeds", "1", "--updates", "30", "--hidden", "8", "--out", log); status != 0 {
		t.Fatal(errs)
	}
	out, errs, status := call(t, "", "plot", log, "--format", "csv,svg", "--out", filepath.Join(dir, "plots"))
	if status != 0 || !strings.Contains(out, "lag.csv") || !strings.Contains(out, "lag.svg") {
		t.Fatalf("status %d, %s%s", status, errs, out)
	}
	csv, err := os.ReadFile(filepath.Join(dir, "plots", "lag.csv"))
	if err != nil || !strings.Contains(string(csv), "gru") || !strings.Contains(string(csv), "rnn") {
		t.Errorf("%v: %s", err, csv)
	}
	other := filepath.Join(dir, "other.jsonl")
	if err := os.WriteFile(other, []byte("{}\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, errs, status := call(t, "", "plot", other); status != 1 || !strings.Contains(errs, "rnnscope lag wrote") {
		t.Errorf("status %d, %s", status, errs)
	}
}
