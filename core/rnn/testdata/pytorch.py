#!/usr/bin/env python3
"""Writes the files of testdata/pytorch anew: what PyTorch makes of six small
models in single and double precision.

    python3 pytorch.py [DIRECTORY]

Each file has the weights and a batch, and for it the outputs, the loss, the
gradients and their norm; then the weights after one clipped update by Adam,
and the losses of four more on the same batch. Written by PyTorch 1.13.0; other
versions draw other weights, which the tests do not mind.
"""
import json
import pathlib
import sys

import torch
from torch import nn

V, E, H, B, T = 7, 5, 6, 3, 9
LR, CLIP = 1e-2, 0.25


class Model(nn.Module):
    def __init__(self, cell, layers):
        super().__init__()
        self.embedding = nn.Embedding(V, E)
        self.rnn = {"rnn": nn.RNN, "gru": nn.GRU, "lstm": nn.LSTM}[cell](E, H, num_layers=layers, batch_first=True)
        self.fc = nn.Linear(H, V)

    def forward(self, x):
        out, state = self.rnn(self.embedding(x))
        return out, self.fc(out), state


def flat(t):
    return t.detach().double().flatten().tolist()


def record(cell, layers, dtype):
    torch.manual_seed(1234)
    model = Model(cell, layers).to(dtype)
    generator = torch.Generator().manual_seed(5)
    x = torch.randint(0, V, (B, T), generator=generator)
    y = torch.randint(0, V, (B, T), generator=generator)

    def forward():
        out, logits, state = model(x)
        return out, logits, state, nn.functional.cross_entropy(logits.reshape(-1, V), y.reshape(-1))

    out, logits, state, loss = forward()
    r = {
        "torch": torch.__version__, "cell": cell, "layers": layers, "dtype": str(dtype),
        "V": V, "E": E, "H": H, "B": B, "T": T, "x": x.tolist(), "y": y.tolist(),
        "params": {k: {"shape": list(v.shape), "data": flat(v)} for k, v in model.state_dict().items()},
        "out": {"shape": list(out.shape), "data": flat(out)}, "logits": flat(logits), "loss": loss.item(),
        "hn": [flat(s) for s in state] if isinstance(state, tuple) else [flat(state)],
    }
    adam = torch.optim.Adam(model.parameters(), lr=LR)
    loss.backward()
    r["grads"] = {k: flat(p.grad) for k, p in model.named_parameters()}
    norm = nn.utils.clip_grad_norm_(model.parameters(), CLIP)
    r["clip"] = {"max_norm": CLIP, "total_norm": float(norm)}
    r["grads_clipped_fc_bias"] = flat(model.fc.bias.grad)
    adam.step()
    r["after_adam_1"] = {k: flat(v) for k, v in model.state_dict().items()}
    r["losses_steps_2_5"] = []
    for _ in range(4):
        loss = forward()[-1]
        r["losses_steps_2_5"].append(loss.item())
        adam.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), CLIP)
        adam.step()
    r["after_adam_5_fc_bias"] = flat(model.fc.bias)
    return r


def main():
    directory = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent / "pytorch")
    directory.mkdir(parents=True, exist_ok=True)
    for cell in ("rnn", "gru", "lstm"):
        for layers in (1, 2):
            for name, dtype in (("f32", torch.float32), ("f64", torch.float64)):
                path = directory / f"{cell}{layers}_{name}.json"
                path.write_text(json.dumps(record(cell, layers, dtype)))
                print(path)


if __name__ == "__main__":
    main()
