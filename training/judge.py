"""The network behind both judges: the classifier (ten logits) and the quality network (one score).

Four convolutions, spatial mean, 64 features. Batch normalisation is used rather than group normalisation:
normalising each picture by its own statistics just before pooling erases how strong its edges and noise
are, which is exactly what a quality score has to see. It is folded into the convolutions on export.
"""
import runtime  # noqa: F401  (first: it sets the environment)

import time

import torch
import torch.nn as nn
import torch.nn.functional as F

WIDTHS = (32, 64, 96, 128)
FEATURES = 64


class Judge(nn.Module):
    """[B, 3, 64, 64] in [-1, 1] -> [B, outputs]."""

    def __init__(self, outputs):
        super().__init__()
        widths = (12,) + WIDTHS
        self.features = nn.ModuleList(
            nn.Conv2d(widths[i], widths[i + 1], 3, stride=1 if i == 0 else 2, padding=1) for i in range(4))
        self.norms = nn.ModuleList(nn.BatchNorm2d(width) for width in WIDTHS)
        self.projection = nn.Linear(WIDTHS[-1], FEATURES)
        self.head = nn.Linear(FEATURES, outputs)

    def describe(self, pictures):
        """The 64 features: [B, 3, 64, 64] -> [B, 64], before the last rectifier."""
        hidden = F.pixel_unshuffle(pictures, 2)
        for convolution, norm in zip(self.features, self.norms):
            hidden = F.relu(norm(convolution(hidden)))
        return self.projection(hidden.mean((2, 3)))

    def forward(self, pictures):
        return self.head(F.relu(self.describe(pictures)))


@torch.no_grad()
def fold(judge):
    """The state of a trained judge with each batch norm multiplied into the convolution before it."""
    state = {}
    for index, (convolution, norm) in enumerate(zip(judge.features, judge.norms)):
        scale = norm.weight / torch.sqrt(norm.running_var + norm.eps)
        state[f'features.{index}.weight'] = convolution.weight * scale.view(-1, 1, 1, 1)
        state[f'features.{index}.bias'] = (convolution.bias - norm.running_mean) * scale + norm.bias
    for name in ('projection', 'head'):
        for part in ('weight', 'bias'):
            state[f'{name}.{part}'] = getattr(getattr(judge, name), part)
    return state


class FoldedJudge(nn.Module):
    """The exported form, built from a folded state: the same function without normalisation."""

    def __init__(self, state):
        super().__init__()
        self.state = state

    def describe(self, pictures):
        hidden = F.pixel_unshuffle(pictures, 2)
        for index in range(4):
            weight, bias = self.state[f'features.{index}.weight'], self.state[f'features.{index}.bias']
            hidden = F.relu(F.conv2d(hidden, weight, bias, stride=1 if index == 0 else 2, padding=1))
        return F.linear(hidden.mean((2, 3)), self.state['projection.weight'], self.state['projection.bias'])

    def forward(self, pictures):
        return F.linear(F.relu(self.describe(pictures)), self.state['head.weight'], self.state['head.bias'])


def fit(judge, next_batch, loss_of, seconds, log, rate=2e-3):
    """Trains for a fixed time: next_batch() -> (pictures, target), loss_of(output, target) -> scalar."""
    optimiser = torch.optim.AdamW(judge.parameters(), lr=rate, weight_decay=0.01)
    judge.train()
    start, step = time.time(), 0
    while time.time() - start < seconds:
        for group in optimiser.param_groups:
            group['lr'] = rate * runtime.cosine((time.time() - start) / seconds, 0.005)
        pictures, target = next_batch()
        loss = loss_of(judge(pictures), target)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()
        step += 1
        if step % 50 == 0:
            log.write(step=step, seconds=time.time() - start, loss=loss.item())
    judge.eval()
    return step


def load_judge(path, outputs):
    """A judge from its checkpoint, in evaluation mode."""
    judge = Judge(outputs).to(runtime.DEVICE)
    judge.load_state_dict(torch.load(path, map_location=runtime.DEVICE))
    return judge.eval()
