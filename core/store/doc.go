// Package store keeps runs and models on disk.
//
//	RUN/run.json            what the run is: model, configuration, text, vocabulary, command
//	RUN/state.safetensors   all that is needed to go on; each save replaces it by one rename
//	RUN/model.safetensors   the weights alone, derived from it: what PyTorch opens
//	RUN/metrics.jsonl       one line an event, appended
//	RUN/samples.txt         what the model wrote, appended
//	RUN/history/            the weights as they were at earlier updates
//	RUN/events.out.tfevents.…  for TensorBoard, when asked for
//
// A model file needs no run around it: its architecture is in the shapes.
//
//	safetensors ── header.go, strict ────────────┐
//	                                            Tensors ── naming.go, layout.go ──▶ rnn.Model
//	torch.save's file ── pickle.go, allow-list ──┘
//
// Files come from anywhere, so nothing in one is believed before it is
// checked: no length in a header makes the reader allocate more than a small
// multiple of the file. Errors that a user can do something about are *Error,
// with the next move.
package store
