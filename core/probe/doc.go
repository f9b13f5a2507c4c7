// Package probe puts questions to a model that nobody changes meanwhile: what
// did it do with this sentence, step by step. A question about a model in
// training is put to a copy of it.
package probe
