package session

import (
	"math"
	"slices"
	"testing"

	"rnnscope/core/probe"
	"rnnscope/core/rnn"
	"rnnscope/core/scope"
	"rnnscope/core/store"
)

// operated makes an update, does something to the weights, and returns them
// before and after, with the snapshot that tells of it.
func operated(t *testing.T, c Config, do func(l *Live)) (l *Live, before, after Frozen, s *scope.Snapshot) {
	t.Helper()
	l = live(t, c, "recall", true)
	l.Step()
	await(t, l, "one update", func(s *scope.Snapshot) bool { return s.Update == 1 && s.Phase == scope.Paused })
	before, _ = l.Freeze(false)
	do(l)
	s = await(t, l, "news", func(s *scope.Snapshot) bool { return len(s.Changes) > 0 || s.Failure != nil })
	after, _ = l.Freeze(false)
	return l, before, after, s
}

// radii are the spectral radii of all recurrent blocks.
func radii(t *testing.T, m *rnn.Model) []float64 {
	t.Helper()
	var out []float64
	n := m.Hidden * m.Hidden
	for l := range m.Layers {
		w := m.Recurrent(l).Value.Data
		for b := range len(w) / n {
			rho, err := rnn.SpectralRadius(w[b*n:(b+1)*n], m.Hidden)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, rho)
		}
	}
	return out
}

func TestSetRadius(t *testing.T) {
	t.Parallel()
	for _, cell := range rnn.Cells() {
		c := tiny()
		c.Model.Cell, c.Model.Layers = cell, 2
		_, before, after, s := operated(t, c, func(l *Live) { l.SetRadius(0.7) })
		for i, rho := range radii(t, after.Model) {
			if math.Abs(rho-0.7) > 1e-4 {
				t.Errorf("%s: block %d has radius %v", cell, i, rho)
			}
		}
		if s.Changes[0].What != "radius" || s.Changes[0].To != 0.7 {
			t.Errorf("%s: changes %+v", cell, s.Changes)
		}
		if before.place == after.place {
			t.Errorf("%s: nobody is told that the weights are others", cell)
		}
		// All else is as it was.
		for i, p := range before.Model.Tensors() {
			recurrent := p == before.Model.Recurrent(0) || p == before.Model.Recurrent(1)
			if same := slices.Equal(p.Value.Data, after.Model.Tensors()[i].Value.Data); same == recurrent {
				t.Errorf("%s: %s is unchanged: %v", cell, p.Name, same)
			}
		}
	}
}

func TestSetForgetBias(t *testing.T) {
	t.Parallel()
	c := tiny()
	c.Model.Cell = "lstm"
	_, _, after, _ := operated(t, c, func(l *Live) { l.SetForgetBias(3) })
	H := after.Model.Hidden
	for _, p := range after.Model.Tensors() {
		want := map[string]float32{"rnn.bias_ih_l0": 3, "rnn.bias_hh_l0": 0}
		if v, ok := want[p.Name]; ok {
			for _, x := range p.Value.Data[H : 2*H] {
				if x != v {
					t.Errorf("%s: forget bias %v, want %v", p.Name, x, v)
				}
			}
		}
	}
	c.Model.Cell = "gru"
	_, before, after, s := operated(t, c, func(l *Live) { l.SetForgetBias(3) })
	if s.Failure == nil || !slices.Equal(before.Model.Weights(), after.Model.Weights()) {
		t.Error("a GRU took a forget bias")
	}
}

func TestRedraw(t *testing.T) {
	t.Parallel()
	c := tiny()
	c.Model.Cell = "rnn"
	_, before, after, _ := operated(t, c, func(l *Live) { l.Redraw("orthogonal") })
	H, w := after.Model.Hidden, after.Model.Recurrent(0).Value.Data
	for i := range H {
		for j := range H {
			dot, want := 0.0, 0.0
			for k := range H {
				dot += float64(w[i*H+k]) * float64(w[j*H+k])
			}
			if i == j {
				want = 1
			}
			if math.Abs(dot-want) > 1e-5 {
				t.Fatalf("rows %d and %d of W_hh have product %v", i, j, dot)
			}
		}
	}
	if slices.Equal(before.Model.Weights(), after.Model.Weights()) {
		t.Error("nothing was drawn")
	}
	_, before, after, s := operated(t, c, func(l *Live) { l.Redraw("gain:-1") })
	if s.Failure == nil || !slices.Equal(before.Model.Weights(), after.Model.Weights()) {
		t.Error("a rule that there is not was taken")
	}
}

// BreakIt takes clipping away, and Heal gives back both weights and clipping,
// once.
func TestBreakAndHeal(t *testing.T) {
	t.Parallel()
	c := tiny()
	c.Train.Clip = 2
	l, before, after, s := operated(t, c, func(l *Live) { l.BreakIt() })
	if s.Knobs.Clip != 0 {
		t.Errorf("clip is %v", s.Knobs.Clip)
	}
	if s.Changes[0].What != "break" || !slices.Contains(brokenRadii, s.Changes[0].To) {
		t.Errorf("changes %+v", s.Changes)
	}
	for i, rho := range radii(t, after.Model) {
		if math.Abs(rho-s.Changes[0].To) > 1e-4 {
			t.Errorf("block %d has radius %v, want %v", i, rho, s.Changes[0].To)
		}
	}
	l.Heal()
	s = await(t, l, "healing", func(s *scope.Snapshot) bool {
		return len(s.Changes) == 1 && s.Changes[0].What == "heal" || len(s.Changes) == 2
	})
	healed, _ := l.Freeze(false)
	if !slices.Equal(healed.Model.Weights(), before.Model.Weights()) || s.Knobs.Clip != 2 {
		t.Errorf("clip %v, weights as before: %v", s.Knobs.Clip, slices.Equal(healed.Model.Weights(), before.Model.Weights()))
	}
	for n := 1; n <= 2; n++ { // the same refusal is counted again
		l.Heal()
		await(t, l, "a refusal", func(s *scope.Snapshot) bool { return s.Failure != nil && s.Failures == n })
	}
}

// Each surgery is told of, also where no update lies between.
func TestEverySurgeryIsToldOf(t *testing.T) {
	t.Parallel()
	c := tiny()
	c.Train.Clip = 2
	l, _, _, _ := operated(t, c, func(l *Live) { l.BreakIt() })
	l.BreakIt()
	l.Heal()
	l.Redraw("orthogonal")
	l.Redraw("orthogonal")
	l.SetRadius(0.7)
	l.SetRadius(0.8)
	s := await(t, l, "a radius", func(s *scope.Snapshot) bool { return s.Changes[len(s.Changes)-1].To == 0.8 })
	var told []string
	for _, c := range s.Changes {
		told = append(told, c.What)
	}
	if want := []string{"break", "break", "heal", "redraw", "redraw", "radius", "radius"}; !slices.Equal(told, want) {
		t.Errorf("told of %v, want %v", told, want)
	}
}

// In a tanh RNN that has learnt something, the gradient grows after BreakIt, and
// the norm that training sees explodes.
func TestBreakItExplodes(t *testing.T) {
	t.Parallel()
	c := tiny()
	c.Model = rnn.Config{Cell: "rnn", Embed: 16, Hidden: 48, Layers: 1}
	c.Window = 64
	l := live(t, c, "fables", false)
	await(t, l, "some updates", func(s *scope.Snapshot) bool { return s.Update > 100 })
	l.Pause(true)
	s := await(t, l, "a pause", func(s *scope.Snapshot) bool { return s.Phase == scope.Paused })
	before := s.GradNorm
	l.BreakIt()
	l.Step()
	s = await(t, l, "an update more", func(v *scope.Snapshot) bool { return v.Update == s.Update+1 && v.Phase == scope.Paused })
	if !(s.GradNorm > 100*before) {
		t.Errorf("the gradient norm was %v and is %v", before, s.GradNorm)
	}
	l.Heal()
	f, _ := l.Freeze(false)
	flow, err := probe.Flow(f.Model, probe.Windows(l.Text.corpus.Train.IDs, 64, 4), probe.Control{})
	if err != nil {
		t.Fatal(err)
	}
	if rate := flow.Layers[0].H.Rate; rate >= 1 {
		t.Errorf("healed, the gradient grows by %v a step", rate)
	}
}

// An RNN that is broken diverges under plain gradient descent, is stopped by the
// watch, and goes on from before that with clipping.
func TestBrokenRunDivergesAndGoesOn(t *testing.T) {
	t.Parallel()
	c := tiny()
	c.Model = rnn.Config{Cell: "rnn", Activation: "relu", Embed: 8, Hidden: 32, Layers: 1}
	c.Train.Optimizer, c.Train.LR, c.Train.Clip = "sgd", 0.1, 1
	c.Window = 40
	l := live(t, c, "recall", false)
	await(t, l, "a few updates", func(s *scope.Snapshot) bool { return s.Update >= 150 })
	l.BreakIt()
	s := await(t, l, "divergence", func(s *scope.Snapshot) bool { return s.Phase == scope.Diverged })
	if s.Trouble == nil || s.Trouble.Good < 0 || len(s.Norms.Buckets) == 0 {
		t.Fatalf("trouble %+v", s.Trouble)
	}
	l.GoBack(Remedy{Clip: 1})
	good := s.Trouble.Good
	s = await(t, l, "training again", func(s *scope.Snapshot) bool { return s.Phase == scope.Training && s.Update > good+50 })
	if s.Knobs.Clip != 1 || math.IsNaN(s.Loss) {
		t.Errorf("clip %v, loss %v", s.Knobs.Clip, s.Loss)
	}
}

// To break the model takes clipping away, of either kind, and healing brings it
// back.
func TestBreakItClipsNothing(t *testing.T) {
	t.Parallel()
	for _, clip := range [][2]float64{{5, 0}, {0, 0.1}} {
		c := tiny()
		c.Train.Clip, c.Train.ClipValue = clip[0], clip[1]
		l, _, _, s := operated(t, c, func(l *Live) { l.BreakIt() })
		if s.Knobs.Clip != 0 || s.Knobs.ClipAt != 0 {
			t.Errorf("broken, it is still clipped: %+v", s.Knobs)
		}
		l.Heal()
		s = await(t, l, "healing", func(s *scope.Snapshot) bool { return s.Changes[len(s.Changes)-1].What == "heal" })
		if s.Knobs.Clip != clip[0] || s.Knobs.ClipAt != clip[1] {
			t.Errorf("healed, it is clipped otherwise than at %v: %+v", clip, s.Knobs)
		}
	}
}

// What surgery made of the weights is saved when the exploration ends, also when
// no update followed it.
func TestSurgeryIsSaved(t *testing.T) {
	t.Parallel()
	c := tiny()
	c.Model.Cell = "lstm"
	s, err := New(c, text(t, "recall"), nil)
	if err != nil {
		t.Fatal(err)
	}
	l, dir := saving(t, s)
	l.Start(true)
	l.Step()
	await(t, l, "an update", func(s *scope.Snapshot) bool { return s.Update == 1 && s.Phase == scope.Paused })
	l.Save()
	await(t, l, "a save", func(s *scope.Snapshot) bool { return s.Kept != "" })
	l.SetForgetBias(5)
	await(t, l, "surgery", func(s *scope.Snapshot) bool { return len(s.Changes) > 0 })
	now, _ := l.Freeze(false)
	l.Quit()
	l.Wait()
	opened, err := store.OpenModel(dir, l.kernel)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(opened.Model.Weights(), now.Model.Weights()) {
		t.Error("the weights on disk are not those that there were in the end")
	}
}
