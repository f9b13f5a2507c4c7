// Package lag is experiments on long dependencies: can this cell, started like
// this and trained at this rate, learn to use what it saw so many steps ago.
//
//	Grid ── Trials ──▶ Run: one trial a worker ──▶ scope.TrialResult, as they come
//
//	Trial ── task + lag ──▶ sequences ──▶ train.Trainer ──▶ 400 fresh ones every 50 updates
//	      └─ before training: how much of the gradient arrives ──▶ ratio, predicted horizon
//
// Every window holds whole sequences from the zero state. Nothing is shared
// between trials but their sequences: the same task, lag and seed give the same
// ones to every cell. A trial's result depends on nothing but the trial.
package lag
