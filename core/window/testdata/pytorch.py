#!/usr/bin/env python3
"""Prints, as JSON, what PyTorch makes of a small window model in single or
double precision: weights, a batch, losses and gradients, the weights after one
clipped update by Adam, and the losses of four more on the same batch.

    python3 pytorch.py f32|f64 SEED
"""
import json
import sys

import torch
from torch import nn

V, E, H, N, B, T = 11, 5, 7, 4, 3, 6
LR, CLIP = 1e-2, 0.25


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(V + 1, E)
        self.hidden = nn.Linear(N * E, H)
        self.fc = nn.Linear(H, V)

    def forward(self, x):
        padded = nn.functional.pad(x, (N - 1, 0), value=V)
        windows = padded.unfold(1, N, 1)  # [B, T, N]
        return self.fc(torch.tanh(self.hidden(self.embedding(windows).flatten(2))))


def flat(t):
    return t.detach().double().flatten().tolist()


def main():
    dtype = {"f32": torch.float32, "f64": torch.float64}[sys.argv[1]]
    torch.manual_seed(int(sys.argv[2]))
    model = Model().to(dtype)
    x, y = torch.randint(0, V, (B, T)), torch.randint(0, V, (B, T))

    def forward():
        logits = model(x)
        return logits, nn.functional.cross_entropy(logits.reshape(-1, V), y.reshape(-1))

    logits, loss = forward()
    r = {
        "V": V, "E": E, "H": H, "N": N, "x": x.tolist(), "y": y.tolist(), "clip": CLIP, "lr": LR,
        "params": {k: flat(v) for k, v in model.state_dict().items()}, "logits": flat(logits), "loss": loss.item(),
    }
    adam = torch.optim.Adam(model.parameters(), lr=LR)
    loss.backward()
    r["grads"] = {k: flat(p.grad) for k, p in model.named_parameters()}
    r["norm"] = float(nn.utils.clip_grad_norm_(model.parameters(), CLIP))
    adam.step()
    r["after"] = {k: flat(v) for k, v in model.state_dict().items()}
    r["losses"] = []
    for _ in range(4):
        _, loss = forward()
        r["losses"].append(loss.item())
        adam.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), CLIP)
        adam.step()
    print(json.dumps(r))


if __name__ == "__main__":
    main()
