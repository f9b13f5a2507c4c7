package corpora

import _ "embed"

// The texts are written for this program, sentence by sentence, and are under
// its licence. They are embedded as they are: compressed, they would make the
// program smaller by 0.2 MB only.
var (
	//go:embed texts/fables.txt
	fablesText string
	//go:embed texts/zh.txt
	zhText string
	//go:embed texts/pairs.tsv
	pairsText string
	//go:embed texts/agreement-pairs.tsv
	agreementPairsText string
)
