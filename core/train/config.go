package train

import (
	"math"

	"rnnscope/core/say"
)

// Config says how a model is trained. Start from Defaults.
type Config struct {
	Optimizer   string   `json:"optimizer"` // a name of Optimizers()
	LR          float64  `json:"lr"`
	Schedule    Schedule `json:"schedule"`
	Clip        float64  `json:"clip"`         // global norm; 0 is off
	ClipValue   float64  `json:"clip_value"`   // each element; 0 is off
	WeightDecay float64  `json:"weight_decay"` // L2, added to the gradient
	Dropout     float64  `json:"dropout"`
	Seed        uint64   `json:"seed"`

	// Of tasks: the embedding stays as it is (one-hot inputs); and the loss of
	// knowing nothing where it is not ln V, by which divergence is judged.
	FixEmbedding bool    `json:"fix_embedding,omitempty"`
	Chance       float64 `json:"chance,omitempty"`
}

// Defaults is Adam at 2e-3, clipped at 5.
func Defaults() Config {
	return Config{Optimizer: "adam", LR: 2e-3, Clip: 5, Seed: 1}
}

// Validate says what is wrong with c in the words of the flags.
func (c Config) Validate() error {
	if _, err := optimizerOf(c.Optimizer); err != nil {
		return err
	}
	for _, v := range []struct {
		name string
		x    float64
		zero bool
	}{{"lr", c.LR, false}, {"clip", c.Clip, true}, {"clip-value", c.ClipValue, true}, {"weight-decay", c.WeightDecay, true}} {
		if math.IsNaN(v.x) || math.IsInf(v.x, 0) || v.x < 0 || v.x == 0 && !v.zero {
			if v.zero {
				return say.Errorf("%s must be 0 (off) or a positive number, not %v", v.name, v.x)
			}
			return say.Errorf("%s must be a positive number, not %v", v.name, v.x)
		}
	}
	if c.Clip > 0 && c.ClipValue > 0 {
		return say.Errorf("clip and clip-value contradict each other; set one of them")
	}
	if !(c.Dropout >= 0 && c.Dropout < 1) {
		return say.Errorf("dropout must be at least 0 and below 1, not %v", c.Dropout)
	}
	if c.FixEmbedding && c.WeightDecay > 0 {
		return say.Errorf("an embedding that is fixed cannot decay; set weight-decay to 0")
	}
	return c.Schedule.validate()
}
