package train

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"

	"rnnscope/core/say"
)

// Schedule is how the learning rate changes. The zero value keeps it.
type Schedule struct {
	Kind   string  // constant (or ""), step, cosine
	Epoch  float64 // step: the rate is full through this many epochs
	Factor float64 // step: and is multiplied by this at the end of each epoch from then on
}

// ParseSchedule reads constant, step:EPOCH,FACTOR or cosine.
func ParseSchedule(s string) (Schedule, error) {
	kind, rest, _ := strings.Cut(s, ":")
	switch {
	case s == "" || s == "constant" || s == "cosine":
		return Schedule{Kind: s}, nil
	case kind == "step":
		e, f, ok := strings.Cut(rest, ",")
		epoch, err1 := strconv.ParseFloat(e, 64)
		factor, err2 := strconv.ParseFloat(f, 64)
		if !ok || err1 != nil || err2 != nil {
			return Schedule{}, say.Errorf("schedule step needs an epoch and a factor, as in step:4,0.5")
		}
		schedule := Schedule{Kind: kind, Epoch: epoch, Factor: factor}
		return schedule, schedule.validate()
	}
	return Schedule{}, say.Errorf("schedule must be constant, step:EPOCH,FACTOR or cosine, not %q", s)
}

func (s Schedule) validate() error {
	if s.Kind == "step" && !(s.Epoch >= 0 && s.Factor > 0 && s.Factor <= 1) {
		return say.Errorf("schedule step needs an epoch of 0 or more and a factor above 0 and up to 1, as in step:4,0.5")
	}
	return nil
}

// String is what ParseSchedule reads.
func (s Schedule) String() string {
	switch s.Kind {
	case "":
		return "constant"
	case "step":
		return fmt.Sprintf("step:%v,%v", s.Epoch, s.Factor)
	}
	return s.Kind
}

func (s Schedule) MarshalJSON() ([]byte, error) { return json.Marshal(s.String()) }

func (s *Schedule) UnmarshalJSON(b []byte) error {
	var text string
	if err := json.Unmarshal(b, &text); err != nil {
		return err
	}
	parsed, err := ParseSchedule(text)
	*s = parsed
	return err
}

// factor is what the learning rate is multiplied by in the window that starts
// after the given number of whole epochs, with done of total updates made;
// total is 0 when it is not known.
func (s Schedule) factor(epoch int64, done, total int64) float64 {
	switch s.Kind {
	case "step":
		return math.Pow(s.Factor, math.Max(0, float64(epoch+1)-s.Epoch))
	case "cosine":
		if total > 0 {
			return 0.5 * (1 + math.Cos(math.Pi*math.Min(1, float64(done)/float64(total))))
		}
	}
	return 1
}
