#!/usr/bin/env python3
"""Rebuilds a model that rnnscope has written, in PyTorch, and measures it.

    python3 load.py model.pt                      what it is
    python3 load.py model.pt TEXT                 loss and perplexity on the test split of TEXT
    python3 load.py model.pt TEXT --split all     or on another: train, valid, all

The file may be .pt or .safetensors; model.json beside it says how text becomes
tokens. A split is read as one stream from a zero state, every token but the
first predicted once: the perplexity is that of `rnnscope eval`.
"""
import argparse
import fractions
import json
import math
import os
import re
import struct

import torch
from torch import nn


class RNNLanguageModel(nn.Module):
    def __init__(self, cell, activation, vocab, embed, hidden, layers, dropout=0.0):
        super().__init__()
        self.embedding = nn.Embedding(vocab, embed)
        kind = {"rnn": nn.RNN, "gru": nn.GRU, "lstm": nn.LSTM}[cell]
        extra = {"nonlinearity": activation} if cell == "rnn" else {}
        self.rnn = kind(embed, hidden, num_layers=layers, batch_first=True, dropout=dropout if layers > 1 else 0.0, **extra)
        self.fc = nn.Linear(hidden, vocab)

    def forward(self, ids, state=None):  # [B, T] -> logits [B, T, V], state; id -1 is a symbol that the model does not know
        x = self.embedding(ids.clamp(min=0)) * (ids >= 0).unsqueeze(-1)
        out, state = self.rnn(x, state)
        return self.fc(out), state


def weights(path):
    if not path.endswith(".safetensors"):
        return torch.load(path, weights_only=True, map_location="cpu")
    with open(path, "rb") as f:
        data = f.read()
    (n,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + n])
    header.pop("__metadata__", None)
    tensors = {}
    for name, t in header.items():
        begin, end = (8 + n + offset for offset in t["data_offsets"])
        tensors[name] = torch.frombuffer(bytearray(data[begin:end]), dtype=torch.float32).reshape(t["shape"])
    return tensors


def load(path):
    with open(os.path.splitext(path)[0] + ".json", encoding="utf-8") as f:
        about = json.load(f)
    m = about["model"]
    model = RNNLanguageModel(m["cell"], m.get("activation") or "tanh", m["vocab"], m["embed"], m["hidden"], m["layers"], m["dropout"])
    if m.get("tie"):
        model.fc.weight = model.embedding.weight
    model.load_state_dict(weights(path), strict=True)
    return model.eval(), about


SPACE = "\t\v\f\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"


def tokens(text, vocabulary, drop_blank_lines):
    text = text.replace("\r\n", "\n")
    if vocabulary["lowercase"]:
        text = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    if vocabulary["level"] == "char":
        return list(text)
    word = rf"[^{SPACE}]+" if vocabulary["tokenizer"] == "space" else rf"[A-Za-z']+|[0-9]+|[^{SPACE}A-Za-z0-9']"
    lines = text.split("\n")
    if lines[-1] == "":
        lines.pop()
    out = []
    for line in lines:
        words = re.findall(word, line)
        if words or not drop_blank_lines:
            out += words + ["<eos>"]
    return out


def encode(path, about):
    vocabulary, text = about["vocabulary"], about["text"]["options"]
    with open(path, encoding="utf-8-sig", errors="replace" if text["Lossy"] else "strict", newline="") as f:
        found = tokens(f.read(), vocabulary, text["Lines"])
    ids = {token: i for i, token in enumerate(vocabulary["tokens"])}
    unknown = ids.get("<unk>", -1) if vocabulary["level"] == "word" else -1
    return [ids.get(token, unknown) for token in found]


def cut(ids, split, shares):
    if split == "all":
        return ids
    at, bounds = fractions.Fraction(0), [0]
    for share in shares[:2]:
        at += fractions.Fraction(repr(share))
        bounds.append(math.floor(at * len(ids)))
    bounds.append(len(ids))
    k = ("train", "valid", "test").index(split)
    return ids[bounds[k] : bounds[k + 1]]


def evaluate(model, ids, piece=4096):
    """The mean loss in nats over the tokens that are known, and their number."""
    total, count, state = 0.0, 0, None
    with torch.no_grad():
        for at in range(0, len(ids) - 1, piece):
            x = torch.tensor([ids[at : at + piece][: len(ids) - 1 - at]])
            y = torch.tensor(ids[at + 1 : at + 1 + x.shape[1]])
            logits, state = model(x, state)
            known = y >= 0
            total += nn.functional.cross_entropy(logits[0][known].double(), y[known], reduction="sum").item()
            count += int(known.sum())
    return total / count, count


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("text", nargs="?")
    parser.add_argument("--split", choices=["train", "valid", "test", "all"], default="test")
    args = parser.parse_args()
    model, about = load(args.model)
    print(model)
    if args.text is None:
        return
    if not about.get("vocabulary"):
        raise SystemExit("the model was written without its vocabulary: rnnscope convert --vocab FILE")
    ids = cut(encode(args.text, about), args.split, about["text"]["options"]["Split"])
    loss, count = evaluate(model, ids)
    print(f"{args.split}  {count} tokens  loss {loss:.6f} nats  {loss / math.log(2):.6f} bits  perplexity {math.exp(loss):.6f}")


if __name__ == "__main__":
    main()
