// Package probe puts questions to a model that nobody changes meanwhile. A
// question about a model in training is put to a copy of it.
//
//	what did it do with this sentence?          Trace, and Equation at a step
//	which tokens speak for this prediction?     Influence
//	which of two continuations, and from when?  LogOdds
//	which units follow a feature of the text?   FindUnits, TextFeatures
//	where do these units do this again?         Match
//	what drives this unit?                      ReadUnit
//
// Answers are values of core/scope that nobody changes. Each question takes an
// Ask: interventions under which it is put, a way to stop it, and progress.
package probe
