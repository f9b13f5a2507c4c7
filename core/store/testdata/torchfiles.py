#!/usr/bin/env python3
"""PyTorch's side of the tests of .pt files.

    torchfiles.py open FILE...    prints {name: list} of torch.load(FILE, weights_only=True), and which storages are shared
    torchfiles.py make DIR        writes files that other programs write, and their logits as DIR/NAME.json
"""
import collections
import json
import sys

import torch
from torch import nn

IDS = [[0, 3, 1, 4, 1, 2, 0, 0], [4, 4, 2, 3, 0, 1, 1, 2]]


class Model(nn.Module):
    """A language model whose modules are called as told."""

    def __init__(self, cell, names, layers=1, bias=True, tie=False, bidirectional=False, proj=0):
        super().__init__()
        torch.manual_seed(7)
        e, h = (6, 6) if tie else (4, 6)
        self.names = names
        extra = {"proj_size": proj} if proj else {}
        made = getattr(nn, cell)(e, h, num_layers=layers, bias=bias, bidirectional=bidirectional, **extra)
        for name, module in zip(names, (nn.Embedding(5, e), made, nn.Linear(h, 5, bias=bias))):
            setattr(self, name, module)
        if tie:
            getattr(self, names[2]).weight = getattr(self, names[0]).weight

    def forward(self, ids):
        embedding, rnn, output = (getattr(self, n) for n in self.names)
        out, _ = rnn(embedding(ids.t()))
        return output(out).transpose(0, 1)


def make(directory):
    lecture, example = ("embedding", "rnn", "fc"), ("encoder", "rnn", "decoder")

    def write(name, model, state=None, **how):
        state = model.state_dict() if state is None else state
        torch.save(state, f"{directory}/{name}.pt", **how)
        with torch.no_grad():
            json.dump(model(torch.tensor(IDS)).tolist(), open(f"{directory}/{name}.json", "w"))

    write("lecture", Model("LSTM", lecture, 2))
    write("legacy", Model("GRU", lecture, 2), _use_new_zipfile_serialization=False)
    write("example", Model("LSTM", example, 2))
    write("example-tied", Model("GRU", example, tie=True))
    write("legacy-tied", Model("RNN", example, tie=True), _use_new_zipfile_serialization=False)
    write("nobias", Model("LSTM", ("embed", "lstm", "linear"), bias=False))
    m = Model("GRU", lecture, 3)
    write("parallel", m, nn.DataParallel(m).state_dict())
    m = Model("LSTM", ("embedding", "lstm", "fc"))
    optimizer = torch.optim.Adam(m.parameters())
    m(torch.tensor(IDS)).sum().backward()
    optimizer.step()
    write("checkpoint", m, {"epoch": 3, "loss": 1.25, "model_state_dict": m.state_dict(), "optimizer_state_dict": optimizer.state_dict(),
                            "args": {"hidden": 6, "tied": False}, "vocab": ["a", "b", "c", "d", "e"], "stoi": {"a": 0, "b": 1}})
    m = Model("GRU", lecture)
    write("modules", m, {"embedding": m.embedding.state_dict(), "rnn": m.rnn.state_dict(), "fc": m.fc.state_dict()})
    write("parameters", m, collections.OrderedDict(m.named_parameters()))
    m = Model("LSTM", lecture).double()
    write("double", m)
    m = Model("LSTM", lecture)
    half = {k: v.half() for k, v in m.state_dict().items()}
    m.load_state_dict(half)
    write("half", m, half)
    brain = {k: v.bfloat16() for k, v in m.state_dict().items()}
    m.load_state_dict(brain)
    write("brain", m, brain)
    m = Model("LSTM", lecture)
    turned = {k: v.t().contiguous().t() if v.dim() == 2 else v for k, v in m.state_dict().items()}
    write("transposed", m, turned)
    flat = torch.cat([v.reshape(-1) for v in m.state_dict().values()])
    views, at = {}, 0
    for k, v in m.state_dict().items():
        views[k] = flat[at:at + v.numel()].view(v.shape)
        at += v.numel()
    write("views", m, views)
    write("protocol4", m, pickle_protocol=4)

    torch.save(Model("LSTM", lecture, bidirectional=True).state_dict(), f"{directory}/refused-bidirectional.pt")
    m = Model("LSTM", lecture, proj=3)
    torch.save(m.state_dict(), f"{directory}/refused-projections.pt")
    torch.save({"model": m.state_dict(), "when": collections.Counter("abc")}, f"{directory}/refused-class.pt")
    torch.save({"a": Model("LSTM", lecture).state_dict(), "b": Model("GRU", lecture).state_dict()}, f"{directory}/refused-two.pt")
    torch.save(Model("LSTM", lecture), f"{directory}/refused-module.pt")
    expanded = Model("LSTM", lecture).state_dict()
    expanded["fc.bias"] = torch.zeros(1).expand(5)
    torch.save(expanded, f"{directory}/refused-expanded.pt")


def opened(path):
    state = torch.load(path, weights_only=True)
    owners = collections.defaultdict(list)
    for k, v in state.items():
        owners[v.data_ptr()].append(k)
    return {"tensors": {k: v.tolist() for k, v in state.items()}, "shared": [v for v in owners.values() if len(v) > 1]}


{"open": lambda *files: print(json.dumps([opened(f) for f in files])), "make": make}[sys.argv[1]](*sys.argv[2:])
