package lag

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"rnnscope/corpora"
)

// Every task, at its shortest, usual and another lag: symbols and classes in
// range, something graded, every graded step scored, and nothing past the end.
func TestEveryTaskKeepsItsRanges(t *testing.T) {
	for _, p := range tasks {
		for _, lag := range []int{p.least, p.usual, p.usual + 7} {
			g := rand.New(rand.NewPCG(1, 2))
			s := newSequence(p, p.steps(lag))
			for range 200 {
				s.clear()
				p.write(g, lag, false, s)
				graded := 0
				for i := range s.x {
					if s.x[i] < -1 || int(s.x[i]) >= max(1, p.symbols) || int(s.y[i]) >= max(1, p.classes) {
						t.Fatalf("%s lag %d step %d: symbol %d, class %d", p.name, lag, i, s.x[i], s.y[i])
					}
					if s.graded[i] {
						graded++
						if s.y[i] < 0 {
							t.Fatalf("%s lag %d: step %d is graded and not scored", p.name, lag, i)
						}
					}
				}
				if graded == 0 {
					t.Fatalf("%s lag %d: nothing is graded", p.name, lag)
				}
			}
			if p.span(lag) < 1 || p.span(lag) >= p.steps(lag) {
				t.Errorf("%s lag %d: span %d of %d steps", p.name, lag, p.span(lag), p.steps(lag))
			}
		}
		if Title(p.name) == "" || UsualLag(p.name) != p.usual {
			t.Errorf("%s: title %q, usual lag %d", p.name, Title(p.name), UsualLag(p.name))
		}
	}
}

// chanceDraws is for means over this many sequences: within 4 standard errors.
const chanceDraws = 20000

func TestAdding(t *testing.T) {
	g := rand.New(rand.NewPCG(3, 4))
	for _, lag := range []int{2, 5, 50} {
		s := newSequence(adding, lag)
		first, second := map[int]bool{}, map[int]bool{}
		sum, squares := 0.0, 0.0
		for range chanceDraws {
			s.clear()
			adding.write(g, lag, false, s)
			var marked []int
			want := float32(0)
			for i, v := range s.values {
				if v[0] < 0 || v[0] >= 1 {
					t.Fatalf("u = %v", v[0])
				}
				if v[1] == 1 {
					marked = append(marked, i)
					want += v[0]
				} else if v[1] != 0 {
					t.Fatalf("mark %v", v[1])
				}
			}
			if len(marked) != 2 || marked[0] >= lag/2 || marked[1] < lag/2 || s.goals[lag-1] != want || !s.graded[lag-1] {
				t.Fatalf("lag %d: marks at %v, target %v of %v", lag, marked, s.goals[lag-1], want)
			}
			first[marked[0]], second[marked[1]] = true, true
			sum += float64(want)
			squares += float64(want-1) * float64(want-1)
		}
		if len(first) != lag/2 || len(second) != lag-lag/2 {
			t.Errorf("lag %d: %d and %d different places", lag, len(first), len(second))
		}
		if mse := squares / chanceDraws; math.Abs(mse-adding.chance(lag)) > 4*0.2/math.Sqrt(chanceDraws) {
			t.Errorf("answering 1 has an error of %v, chance is %v (mean target %v)", mse, adding.chance(lag), sum/chanceDraws)
		}
	}
}

func TestOrder(t *testing.T) {
	g := rand.New(rand.NewPCG(5, 6))
	for _, lag := range []int{10, 37, 100} {
		s := newSequence(order, lag)
		classes, early, late := map[int32]int{}, map[int]bool{}, map[int]bool{}
		for range 4000 {
			s.clear()
			order.write(g, lag, false, s)
			var at []int
			for i, x := range s.x {
				if x < 2 {
					at = append(at, i)
				}
			}
			tenth := lag / 10
			if len(at) != 2 || at[0] < tenth || at[0] > 2*tenth-1 || at[1] < lag/2 || at[1] > lag/2+tenth-1 {
				t.Fatalf("length %d: A or B at %v", lag, at)
			}
			if want := 2*s.x[at[0]] + s.x[at[1]]; s.y[lag-1] != want {
				t.Fatalf("class %d, want %d", s.y[lag-1], want)
			}
			classes[s.y[lag-1]]++
			early[at[0]], late[at[1]] = true, true
		}
		if len(classes) != 4 || len(early) != lag/10 || len(late) != lag/10 {
			t.Errorf("length %d: classes %v, %d and %d places", lag, classes, len(early), len(late))
		}
	}
}

func TestRecall(t *testing.T) {
	g := rand.New(rand.NewPCG(7, 8))
	for _, p := range []*problem{recall, recallMixed} {
		s := newSequence(p, p.steps(20))
		lags := map[int]int{}
		for range 4000 {
			s.clear()
			p.write(g, 20, false, s)
			end := slices.Index(s.x, 2*recallKeys)
			lags[end-1]++
			if s.y[end] != s.x[0] || s.x[0] >= recallKeys || !s.graded[end] {
				t.Fatalf("%s: %v asks for %d", p.name, s.x, s.y[end])
			}
			for i, x := range s.x {
				if i > 0 && i < end && (x < recallKeys || x >= 2*recallKeys) || i > end && x != -1 || i != end && s.y[i] != -1 {
					t.Fatalf("%s: step %d of %v", p.name, i, s.x)
				}
			}
		}
		if want := map[string]int{"recall": 1, "recall-mixed": 20}[p.name]; len(lags) != want {
			t.Errorf("%s: lags %v", p.name, lags)
		}
		s.clear()
		p.write(g, 20, true, s)
		if s.y[21] != s.x[0] || s.x[0] != s.x[21-p.span(20)] {
			t.Errorf("%s at the whole lag: %v", p.name, s.x)
		}
	}
}

// The layout of the generator published with Bai, Kolter & Koltun 2018.
func TestCopying(t *testing.T) {
	g := rand.New(rand.NewPCG(9, 1))
	for _, lag := range []int{1, 2, 30} {
		s := newSequence(copying, copying.steps(lag))
		s.clear()
		copying.write(g, lag, false, s)
		var x, y []string
		for i := range s.x {
			x, y = append(x, fmt.Sprint(s.x[i])), append(y, fmt.Sprint(s.y[i]))
		}
		symbols := strings.Join(x[:10], " ")
		if want := symbols + strings.Repeat(" 0", lag-1) + strings.Repeat(" 9", 11); strings.Join(x, " ") != want {
			t.Errorf("lag %d: x %v, want %s", lag, x, want)
		}
		if want := strings.Repeat("0 ", lag+10) + symbols; strings.Join(y, " ") != want {
			t.Errorf("lag %d: y %v, want %s", lag, y, want)
		}
		if strings.ContainsAny(symbols, "09") || !s.graded[lag+10] || s.graded[lag+9] {
			t.Errorf("lag %d: symbols %s", lag, symbols)
		}
	}
	if c := copying.chance(100); math.Abs(c-0.1733) > 1e-4 {
		t.Errorf("chance at 100 is %v, published .1733", c)
	}
}

// A recogniser of the grammar, written from its drawing and not from the table.
func inReber(s string) bool {
	inner := strings.TrimPrefix(strings.TrimSuffix(s[2:len(s)-2], "E"), "B")
	state := 0
	for _, c := range inner {
		next, ok := map[int]map[rune]int{
			0: {'T': 1, 'P': 2}, 1: {'S': 1, 'X': 3}, 2: {'T': 2, 'V': 4}, 3: {'X': 2, 'S': 5}, 4: {'P': 3, 'V': 5},
		}[state][c]
		if !ok {
			return false
		}
		state = next
	}
	return state == 5 && len(inner) == len(s)-6
}

func TestReber(t *testing.T) {
	symbols, g := corpora.ReberSymbols(), rand.New(rand.NewPCG(2, 2))
	longest, shortest := 0, 100
	for _, lag := range []int{6, 12, 20} {
		s := newSequence(reber, reber.steps(lag))
		for range 3000 {
			s.clear()
			reber.write(g, lag, false, s)
			text := ""
			for i, x := range s.x {
				if x < 0 {
					break
				}
				text += symbols[x]
				if i+1 < len(s.x) && s.x[i+1] >= 0 && s.y[i] != s.x[i+1] {
					t.Fatalf("step %d of %s predicts %d", i, text, s.y[i])
				}
			}
			text += symbols[s.y[len(text)-1]]
			graded := slices.Index(s.graded, true)
			if !inReber(text) || text[1] != text[len(text)-2] || symbols[s.y[graded]] != text[1:2] || graded != len(text)-3 {
				t.Fatalf("%q, graded after step %d", text, graded)
			}
			distance := len(text) - 3
			if distance > lag {
				t.Fatalf("%q: letters %d apart, allowed %d", text, distance, lag)
			}
			longest, shortest = max(longest, distance), min(shortest, distance)
		}
	}
	if shortest != 6 || longest != 20 {
		t.Errorf("letters from %d to %d apart", shortest, longest)
	}
}

// Windows can be drawn again, and purposes share none.
func TestSourceGoesBack(t *testing.T) {
	for _, p := range tasks {
		draw := func(s *source) (x, y []int32, values []float32) {
			x, y = make([]int32, s.T*s.B), make([]int32, s.T*s.B)
			var goals []float32
			if p.symbols == 0 {
				values, goals = make([]float32, s.T*s.B*p.width), make([]float32, s.T*s.B)
			}
			if !s.NextValues(values, goals, x, y) {
				t.Fatalf("%s: a window carries the state of the last", p.name)
			}
			return x, y, append(values, goals...)
		}
		s := newSource(p, p.usual, 3, 5, streamTraining)
		x0, _, v0 := draw(s)
		x1, y1, v1 := draw(s)
		if slices.Equal(x0, x1) && slices.Equal(v0, v1) {
			t.Errorf("%s: two windows are the same", p.name)
		}
		if err := s.SeekTo(1, 0); err != nil {
			t.Fatal(err)
		}
		x, y, v := draw(s)
		if epoch, _ := s.Position(); epoch != 2 || !slices.Equal(x, x1) || !slices.Equal(y, y1) || !slices.Equal(v, v1) {
			t.Errorf("%s: window 1 is another the second time", p.name)
		}
		xf, _, vf := draw(newSource(p, p.usual, 3, 5, streamFresh))
		if slices.Equal(xf, x0) && slices.Equal(vf, v0) {
			t.Errorf("%s: fresh sequences are those of the training", p.name)
		}
		if s.SeekTo(-1, 0) == nil || s.SeekTo(0, 3) == nil {
			t.Errorf("%s: goes where no window begins", p.name)
		}
	}
}
