#!/usr/bin/env python3
"""PyTorch's side of TestTrainingEqualsPyTorch: trains the same cell on the same
windows, read as JSON from standard input, and prints the losses. Inputs are
vectors (numbers, or symbols as one-hot), the output a linear layer on the last
step: of one unit and squared errors, or of the classes and their surprisal.
"""
import json
import sys

import torch
from torch import nn

torch.set_num_threads(1)


def train(q):
    H, width, outputs = q["hidden"], q["width"], q["outputs"]
    rnn = {"rnn": nn.RNN, "gru": nn.GRU, "lstm": nn.LSTM}[q["cell"]](width, H)
    fc = nn.Linear(H, outputs)
    with torch.no_grad():
        for name, t in rnn.named_parameters():
            t.copy_(torch.tensor(q["params"]["rnn." + name]).reshape(t.shape))
        fc.weight.copy_(torch.tensor(q["params"]["fc.weight"]).reshape(fc.weight.shape))
        fc.bias.copy_(torch.tensor(q["params"]["fc.bias"]))
    parameters = list(rnn.parameters()) + list(fc.parameters())
    optimizer = torch.optim.Adam(parameters, lr=q["lr"])
    losses, norms = [], []
    for w in q["windows"]:
        x = torch.tensor(w["x"], dtype=torch.float32).reshape(q["steps"], q["batch"], width)
        out, _ = rnn(x)
        out = fc(out[-1])
        if outputs == 1:
            loss = ((out[:, 0] - torch.tensor(w["y"], dtype=torch.float32)) ** 2).mean()
        else:
            loss = nn.functional.cross_entropy(out, torch.tensor(w["y"], dtype=torch.long))
        optimizer.zero_grad()
        loss.backward()
        norms.append(float(nn.utils.clip_grad_norm_(parameters, q["clip"])))
        optimizer.step()
        losses.append(loss.item())
    return {"losses": losses, "norms": norms}


json.dump([train(q) for q in json.load(sys.stdin)], sys.stdout)
