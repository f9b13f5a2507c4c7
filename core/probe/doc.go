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
//	how far back does the gradient reach?       Flow, ForgettingOf
//	from the output, or from the future?        SourcesOf
//	is that so?                                 CheckGradient
//	what of it is left with a window of k?      TermsOf, Truncate
//	how does the state move along a text?       Dynamics
//	what does clipping do to it?                ClippingOf, GradientNorms
//
// Answers are values of core/scope that nobody changes. Questions of the first
// kind take an Ask: interventions under which they are put, a way to stop them,
// and progress; those about gradients are put to the model as it is and take a
// Control. Gradients are the engine's own, in float32; their norms are summed,
// and what is said of the dynamics is computed, in float64.
package probe
