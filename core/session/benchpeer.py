"""Measures PyTorch at the work that rnnscope bench measures.

Reads one request a line from standard input and answers a line of JSON: tokens a
second in training, and microseconds for one token read and one drawn. The model
is the lecture's: embedding, recurrent layers, linear; cross entropy, clipping by
norm, state carried over and detached. Each is asked the way that is fastest in
PyTorch: time-major batches, gradients set to None, the fused Adam where there is
one for this processor, and inference mode for sampling.
"""

import ctypes
import json
import re
import sys
import time

import torch
from torch import nn

torch.set_num_threads(int(sys.argv[1]))


def blas():
    """Names the BLAS that is loaded, with the kernels it chose where it says so."""
    try:
        with open("/proc/self/maps") as maps:
            loaded = re.findall(r"/\S*libopenblas\S*", maps.read())
        if loaded:
            library = ctypes.CDLL(loaded[0])
            library.openblas_get_config.restype = ctypes.c_char_p
            return library.openblas_get_config().decode().strip()
    except (OSError, AttributeError):
        pass
    found = re.search(r"BLAS_INFO=(\w+)", torch.__config__.show())
    return found.group(1) if found else "unknown"


class Model(nn.Module):
    def __init__(self, q):
        super().__init__()
        layer = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}[q["cell"]]
        self.embedding = nn.Embedding(q["vocab"], q["embed"])
        self.rnn = layer(q["embed"], q["hidden"], num_layers=q["layers"])
        self.fc = nn.Linear(q["hidden"], q["vocab"])

    def forward(self, ids, state):
        outputs, state = self.rnn(self.embedding(ids), state)
        return self.fc(outputs), state


def detached(state):
    if isinstance(state, tuple):
        return tuple(s.detach() for s in state)
    return state.detach()


class Bench:
    def __init__(self, q):
        torch.manual_seed(1)
        self.q, self.model = q, Model(q)
        if q["optimizer"] == "sgd":
            self.optimizer = torch.optim.SGD(self.model.parameters(), lr=q["lr"])
        else:
            self.optimizer = self.adam(q["lr"])
        self.criterion = nn.CrossEntropyLoss()
        self.ids = torch.randint(0, q["vocab"], (64 * q["window"] + 1, q["batch"]))
        self.at, self.state = 0, None
        self.step()

    def adam(self, lr):
        try:
            return torch.optim.Adam(self.model.parameters(), lr=lr, fused=True)
        except (RuntimeError, TypeError, ValueError):
            return torch.optim.Adam(self.model.parameters(), lr=lr)

    def step(self):
        window = self.q["window"]
        inputs = self.ids[self.at : self.at + window]
        targets = self.ids[self.at + 1 : self.at + 1 + window]
        self.at = (self.at + window) % (64 * window)
        self.optimizer.zero_grad(set_to_none=True)
        logits, state = self.model(inputs, self.state)
        loss = self.criterion(logits.reshape(-1, self.q["vocab"]), targets.reshape(-1))
        loss.backward()
        nn.utils.clip_grad_norm_(self.model.parameters(), self.q["clip"])
        self.optimizer.step()
        self.state = detached(state)
        loss.item()

    def train(self, seconds):
        self.model.train()
        n, start = 0, time.perf_counter()
        while n == 0 or time.perf_counter() - start < seconds:
            self.step()
            n += 1
        return n * self.q["window"] * self.q["batch"] / (time.perf_counter() - start)

    def sample(self, seconds):
        self.model.eval()
        with torch.inference_mode():
            token, state = torch.zeros(1, 1, dtype=torch.long), None
            n, start = 0, time.perf_counter()
            while n < 16 or time.perf_counter() - start < seconds:
                logits, state = self.model(token, state)
                token = torch.multinomial(torch.softmax(logits[-1, 0], -1), 1).view(1, 1)
                n += 1
            return 1e6 * (time.perf_counter() - start) / n


print(json.dumps({"torch": torch.__version__, "blas": blas()}))
bench = None
for line in sys.stdin:
    request = json.loads(line)
    if bench is None or bench.q != request:
        bench = Bench(request)
    answer = {"train_tokens_per_s": bench.train(request["train_seconds"])}
    if request["sample_seconds"]:
        answer["sample_us_per_token"] = bench.sample(request["sample_seconds"])
    print(json.dumps(answer))
