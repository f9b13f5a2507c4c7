#!/usr/bin/env python3
"""PyTorch's side of TestFlowEqualsAutograd: reads a model and a window from
standard input as JSON and prints ‖∂L_T/∂h_t‖ and ‖∂L_T/∂c_t‖ of every layer and
step, in float64, with every state a leaf of the graph's past.

The cells are unrolled from PyTorch's documented equations, so that each state
is a tensor of its own; that they are nn.RNN, nn.GRU and nn.LSTM is asserted.
"""
import json
import sys

import torch
from torch import nn

torch.set_default_dtype(torch.float64)
q = json.load(sys.stdin)
cell, layers, H = q["cell"], q["layers"], q["hidden"]
p = {k: torch.tensor(v["data"]).reshape(v["shape"]) for k, v in q["params"].items()}


def step(l, x, h, c):
    """One step of layer l; the new c is kept before h is made of it."""
    wi, wh = p[f"rnn.weight_ih_l{l}"], p[f"rnn.weight_hh_l{l}"]
    a, b = wi @ x + p[f"rnn.bias_ih_l{l}"], wh @ h + p[f"rnn.bias_hh_l{l}"]
    if cell == "rnn":
        return torch.tanh(a + b), None
    if cell == "gru":
        r, z = torch.sigmoid(a[:H] + b[:H]), torch.sigmoid(a[H:2 * H] + b[H:2 * H])
        n = torch.tanh(a[2 * H:] + r * b[2 * H:])
        return (1 - z) * n + z * h, None
    s = a + b
    i, f, g, o = torch.sigmoid(s[:H]), torch.sigmoid(s[H:2 * H]), torch.tanh(s[2 * H:3 * H]), torch.sigmoid(s[3 * H:])
    c = f * c + i * g
    c.retain_grad()
    return o * torch.tanh(c), c


for t in p.values():
    t.requires_grad_(True)
h, c = [torch.zeros(H) for _ in range(layers)], [torch.zeros(H) for _ in range(layers)]
hs, cs = [], []
for id in q["ids"]:
    x = p["embedding.weight"][id]
    for l in range(layers):
        h[l], c[l] = step(l, x, h[l], c[l])
        h[l].retain_grad()
        x = h[l]
    hs.append(list(h))
    cs.append(list(c))
logits = p["fc.weight"] @ h[-1] + p["fc.bias"]

theirs = {"rnn": nn.RNN, "gru": nn.GRU, "lstm": nn.LSTM}[cell](q["embed"], H, num_layers=layers)
theirs.load_state_dict({k[4:]: v.detach() for k, v in p.items() if k.startswith("rnn.")})
out, _ = theirs(p["embedding.weight"][torch.tensor(q["ids"])].detach().unsqueeze(1))
assert torch.allclose(out[-1, 0], h[-1], rtol=1e-9, atol=1e-12), "the unrolled cell is not PyTorch's"

loss = nn.functional.cross_entropy(logits.unsqueeze(0), torch.tensor([q["target"]]))
loss.backward()
norm = lambda t: 0.0 if t is None or t.grad is None else t.grad.norm().item()
json.dump({
    "h": [[norm(hs[t][l]) for t in range(len(hs))] for l in range(layers)],
    "c": [[norm(cs[t][l]) for t in range(len(hs))] for l in range(layers)],
}, sys.stdout)
