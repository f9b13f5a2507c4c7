//go:build unix

package main

import (
	"fmt"
	"time"
)

// What a steady screen may cost.
const (
	bytesBudget  = 300e3 // a second
	cpuBudget    = 50    // ms a second
	redrawBudget = 200e3
)

// steady measures, with nobody touching a key, what the terminal gets and what
// processor time the screen takes: that of all threads of the process but the
// trainer's, which are those at nice 10. The output is kept unseen meanwhile,
// so that watching takes nothing from the program.
func (b *bench) steady() error {
	for _, screen := range []string{"1", "4"} {
		t, err := b.begin(lstm, screen, 0)
		if err != nil {
			return err
		}
		err = func() error {
			defer t.Close()
			time.Sleep(b.seconds(5, 1))
			t.Hold()
			bytes, began := t.Bytes(), time.Now()
			before, known := usage(t.Process().Pid)
			time.Sleep(b.seconds(30, 5))
			after, _ := usage(t.Process().Pid)
			spent := time.Since(began).Seconds()
			rate := float64(t.Bytes()-bytes) / spent
			t.Release(ignore)
			b.table.bytes(fmt.Sprintf("a steady screen %s", screen), rate, "/s", bytesBudget)
			if known {
				cpu := (after.others - before.others).Seconds() * 1e3 / spent
				trainer := (after.trainer - before.trainer).Seconds() / spent
				b.table.add(fmt.Sprintf("processor time of screen %s", screen), fmt.Sprintf("%.0f ms/s (the trainer %.2f cores)", cpu, trainer), fmt.Sprintf("≤ %d ms/s", cpuBudget), cpu <= cpuBudget)
			} else {
				b.table.add(fmt.Sprintf("processor time of screen %s", screen), "this system does not tell", "", true)
			}
			keys := []string{"p"}
			if screen == "4" {
				keys = append(keys, "space") // the model stops writing
			}
			whole, err := redraw(t, keys...)
			if err != nil {
				return err
			}
			b.table.bytes(fmt.Sprintf("a full redraw of screen %s", screen), whole, "", redrawBudget)
			return quit(t, "q")
		}()
		if err != nil {
			return err
		}
	}
	return nil
}
