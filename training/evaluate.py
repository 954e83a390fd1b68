"""Measures a published folder: python3 evaluate.py --work DIR --model FOLDER; writes evaluation.json into it.

`--ladders` climbs the ladders only (ladders.py) and leaves the other figures as they are.

Everything is computed from the stored fp16 weights. The Fréchet distance in the classifier's 64 features
only means something next to two others, so all three are measured against the same reference pictures: fresh
real pictures (the floor, not zero because samples are finite), autoencoder reconstructions (what a perfect
denoiser would reach) and samples. Class accuracy is reported and says little: blobs are recognised too.
"""
import runtime  # noqa: F401  (first: it sets the environment)

import json
from pathlib import Path

import numpy as np
import torch

from autoencoder import decibels
from degradations import HELD_OUT, gaussian_blur, remaining_quality
from ladders import rungs
from package import Package
from pictures import as_tensor, labels_of, load_pictures
from variants import MAIN

BATCH = 100
GROUP = 20  # pictures of a rung that are ranked by their mean: each class twice
REFERENCE = 5000


def in_batches(function, inputs):
    """Applies a function to slices of a tensor or of a list of tensors and joins the results."""
    inputs = inputs if isinstance(inputs, (list, tuple)) else [inputs]
    starts = range(0, len(inputs[0]), BATCH)
    with torch.no_grad():
        return torch.cat([function(*(x[i:i + BATCH] for x in inputs)) for i in starts])


def frechet_distance(a, b):
    """Fréchet distance of the Gaussians fitted to two feature sets [N, 64] and [M, 64]."""
    a, b = a.double().cpu().numpy(), b.double().cpu().numpy()
    cov_a, cov_b = np.cov(a, rowvar=False), np.cov(b, rowvar=False)
    values, vectors = np.linalg.eigh(cov_a)
    root = vectors @ np.diag(np.sqrt(values.clip(0))) @ vectors.T
    cross = np.sqrt(np.linalg.eigvalsh(root @ cov_b @ root).clip(0)).sum()
    return float(((a.mean(0) - b.mean(0)) ** 2).sum() + np.trace(cov_a) + np.trace(cov_b) - 2 * cross)


def rank_correlation(a, b):
    """Spearman's rho of two sequences."""
    ranks = [np.argsort(np.argsort(np.asarray(x))) for x in (a, b)]
    return float(np.corrcoef(*ranks)[0, 1])


def draw_samples(package, count, draw, seed=11):
    """Decoded samples [count, 3, 64, 64] in [-1, 1], classes cycling; `draw` makes latents of noise and labels."""
    generator = torch.Generator().manual_seed(seed)
    noise = torch.randn(count, package.channels, 8, 8, generator=generator)
    latents = in_batches(draw, [noise, labels_of(range(count))])
    return in_batches(package.autoencoder.decode, latents).clamp(-1, 1)


def scorer(package):
    """The quality network as a function of pictures [N, 3, 64, 64] -> [N] in [0, 1]."""
    return lambda pictures: in_batches(lambda x: torch.sigmoid(package.quality(x))[:, 0], pictures)


def climb(package, clean, ladder):
    """How the quality network ranks the rungs of a ladder, and whether it prefers clean pictures [N, 3, 64, 64].

    Every rung has as many pictures, in whole groups, and of the same noise. The rank correlation is between damage and
    mean score of a group; its mean over groups. Scores are listed from the least damage to the most.
    """
    score, count = scorer(package), len(clean)
    scores = torch.stack([score(draw_samples(package, count, draw, seed=13)) for _, draw in ladder])
    groups = scores.view(len(ladder), -1, GROUP).mean(2)
    ranks = [-rank_correlation(range(len(ladder)), group) for group in groups.T.tolist()]
    return {
        'rungs': [rung for rung, _ in ladder],
        'strengthRankCorrelation': float(np.mean(ranks)),
        'meanScore': scores.mean(1).tolist(),
        'prefersRealTo': (score(clean) > scores).float().mean(1).tolist(),
        'prefersLeastDamagedTo': (scores[0] > scores).float().mean(1).tolist(),
        'pictures': count,
    }


def measure_quality(package, real, reconstructed, samples):
    """Rank correlation on damage that the quality network was never taught, and what it prefers in pairs."""
    score = scorer(package)
    rng = np.random.default_rng(9)
    torch.manual_seed(9)
    correlations, by_strength, everything = {}, {}, ([], [])
    for name, spoil in HELD_OUT.items():
        scores, truths, means, strengths = [], [], [], []
        for start in range(0, len(real), 10):
            original, strength = real[start:start + 10], rng.random()
            spoiled = spoil(original, strength, rng).clamp(-1, 1)
            scores += score(spoiled).tolist()
            truths += remaining_quality(spoiled, original).tolist()
            means.append(float(np.mean(scores[-10:])))
            strengths.append(strength)
        correlations[name] = rank_correlation(scores, truths)
        by_strength[name] = -rank_correlation(means, strengths)
        everything[0].extend(scores)
        everything[1].extend(truths)
    clean, mild = score(real), score(gaussian_blur(real, 0.7))
    rebuilt = score(reconstructed)
    return {
        'heldOutRankCorrelation': dict(correlations, all=rank_correlation(*everything)),
        'strengthRankCorrelation': by_strength,
        'prefersRealTo': {'blurSigma0.7': (clean > mild).float().mean().item(),
                          'reconstruction': (clean > rebuilt).float().mean().item()},
        'meanScore': {'real': clean.mean().item(), 'blurSigma0.7': mild.mean().item(),
                      'reconstructions': rebuilt.mean().item(), 'samples': score(samples).mean().item()},
    }


def evaluate(package, work, count, guidance=2.0):
    """Figures of autoencoder, samples and quality network, as one dictionary."""
    validation = load_pictures(work, 'validation')
    reference = as_tensor(load_pictures(work, 'train')[:REFERENCE])
    real = as_tensor(validation)
    reconstructed = in_batches(lambda x: package.autoencoder.decode(package.autoencoder.encode(x)), real)
    reconstructed = reconstructed.clamp(-1, 1)
    samples = draw_samples(package, count, lambda noise, labels: package.sample(noise, labels, guidance))
    sets = {'real': real, 'reconstructions': reconstructed, 'samples': samples}
    target = in_batches(package.classifier.describe, reference)
    distances, accuracies = {}, {}
    for name, pictures in sets.items():
        distances[name] = frechet_distance(in_batches(package.classifier.describe, pictures), target)
        answers = in_batches(package.classifier, pictures).argmax(1)
        accuracies[name] = (answers == labels_of(range(len(pictures)))).float().mean().item()
    return {
        'autoencoder': {'heldOutPsnr': decibels(((reconstructed - real) ** 2).mean().item()),
                        'pictures': len(real)},
        'frechetDistance': dict(distances, samplesCount=count, guidance=guidance, steps=20),
        'classAccuracy': accuracies,
        'quality': measure_quality(package, real[:500], reconstructed[:500], samples[:500]),
    }


def main():
    options = runtime.arguments(__doc__, model='export/' + MAIN, samples=5000, rung=80, ladders=False)
    folder = Path(options.model)
    path, package = folder / 'evaluation.json', Package(folder)
    result = json.loads(path.read_text()) if options.ladders else evaluate(package, options.work, options.samples)
    real = as_tensor(load_pictures(options.work, 'validation')[:options.rung])
    result['ladders'] = {name: climb(package, real, ladder) for name, ladder in rungs(package, options.work).items()}
    text = json.dumps(result, indent=2, default=float)
    path.write_text(text + '\n')
    print(text)


if __name__ == '__main__':
    main()
