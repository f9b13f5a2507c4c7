//go:build unix

package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// table is the figures and what they may be.
type table struct{ rows [][3]string }

// add adds a figure. ok says whether it is within its budget; budget "" is none.
func (t *table) add(what, value, budget string, ok bool) {
	if budget != "" && !ok {
		value += " **over**"
	}
	t.rows = append(t.rows, [3]string{what, value, budget})
}

// bytes adds a number of bytes, per says of what.
func (t *table) bytes(what string, n float64, per string, most float64) {
	t.add(what, kilo(n)+per, "≤ "+kilo(most)+per, n <= most)
}

func kilo(n float64) string { return fmt.Sprintf("%.0f kB", n/1000) }

// latencies adds the 50th and 90th percentile of times. A budget of 0 is none.
func (t *table) latencies(what string, d []time.Duration, p50, p90 time.Duration) {
	slices.Sort(d)
	a, b := percentile(d, 0.5), percentile(d, 0.9)
	var budgets []string
	ok := true
	if p50 > 0 {
		budgets, ok = append(budgets, "p50 ≤ "+ms(p50)), ok && a <= p50
	}
	if p90 > 0 {
		budgets, ok = append(budgets, "p90 ≤ "+ms(p90)), ok && b <= p90
	}
	t.add(what, fmt.Sprintf("p50 %s, p90 %s, most %s (n=%d)", ms(a), ms(b), ms(d[len(d)-1]), len(d)), strings.Join(budgets, ", "), ok)
}

func ms(d time.Duration) string { return fmt.Sprintf("%.1f ms", d.Seconds()*1e3) }

// percentile is the smallest of sorted times that a share of them does not
// exceed.
func percentile(sorted []time.Duration, share float64) time.Duration {
	i := int(share*float64(len(sorted)) + 0.9999999)
	return sorted[min(len(sorted)-1, max(0, i-1))]
}

// median is the middle one, or the mean of the two in the middle.
func median(v []float64) float64 {
	v = slices.Sorted(slices.Values(v))
	n := len(v)
	return (v[(n-1)/2] + v[n/2]) / 2
}

// print writes the table as Markdown.
func (t *table) print(w io.Writer) error {
	_, err := fmt.Fprint(w, "| what | measured | budget |\n|---|---|---|\n")
	for _, r := range t.rows {
		if err == nil {
			_, err = fmt.Fprintf(w, "| %s | %s | %s |\n", r[0], r[1], r[2])
		}
	}
	return err
}
