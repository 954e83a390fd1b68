"""The quality network: a score in [0, 1] for a picture without any original to compare with.

It learns from pairs. Clean pictures are spoiled in known ways, the spoiled one is compared with its original
(`remaining_quality`), and the network has to give that number from the spoiled picture alone. Two kinds of
spoiling matter most, because they are what the studio shows: pictures that went through the autoencoder,
with more or less noise in the latents, and one-step predictions of the denoiser itself from noisy latents,
which have the soft, melted look of an under-trained or over-pruned model.
"""
import runtime  # noqa: F401  (first: it sets the environment)

import numpy as np
import torch
import torch.nn.functional as F

from autoencoder import load_autoencoder
from degradations import TRAINED, gaussian_blur, remaining_quality
from judge import Judge, fit, load_judge
from pictures import as_bytes, as_tensor, labels_of, load_pictures
from transformer import load_denoiser
from variants import MAIN, VARIANTS

GROUP = 16


class Spoiler:
    """All trained degradations, those through the networks included."""

    def __init__(self, work):
        self.autoencoder = load_autoencoder(work)
        self.denoiser = load_denoiser(work)[0]
        self.process = VARIANTS[MAIN].process()
        self.kinds = dict(TRAINED, reconstruction=self.reconstruction, latent_noise=self.latent_noise,
                          one_step=self.one_step)

    @torch.no_grad()
    def reconstruction(self, pictures, strength, rng, labels):
        return self.autoencoder.decode(self.autoencoder.encode(pictures))

    @torch.no_grad()
    def latent_noise(self, pictures, strength, rng, labels):
        """White or smooth noise on the standardised latents."""
        latents = self.autoencoder.encode(pictures)
        disturbance = torch.randn_like(latents)
        if rng.random() < 0.5:
            disturbance = 3 * gaussian_blur(disturbance, 1.2)
        return self.autoencoder.decode(latents + disturbance * (0.05 + strength))

    @torch.no_grad()
    def one_step(self, pictures, strength, rng, labels):
        """What the denoiser makes of a noisy latent in a single step, timesteps 40 to 640."""
        latents = self.autoencoder.encode(pictures)
        timesteps = torch.full((len(pictures),), int(40 + 600 * strength), device=latents.device)
        noisy = self.process.noisy(latents, torch.randn_like(latents), timesteps)
        output = self.denoiser(noisy, self.process.told(timesteps), labels)
        return self.autoencoder.decode(self.process.clean(noisy, output, timesteps))

    def spoil(self, kind, pictures, strength, rng, labels):
        if kind in TRAINED:
            return TRAINED[kind](pictures, strength, rng)
        return self.kinds[kind](pictures, strength, rng, labels)


def make_pool(spoiler, pictures, count, rng):
    """Spoils `count` pictures in groups; returns uint8 [count, 64, 64, 3] and their scores [count].

    One group in nine stays clean and one in four is spoiled a second time.
    """
    kinds = list(spoiler.kinds)
    pool, scores = [], []
    for index in range(0, count, GROUP):
        chosen = np.sort(rng.integers(0, len(pictures), GROUP))
        original, labels = as_tensor(pictures[chosen]), labels_of(chosen).to(runtime.DEVICE)
        spoiled = original
        if rng.random() > 1 / 9:
            times = 2 if rng.random() < 0.25 else 1
            for kind in rng.choice(kinds, times):
                spoiled = spoiler.spoil(kind, spoiled, rng.random(), rng, labels).clamp(-1, 1)
        pool.append(as_bytes(spoiled))
        scores.append(remaining_quality(spoiled, original).cpu())
    return np.concatenate(pool), torch.cat(scores)


def main():
    options = runtime.arguments(__doc__, minutes=8.0, batch=48, pool=16000, resume=False, seed=3)
    torch.manual_seed(options.seed)
    rng = np.random.default_rng(options.seed)
    pool, scores = make_pool(Spoiler(options.work), load_pictures(options.work, 'train'), options.pool, rng)
    held_back = len(pool) // 16

    def next_batch():
        chosen = rng.integers(held_back, len(pool), options.batch)
        pictures = as_tensor(pool[chosen])
        return (pictures.flip(3) if rng.random() < 0.5 else pictures), scores[chosen].to(runtime.DEVICE)

    def loss_of(output, target):
        return F.smooth_l1_loss(torch.sigmoid(output)[:, 0], target, beta=0.1)

    path = options.work / 'quality.pt'
    log = runtime.Log(options.work / 'quality.log.jsonl')
    if options.resume:
        judge = load_judge(path, 1)
    else:
        judge = Judge(1).to(runtime.DEVICE)
        log.path.unlink(missing_ok=True)
    steps = fit(judge, next_batch, loss_of, options.minutes * 60, log)
    runtime.save_atomically(judge.state_dict(), path)
    with torch.no_grad():
        answers = torch.sigmoid(judge(as_tensor(pool[:held_back])))[:, 0].cpu()
    log.write(steps=steps, held_back_mean_absolute_error=(answers - scores[:held_back]).abs().mean().item())


if __name__ == '__main__':
    main()
