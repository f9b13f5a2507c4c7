package scope

// Changes are interventions in a model's states, made after a step has computed
// them and before anything reads them: the next step, the layer above, the
// output. The zero value changes nothing. Steps count the tokens read, from 0.
type Changes struct {
	Units  []UnitChange  // made in this order, after States
	States []StateChange // at one step, the last one counts
}

// None says that nothing is changed.
func (c Changes) None() bool { return len(c.Units) == 0 && len(c.States) == 0 }

// UnitChange makes h of a unit Scale·h + Shift at steps From ≤ t < To; To 0 is
// the end. The cell state of an LSTM goes on as it was computed: nobody but the
// unit's own h reads it.
type UnitChange struct {
	Layer, Unit  int // from 0, as tensor names count layers
	From, To     int
	Scale, Shift float32
}

// Ablate makes h of a unit 0 at every step.
func Ablate(layer, unit int) UnitChange { return UnitChange{Layer: layer, Unit: unit} }

// Clamp holds h of a unit at a value.
func Clamp(layer, unit int, value float32) UnitChange {
	return UnitChange{Layer: layer, Unit: unit, Shift: value}
}

// Scale multiplies h of a unit.
func Scale(layer, unit int, by float32) UnitChange {
	return UnitChange{Layer: layer, Unit: unit, Scale: by}
}

// Starting is the same change from a step on.
func (u UnitChange) Starting(step int) UnitChange {
	u.From = step
	return u
}

// StateChange puts a whole state in place of the one computed at a step: per
// layer h and, for cells with memory, c [H].
type StateChange struct {
	Step int
	H, C []Vector // [L]
}

// StateAt is the state of a trace after step from, to be put in place at step
// at of another sentence. It shares the trace's vectors.
func (t *Trace) StateAt(from, at int) StateChange {
	s := StateChange{Step: at}
	for _, l := range t.Steps[from].Layers {
		s.H, s.C = append(s.H, l.H), append(s.C, l.C)
	}
	return s
}
