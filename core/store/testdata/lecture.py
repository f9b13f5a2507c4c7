#!/usr/bin/env python3
"""Reads a run's model.safetensors as anybody would, in a Python that has
PyTorch but not the safetensors package.

    python3 lecture.py logits IDS MODEL CELL ACTIVATION ...   IDS: JSON [B][T]; prints logits [B][T][V] of each model
    python3 lecture.py dtypes FILE                            writes every F16 and BF16, and some F64, beside their F32
"""
import json
import struct
import sys

import torch
from torch import nn

DTYPES = {"F64": torch.float64, "F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16}


def load(path):
    with open(path, "rb") as f:
        data = f.read()
    n = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8 : 8 + n])
    header.pop("__metadata__", None)
    tensors = {}
    for name, t in header.items():
        begin, end = (8 + n + o for o in t["data_offsets"])
        tensors[name] = torch.frombuffer(bytearray(data[begin:end]), dtype=DTYPES[t["dtype"]]).reshape(t["shape"])
    return tensors


def save(path, tensors):
    header, data = {}, b""
    for name, t in tensors.items():
        raw = t.contiguous().view(torch.uint8).numpy().tobytes()
        dtype = next(k for k, v in DTYPES.items() if v == t.dtype)
        header[name] = {"dtype": dtype, "shape": list(t.shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header).encode()
    with open(path, "wb") as f:
        f.write(struct.pack("<Q", len(text)) + text + data)


class RNNLanguageModel(nn.Module):
    """The lecture's class."""

    def __init__(self, cell, activation, vocab, embed, hidden, layers):
        super().__init__()
        self.embedding = nn.Embedding(vocab, embed)
        if cell == "rnn":
            self.rnn = nn.RNN(embed, hidden, num_layers=layers, batch_first=True, nonlinearity=activation)
        else:
            self.rnn = {"gru": nn.GRU, "lstm": nn.LSTM}[cell](embed, hidden, num_layers=layers, batch_first=True)
        self.fc = nn.Linear(hidden, vocab)

    def forward(self, x):
        out, _ = self.rnn(self.embedding(x))
        return self.fc(out)


def logits(ids, *models):
    print(json.dumps([logits_of(ids, *models[i : i + 3]) for i in range(0, len(models), 3)]))


def logits_of(ids, path, cell, activation):
    weights = load(path)
    vocab, embed = weights["embedding.weight"].shape
    layers = sum(name.startswith("rnn.weight_hh_l") for name in weights)
    model = RNNLanguageModel(cell, activation, vocab, embed, weights["fc.weight"].shape[1], layers)
    model.load_state_dict(weights, strict=True)
    model.eval()
    with torch.no_grad():
        return model(torch.tensor(json.loads(ids))).tolist()


def dtypes(path):
    bits = torch.arange(65536, dtype=torch.int32).to(torch.int16)
    half, brain = bits.view(torch.float16), bits.view(torch.bfloat16)
    double = torch.tensor([1 / 3, -1e-30, 1e-45, 3.4e38, float("inf")], dtype=torch.float64)
    save(path, {"F16": half, "F16 as F32": half.float(), "BF16": brain, "BF16 as F32": brain.float(), "F64": double, "F64 as F32": double.float()})


{"logits": logits, "dtypes": dtypes}[sys.argv[1]](*sys.argv[2:])
