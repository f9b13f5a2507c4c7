package session

import (
	"rnnscope/core/probe"
	"rnnscope/core/scope"
)

// otherFlow is a measured flow, and of what.
type otherFlow struct {
	scope.OtherFlow
	steps, windows int
}

// othersMoved says that the networks of the ladder are others than were measured.
func (p *Prober) othersMoved() bool {
	n := 0
	for _, r := range p.live.Ladder().bench.Load().racers {
		if r.network == nil {
			continue
		}
		if n >= len(p.others) || p.others[n].Update != r.updates {
			return true
		}
		n++
	}
	return false
}

// otherFlows measures the networks of the ladder as they were scored last. One
// that has not been trained since is not measured again.
func (p *Prober) otherFlows(at Look, windows []probe.Window) ([]scope.OtherFlow, error) {
	b := p.live.Ladder().bench.Load()
	var now []otherFlow
	var out []scope.OtherFlow
	for i := range b.racers {
		r := &b.racers[i]
		if r.network == nil { // a window has no states
			continue
		}
		o := otherFlow{OtherFlow: scope.OtherFlow{Cell: r.network.Cell, Update: r.updates}, steps: at.Steps, windows: len(windows)}
		for _, old := range p.others {
			if old.Cell == o.Cell && old.Update == o.Update && old.steps == o.steps && old.windows == o.windows {
				o.Flow = old.Flow
			}
		}
		if o.Flow == nil {
			var err error
			if o.Flow, err = probe.Flow(r.network, windows, probe.Control{}); err != nil {
				return nil, err
			}
		}
		now, out = append(now, o), append(out, o.OtherFlow)
	}
	p.others = now
	return out, nil
}
