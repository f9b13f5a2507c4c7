#!/usr/bin/env python3
"""PyTorch's side of the comparisons in pytorch_test.go.

    peer.py make DIR CELL LAYERS V E H SEED      a model as DIR/model.safetensors
    peer.py trace MODEL CELL LAYERS IDS          states and logits of a sequence
    peer.py train MODEL CELL LAYERS IDS B K N OPT LR CLIP

Models are the lecture's class. IDS is a JSON file of token ids. Everything is
printed as JSON. Safetensors are read and written here by hand, so that nothing
but PyTorch is needed.
"""
import json
import struct
import sys

import torch
from torch import nn


class Model(nn.Module):
    def __init__(self, cell, layers, v, e, h):
        super().__init__()
        self.embedding = nn.Embedding(v, e)
        self.rnn = {"rnn": nn.RNN, "gru": nn.GRU, "lstm": nn.LSTM}[cell](e, h, num_layers=layers, batch_first=True)
        self.fc = nn.Linear(h, v)

    def forward(self, x, state=None):
        out, state = self.rnn(self.embedding(x), state)
        return out, self.fc(out), state


def write(path, tensors):
    header, blob = {}, b""
    for name, t in tensors.items():
        data = t.detach().contiguous().numpy().tobytes()
        header[name] = {"dtype": "F32", "shape": list(t.shape), "data_offsets": [len(blob), len(blob) + len(data)]}
        blob += data
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as f:
        f.write(struct.pack("<Q", len(text)) + text + blob)


def read(path):
    raw = open(path, "rb").read()
    (n,) = struct.unpack("<Q", raw[:8])
    header, body = json.loads(raw[8:8 + n]), raw[8 + n:]
    header.pop("__metadata__", None)
    out = {}
    for name, t in header.items():
        a, b = t["data_offsets"]
        assert t["dtype"] == "F32", t
        out[name] = torch.frombuffer(bytearray(body[a:b]), dtype=torch.float32).reshape(t["shape"])
    return out


def load(path, cell, layers):
    tensors = read(path)
    v, e = tensors["embedding.weight"].shape
    h = tensors["fc.weight"].shape[1]
    model = Model(cell, layers, v, e, h)
    model.load_state_dict(tensors, strict=True)
    return model


def detach(state):
    return tuple(s.detach() for s in state) if isinstance(state, tuple) else state.detach()


def trace(path, cell, layers, ids):
    model = load(path, cell, layers).eval()
    steps, state = [], None
    with torch.no_grad():
        for i in ids:
            _, logits, state = model(torch.tensor([[i]]), state)
            h, c = state if isinstance(state, tuple) else (state, None)
            steps.append({
                "h": [h[l, 0].tolist() for l in range(layers)],
                "c": [c[l, 0].tolist() for l in range(layers)] if c is not None else None,
                "logits": logits[0, 0].tolist(),
            })
    return steps


def train(path, cell, layers, ids, B, K, n, opt, lr, clip):
    model = load(path, cell, layers)
    optimizer = {"adam": torch.optim.Adam, "sgd": torch.optim.SGD}[opt](model.parameters(), lr=lr)
    cols = (len(ids) - 1) // B
    x = torch.tensor(ids[:B * cols]).view(B, cols)
    y = torch.tensor(ids[1:B * cols + 1]).view(B, cols)
    losses, norms, state, at = [], [], None, 0
    for _ in range(n):
        if at + K > cols:
            at, state = 0, None
        _, logits, state = model(x[:, at:at + K], state)
        state = detach(state)
        loss = nn.functional.cross_entropy(logits.reshape(-1, logits.shape[-1]), y[:, at:at + K].reshape(-1))
        at += K
        optimizer.zero_grad()
        loss.backward()
        norms.append(float(nn.utils.clip_grad_norm_(model.parameters(), clip if clip > 0 else float("inf"))))
        optimizer.step()
        losses.append(loss.item())
    return {"losses": losses, "norms": norms}


def main():
    torch.set_num_threads(1)
    what, args = sys.argv[1], sys.argv[2:]
    if what == "make":
        directory, cell, layers, v, e, h, seed = args[0], args[1], *map(int, args[2:])
        torch.manual_seed(seed)
        write(directory + "/model.safetensors", Model(cell, layers, v, e, h).state_dict())
        return
    ids = json.load(open(args[3]))
    if what == "trace":
        print(json.dumps(trace(args[0], args[1], int(args[2]), ids)))
    else:
        print(json.dumps(train(args[0], args[1], int(args[2]), ids, *map(int, args[4:7]), args[7], *map(float, args[8:10]))))


if __name__ == "__main__":
    main()
