"""Trains the denoiser; can be stopped at any moment and continued on any later day.

The learning rate follows warm-up, stable, decay: a constant rate has no end built into it, so the stable
phase is simply continued for as long as there is time, and whenever a model is wanted a short decay branches
off from its checkpoint. `--phase stable` continues <work>/transformer.pt (weights, optimiser, average);
`--phase decay` reads that file, lets the rate fall to zero and writes <work>/transformer-decayed.pt.

Timesteps are not drawn uniformly. With linear betas the last third of them is almost pure noise and the
first tenth almost clean; both are learned in minutes. Half of each batch is spent on the moments in between,
where the shape of things is decided.
"""
import runtime  # noqa: F401  (first: it sets the environment)

import json
import signal
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn as nn

from autoencoder import encode_all, load_autoencoder
from formats import load_tensors
from pictures import labels_of, load_pictures
from variants import MAIN, VARIANTS

WARM_UP = 200
LOG_EVERY = 50
LABEL_DROP = 0.1
EARLY = [1000 * 2 ** k for k in range(3, 10)]  # pictures


def encode_set(work):
    """Encodes the training pictures once into <work>/latents.npy, standardised float32 [N, C, 8, 8]."""
    path = work / 'latents.npy'
    if not path.exists():
        model = load_autoencoder(work)
        with torch.no_grad():
            means = encode_all(model.encoder, load_pictures(work, 'train'))
            means = (means - model.latent_mean.view(1, -1, 1, 1)) / model.latent_std.view(1, -1, 1, 1)
        np.save(path, means.cpu().numpy())
    return torch.from_numpy(np.load(path)).to(runtime.DEVICE)


def draw_timesteps(table, count):
    """One timestep from each of `count` equal shares of the density: less variance than independent draws."""
    shares = (torch.arange(count) + torch.rand(count)) / count
    return table[(shares * len(table)).long()].to(runtime.DEVICE)


class Training:
    """The state of a run: everything that a checkpoint has to hold."""

    def __init__(self, variant, channels, rate):
        self.model = variant.denoiser(channels)
        self.process = variant.process()
        self.rate = rate
        self.optimiser = torch.optim.AdamW(
            self.model.parameters(), lr=rate, betas=(0.9, 0.99), weight_decay=0.01, foreach=True)
        self.average = runtime.Average(self.model, 0.999)
        self.step, self.pictures, self.seconds = 0, 0, 0.0
        self.begun = 0  # the step at which the optimiser was new

    def averaged(self):
        """The averaged weights, {name: tensor}."""
        self.average.swap()
        weights = {name: value.detach().clone() for name, value in self.model.state_dict().items()}
        self.average.swap()
        return weights

    def state(self):
        return {
            'model': self.model.state_dict(), 'average': self.averaged(), 'updates': self.average.updates,
            'optimiser': self.optimiser.state_dict(), 'step': self.step, 'pictures': self.pictures,
            'seconds': self.seconds, 'begun': self.begun, 'channels': self.model.x_embedder.proj.weight.shape[1],
        }

    def restore(self, state):
        self.model.load_state_dict(state['average'])
        self.average = runtime.Average(self.model, 0.999)
        self.average.updates = state['updates']
        self.model.load_state_dict(state['model'])
        self.optimiser.load_state_dict(state['optimiser'])
        self.step, self.pictures, self.seconds = state['step'], state['pictures'], state['seconds']
        self.begun = state['begun']

    def begin_with(self, published):
        """Starts from a published file; its manifest says how far the training had come."""
        self.model.load_state_dict(load_tensors(published))
        self.average = runtime.Average(self.model, 0.999)
        provenance = json.loads(published.with_name('manifest.json').read_text())['provenance']
        self.begun = self.step = provenance['steps']
        self.pictures = provenance['pictures']
        self.seconds = provenance['trainingMinutes'] * 60.0

    def update(self, latents, labels, timesteps, factor):
        """One optimiser step on clean latents [B, C, 8, 8]; returns the mean squared error of the prediction."""
        for group in self.optimiser.param_groups:
            group['lr'] = self.rate * min(1, (self.step - self.begun + 1) / WARM_UP) * factor
        loss, squared = self.process.loss(self.model, latents, labels, timesteps)
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimiser.step()
        self.average.update()
        self.step += 1
        self.pictures += len(latents)
        return squared.item()


def run(training, latents, options, log, checkpoint):
    """Trains for options.minutes, saving regularly, at the end, and when asked to terminate."""
    decaying = options.phase == 'decay'
    if decaying:
        # A falling rate averages by itself; a long memory would only hold back what it gains.
        training.average = runtime.Average(training.model, 0.99)
    rng = np.random.default_rng([7, training.step])
    torch.manual_seed(training.step + 1)
    table = training.process.timestep_table()
    early = [count for count in EARLY if count > training.pictures and not decaying]
    stopping = []
    signal.signal(signal.SIGTERM, lambda *_: stopping.append(True))
    start = saved = logged = time.time()
    before, errors = training.seconds, []

    def note(since):
        log.write(phase=options.phase, step=training.step, pictures=training.pictures,
                  seconds=training.seconds, loss=float(np.mean(errors)),
                  rate=training.optimiser.param_groups[0]['lr'],
                  pictures_per_second=len(errors) * options.batch / since)

    while not stopping and time.time() - start < options.minutes * 60:
        progress = (time.time() - start) / (options.minutes * 60)
        chosen = rng.integers(0, len(latents), options.batch)
        labels = labels_of(chosen)
        labels[torch.rand(len(labels)) < LABEL_DROP] = training.model.null
        labels = labels.to(runtime.DEVICE)
        timesteps = draw_timesteps(table, options.batch)
        factor = max(1e-3, 1 - progress ** 0.5) if decaying else 1.0
        errors.append(training.update(latents[chosen], labels, timesteps, factor))
        if early and training.pictures >= early[0]:
            early_state = {'variant': options.variant, 'average': training.averaged()}
            runtime.save_atomically(early_state, options.work / f'early-{early.pop(0):06d}.pt')
        now = time.time()
        training.seconds = before + now - start
        if len(errors) == LOG_EVERY:
            note(now - logged)
            errors, logged = [], now
        if now - saved > 180:
            runtime.save_atomically(training.state(), checkpoint)
            saved = now
    if errors:
        note(time.time() - logged)
    runtime.save_atomically(training.state(), checkpoint)


def main():
    options = runtime.arguments(__doc__, minutes=60.0, phase='stable', batch=64, rate=1e-3, init=None,
                                variant=MAIN)
    latents = encode_set(options.work)
    training = Training(VARIANTS[options.variant], latents.shape[1], options.rate)
    stable = options.work / 'transformer.pt'
    if stable.exists():
        training.restore(torch.load(stable, map_location=runtime.DEVICE))
    elif options.init:
        training.begin_with(Path(options.init))
    checkpoint = stable if options.phase == 'stable' else options.work / 'transformer-decayed.pt'
    log = runtime.Log(options.work / 'transformer.log.jsonl')
    run(training, latents, options, log, checkpoint)


def load_denoiser(work, variant=VARIANTS[MAIN]):
    """The averaged denoiser of the newest decayed checkpoint, or of the stable one if it is newer."""
    paths = [work / 'transformer-decayed.pt', work / 'transformer.pt']
    newest = max((path for path in paths if path.exists()), key=lambda path: path.stat().st_mtime)
    state = torch.load(newest, map_location=runtime.DEVICE)
    model = variant.denoiser(state['channels'])
    model.load_state_dict(state['average'])
    return model.eval(), {name: state[name] for name in ('step', 'pictures', 'seconds')}


if __name__ == '__main__':
    main()
