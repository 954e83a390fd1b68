"""Process set-up shared by every script; import it before numpy or torch.

Two facts about CPU training dictate this file. OpenBLAS picks its kernels when it is loaded and does not
recognise every AVX-512 processor, so the core type has to be in the environment before numpy or torch arrive
(a factor of three to five in matrix products). And the default allocator returns freed activations to the
kernel after every step, so a training loop spends its time in page faults unless it is told to keep them.
"""
import os

_ENVIRONMENT = {
    'OMP_NUM_THREADS': '1',
    'OMP_WAIT_POLICY': 'PASSIVE',
    'GOMP_SPINCOUNT': '0',
}
_ALLOCATOR = {
    'MALLOC_MMAP_THRESHOLD_': str(1 << 34),
    'MALLOC_TRIM_THRESHOLD_': str(1 << 34),
    'MALLOC_TOP_PAD_': str(1 << 28),
}


def _prepare_process():
    """Sets the environment and restarts once: glibc reads its own variables at start-up only."""
    import sys
    with open('/proc/cpuinfo') as source:
        if 'avx512f' in source.read():
            os.environ.setdefault('OPENBLAS_CORETYPE', 'SKYLAKEX')
    for name, value in _ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    if 'MALLOC_TOP_PAD_' not in os.environ and sys.argv[0] not in ('', '-'):
        os.environ.update(_ALLOCATOR)
        os.execv(sys.executable, sys.orig_argv)


if os.path.exists('/proc/cpuinfo'):
    _prepare_process()

import argparse
import json
import math
import time
from pathlib import Path

import numpy as np
import torch

torch.set_num_threads(int(os.environ['OMP_NUM_THREADS']) if 'OMP_NUM_THREADS' in os.environ else 1)
DEVICE = torch.device('cuda' if torch.cuda.is_available() else 'cpu')


def arguments(description, **defaults):
    """Command line with --work and one option per keyword, e.g. arguments(__doc__, minutes=30.0)."""
    parser = argparse.ArgumentParser(description=description.splitlines()[0])
    parser.add_argument('--work', type=Path, default=Path('work'), help='folder of pictures and checkpoints')
    for name, value in defaults.items():
        kind = str if value is None else type(value)
        if kind is bool:
            parser.add_argument('--' + name.replace('_', '-'), action='store_true')
        else:
            option = '--' + name.replace('_', '-')
            parser.add_argument(option, type=kind, default=value, help=f'default {value}')
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    return options


def save_atomically(value, path):
    """torch.save that can be interrupted at any moment without losing the previous file."""
    path = Path(path)
    temporary = path.with_name(path.name + '.partial')
    torch.save(value, temporary)
    os.replace(temporary, path)


class Log:
    """Appends one JSON object per line to a file and prints it; the file is the training curve."""

    def __init__(self, path):
        self.path = Path(path)

    def write(self, **fields):
        line = json.dumps({k: round(v, 6) if isinstance(v, float) else v for k, v in fields.items()})
        print(line, flush=True)
        with self.path.open('a') as target:
            target.write(line + '\n')

    def read(self):
        return [json.loads(line) for line in self.path.read_text().splitlines()] if self.path.exists() else []


class Average:
    """Exponential moving average of a module's parameters, with a short memory while training is young."""

    def __init__(self, module, decay):
        self.parameters = [p for p in module.parameters()]
        self.decay = decay
        self.updates = 0
        self.values = [p.detach().clone() for p in self.parameters]

    @torch.no_grad()
    def update(self):
        self.updates += 1
        decay = min(self.decay, (1 + self.updates) / (10 + self.updates))
        torch._foreach_mul_(self.values, decay)
        torch._foreach_add_(self.values, self.parameters, alpha=1 - decay)

    @torch.no_grad()
    def swap(self):
        """Exchanges the average with the live parameters; call it again to undo."""
        for value, parameter in zip(self.values, self.parameters):
            kept = parameter.detach().clone()
            parameter.copy_(value)
            value.copy_(kept)


def cosine(fraction, floor=0.02):
    """Learning-rate factor: 1 at fraction 0, `floor` at fraction 1."""
    return floor + (1 - floor) * 0.5 * (1 + math.cos(math.pi * min(max(fraction, 0.0), 1.0)))


def clock():
    """Seconds since the first call."""
    clock.start = getattr(clock, 'start', time.time())
    return time.time() - clock.start
