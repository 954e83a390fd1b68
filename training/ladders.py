"""Ladders: samples whose order of quality is known, for judging the judge.

On one ladder the rungs are checkpoints of a training that had seen more and more pictures, on the other a trained
denoiser with more and more of its heads and channels removed. These are what the studio shows beside clean pictures,
and the quality network has to rank them without having been taught either.
"""
import runtime  # noqa: F401  (first: it sets the environment)

import copy

import torch

from package import rebuild
from process import sample
from variants import VARIANTS

SHARES = [k / 8 for k in range(8)]  # of heads and channels removed


def early_denoisers(work):
    """{variant: [(pictures seen, network)]}, rising, of a work folder and of those of the variants inside it."""
    found = {}
    for path in sorted([*work.glob('early-*.pt'), *work.glob('*/early-*.pt')]):
        state = torch.load(path, map_location=runtime.DEVICE)
        network = rebuild(state['average'], VARIANTS[state['variant']].heads)
        found.setdefault(state['variant'], []).append((int(path.stem.split('-')[1]), network))
    return found


def without_smallest(denoiser, share):
    """A copy without the given share of every layer's heads and channels: the columns of smallest magnitude."""
    cut = copy.deepcopy(denoiser)
    with torch.no_grad():
        for block in cut.blocks:
            for layer, groups in ((block.attn.proj, block.attn.heads), (block.mlp.fc2, block.mlp.fc2.in_features)):
                columns = layer.weight.view(len(layer.weight), groups, -1)
                smallest = columns.abs().sum((0, 2)).argsort()[:round(share * groups)]
                columns[:, smallest] = 0
    return cut


def rungs(package, work):
    """{ladder: [(share removed or pictures seen, function of noise and labels -> latents)]}, damage rising."""
    def by(process, network, guided):
        return lambda noise, labels: sample(network, process, noise, labels, guided=guided)

    ladders = {'pruned by magnitude': [
        (share, by(package.process, without_smallest(package.denoiser, share), package.guided)) for share in SHARES]}
    for name, checkpoints in early_denoisers(work).items():
        variant = VARIANTS[name]
        ladders[f'checkpoints of {name}'] = [
            (seen, by(variant.process(), network, variant.guided)) for seen, network in reversed(checkpoints)]
    return ladders
