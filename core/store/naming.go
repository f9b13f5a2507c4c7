package store

import (
	"regexp"
	"slices"
	"strings"
	"sync"

	"rnnscope/core/say"
)

// naming says what a file calls the parts of the model: what stands before
// weight_ih_l0, and before the weight of embedding and output. The lecture's
// class has rnn., embedding. and fc.; others have module.lstm., module.encoder.
// and module.decoder., or checkpoints such as model_state_dict.rnn. in front.
type naming struct{ root, embedding, rnn, output string }

// lecture names what this program writes, after a prefix.
func lecture(prefix string) naming {
	return naming{prefix, prefix + "embedding.", prefix + "rnn.", prefix + "fc."}
}

// of is the file's name for a tensor of the lecture's class.
func (n naming) of(name string) string {
	module, tensor, _ := strings.Cut(name, ".")
	return map[string]string{"embedding": n.embedding, "rnn": n.rnn, "fc": n.output}[module] + tensor
}

// Names that people give to the two modules beside the recurrent one. The
// first of a list that a file has is taken.
var (
	embeddingNames = []string{"embedding", "encoder", "embed", "embeddings", "emb", "word_embeddings", "word_embedding", "embedding_layer", "wte", "lookup"}
	outputNames    = []string{"fc", "decoder", "linear", "out", "output", "fc_out", "output_layer", "head", "lm_head", "proj", "projection", "classifier", "dense", "fc1"}
)

var firstLayer = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(.*\.)?(weight_ih_l0|weight_hh_l0)$`)
})

// namingOf finds the modules of the only recurrent model in a file. A file
// without one has the lecture's names, of which some are missing then.
func namingOf(t *Tensors) (naming, error) {
	var found []string
	for _, e := range t.Entries {
		if m := firstLayer().FindStringSubmatch(e.Name); m != nil && !slices.Contains(found, m[1]) {
			found = append(found, m[1])
		}
	}
	switch {
	case len(found) == 0:
		return lecture(""), nil
	case len(found) > 1:
		return naming{}, say.Errorf("there is more than one recurrent network in it: %s and %s", found[0]+"weight_ih_l0", found[1]+"weight_ih_l0")
	}
	n := naming{rnn: found[0]}
	n.root = n.rnn[:strings.LastIndexByte(strings.TrimSuffix(n.rnn, "."), '.')+1]
	n.embedding, n.output = n.root+"embedding.", n.root+"fc."
	if name := firstOf(t, n.root, embeddingNames); name != "" {
		n.embedding = name
	}
	if name := firstOf(t, n.root, outputNames); name != "" {
		n.output = name
	}
	return n, nil
}

// firstOf is the first of the modules of that name that has a weight or a bias,
// as a tied output may have alone; "" when there is none. A module in a
// Sequential is called by number, one wrapped by its own name.
func firstOf(t *Tensors, root string, names []string) string {
	for _, name := range names {
		for _, inside := range []string{".", ".0.", ".module."} {
			module := root + name + inside
			_, weight := t.Lookup(module + "weight")
			_, bias := t.Lookup(module + "bias")
			if weight || bias {
				return module
			}
		}
	}
	return ""
}
