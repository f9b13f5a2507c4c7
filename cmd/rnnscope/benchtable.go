package main

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"rnnscope/core/session"
)

// suiteTable prints the suite row by row, as soon as each is measured.
type suiteTable struct {
	p              *program
	threads        int
	peer, markdown bool
	widths         []int
}

// begin prints the heads of the columns.
func (t *suiteTable) begin() {
	p := t.p
	heads := []string{pad(p.say("configuration"), 46), p.say("tokens/s"), p.say("x one thread"), "GFLOP/s", p.say("of the peak"), p.say("sustained"), p.say("µs a sample")}
	if t.threads == 1 {
		heads = append(heads[:2], heads[3:]...)
	}
	if t.peer {
		heads = append(heads, p.say("PyTorch tokens/s"), p.say("threads"), p.say("x PyTorch"), p.say("PyTorch µs"), p.say("x PyTorch"))
	}
	for _, h := range heads {
		t.widths = append(t.widths, max(9, ansi.StringWidth(h)))
	}
	t.print(heads)
	if t.markdown {
		fmt.Fprintln(p.out, "|---|"+strings.Repeat("---:|", len(heads)-1))
	}
}

func (t *suiteTable) line(r session.SuiteRow) {
	if t.widths == nil {
		t.begin()
	}
	cells := []string{
		pad(fmt.Sprintf("%s %s %dx%d, V %d, E %d, B %d, T %d", r.Config, r.Cell, r.Layers, r.Hidden, r.Vocab, r.Embed, r.Batch, r.Window), 46),
		thousands(int64(r.TokensPerS)), fmt.Sprintf("%.2f", r.TokensPerS/r.OneThread), fmt.Sprintf("%.0f", r.GFLOPS),
		fmt.Sprintf("%.0f %%", 100*r.Share), fmt.Sprintf("%.0f %%", 100*r.Kept), threeDigits(r.SampleUs),
	}
	if t.threads == 1 {
		cells = append(cells[:2], cells[3:]...)
	}
	if q := r.Peer; q != nil {
		cells = append(cells, thousands(int64(q.TokensPerS)), fmt.Sprint(q.Threads), fmt.Sprintf("%.1f", r.TokensPerS/q.TokensPerS),
			threeDigits(q.SampleUs), fmt.Sprintf("%.1f", q.SampleUs/r.SampleUs))
	}
	t.print(cells)
}

// threeDigits writes x > 0 with three digits, or all of its whole part.
func threeDigits(x float64) string {
	if x < 999.5 {
		return fmt.Sprintf("%.3g", x)
	}
	return thousands(int64(x + 0.5))
}

// print prints one row; the first cell is a name, the others are figures.
func (t *suiteTable) print(cells []string) {
	if t.markdown {
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		fmt.Fprintf(t.p.out, "| %s |\n", strings.Join(cells, " | "))
		return
	}
	for i := range cells {
		if i > 0 {
			cells[i] = padLeft(cells[i], t.widths[i])
		}
	}
	fmt.Fprintln(t.p.out, strings.Join(cells, "  "))
}

// end prints what the table was measured on.
func (t *suiteTable) end(r session.SuiteResult) {
	p := t.p
	fmt.Fprintf(p.out, "\n%s\n", p.say("threads %d of %s, kernels %s, peak %.0f GFLOP/s, %.0f of it sustained", r.Threads, r.Processor, r.Kernel, r.Peak, r.Sustained))
	if r.Peer != nil {
		fmt.Fprintln(p.out, p.say("PyTorch %s, %s; at 1 or %d threads, whichever is faster", r.Peer.Torch, r.Peer.BLAS, r.Threads))
	}
	if f := r.PeerFailure; f != nil {
		fmt.Fprintln(p.out, p.say("PyTorch failed with OpenBLAS's kernels for %s: %s; from %s on OpenBLAS takes its own", f.Kernels, f.Why, f.From))
	}
}
