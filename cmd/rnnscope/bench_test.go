package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"rnnscope/core/session"
	"rnnscope/tui/words"
)

func suiteRow() session.SuiteRow {
	return session.SuiteRow{
		Config:      "c",
		BenchResult: session.BenchResult{Cell: "lstm", Vocab: 10000, Embed: 256, Hidden: 512, Layers: 2, Batch: 32, Window: 35, TokensPerS: 8239.2, GFLOPS: 434.6, SampleUs: 777.7},
		OneThread:   4500, Share: 0.805, Kept: 0.884, Peer: &session.PeerSpeed{TokensPerS: 4119.6, Threads: 2, SampleUs: 3562},
	}
}

// Columns line up in both languages, with and without the peer.
func TestSuiteTable(t *testing.T) {
	for _, lang := range []words.Lang{words.English, words.Chinese} {
		for _, peer := range []bool{false, true} {
			var out bytes.Buffer
			table := suiteTable{p: &program{out: &output{w: &out}, lang: lang}, threads: 2, peer: peer}
			row := suiteRow()
			if !peer {
				row.Peer = nil
			}
			table.line(row)
			lines := strings.Split(strings.TrimRight(out.String(), "\n"), "\n")
			if len(lines) != 2 || ansi.StringWidth(lines[0]) != ansi.StringWidth(lines[1]) {
				t.Errorf("%v, peer %v:\n%s", lang, peer, out.String())
			}
			for want, shown := range map[string]bool{"8,239": true, "1.83": true, "435": true, "80 %": true, "88 %": true, "778": true, "4,119": peer, "2.0": peer, "3,562": peer, "4.6": peer} {
				if strings.Contains(lines[1], want) != shown {
					t.Errorf("%v, peer %v: %q in %q", lang, peer, want, lines[1])
				}
			}
		}
	}
}

func TestSuiteTableInMarkdown(t *testing.T) {
	var out bytes.Buffer
	table := suiteTable{p: &program{out: &output{w: &out}}, threads: 1, markdown: true}
	row := suiteRow()
	row.Peer = nil
	table.line(row)
	want := `| configuration | tokens/s | GFLOP/s | of the peak | sustained | µs a sample |
|---|---:|---:|---:|---:|---:|
| c lstm 2x512, V 10000, E 256, B 32, T 35 | 8,239 | 435 | 80 % | 88 % | 778 |
`
	if out.String() != want {
		t.Errorf("got\n%s", out.String())
	}
}

// What OpenBLAS was told to take and PyTorch failed with is said under the table.
func TestSuiteTellsOfAPeersFailure(t *testing.T) {
	for _, lang := range []words.Lang{words.English, words.Chinese} {
		var out bytes.Buffer
		table := suiteTable{p: &program{out: &output{w: &out}, lang: lang}, threads: 2, peer: true}
		r := session.SuiteResult{Peer: &session.PeerBuild{Torch: "9.9", BLAS: "OpenBLAS Prescott"}}
		table.end(r)
		without := out.Len()
		r.PeerFailure = &session.PeerFailure{Kernels: "SKYLAKEX", From: "c lstm", Why: "Illegal instruction"}
		out.Reset()
		table.end(r)
		for _, want := range []string{"OpenBLAS Prescott", "SKYLAKEX", "c lstm", "Illegal instruction"} {
			if !strings.Contains(out.String(), want) || out.Len() <= without {
				t.Errorf("%v: no %q in %q", lang, want, out.String())
			}
		}
	}
}
