"""Ways to spoil a picture, and how much of it is left: the teaching material of the quality network.

Every function takes pictures [B, 3, 64, 64] in [-1, 1], a strength in [0, 1] and a numpy generator, and
returns pictures of the same shape. TRAINED kinds make the training pool; HELD_OUT kinds are used in the
evaluation only, so that its rank correlation measures a notion of quality and not a list of tricks.
"""
import runtime  # noqa: F401  (first: it sets the environment)

import math

import numpy as np
import torch
import torch.nn.functional as F


def gaussian_blur(pictures, sigma):
    """Separable Gaussian blur of any [B, C, H, W] with reflected borders."""
    channels = pictures.shape[1]
    radius = min(6, pictures.shape[-1] - 1)
    offsets = torch.arange(-radius, radius + 1, dtype=pictures.dtype, device=pictures.device)
    kernel = torch.exp(-offsets ** 2 / (2 * sigma ** 2))
    row = (kernel / kernel.sum()).view(1, 1, 1, -1).expand(channels, 1, 1, -1)
    across = F.conv2d(F.pad(pictures, (radius, radius, 0, 0), 'reflect'), row, groups=channels)
    return F.conv2d(F.pad(across, (0, 0, radius, radius), 'reflect'), row.transpose(2, 3), groups=channels)


def blur(pictures, strength, rng):
    """From hardly visible to hopeless; mild blur is what an autoencoder and an under-trained model add."""
    return gaussian_blur(pictures, 0.35 + 2.2 * strength ** 2)


def noise(pictures, strength, rng):
    return pictures + torch.randn_like(pictures) * (0.02 + 0.5 * strength ** 2)


def smooth_noise(pictures, strength, rng):
    """Coloured blotches."""
    return pictures + gaussian_blur(torch.randn_like(pictures), 1.5 + 2 * rng.random()) * (0.2 + 2 * strength)


def shrink(pictures, strength, rng):
    """Fewer pixels, enlarged again."""
    small = F.interpolate(pictures, scale_factor=float(rng.choice([0.5, 0.25, 0.125])), mode='area')
    return F.interpolate(small, size=64, mode=str(rng.choice(['nearest', 'bilinear'])))


def warp(pictures, strength, rng):
    """Outlines that wobble."""
    count = len(pictures)
    shift = gaussian_blur(torch.randn(count, 2, 64, 64, device=pictures.device), 1.5 + 2 * rng.random())
    axis = torch.linspace(-1, 1, 64, device=pictures.device)
    rows, columns = axis.view(-1, 1).expand(64, 64), axis.view(1, -1).expand(64, 64)
    grid = torch.stack([columns, rows], -1)[None] + shift.permute(0, 2, 3, 1) * (0.1 + 1.2 * strength)
    return F.grid_sample(pictures, grid, padding_mode='reflection', align_corners=True)


def shuffle(pictures, strength, rng):
    """Some tiles change places: sharp, but no longer a picture of anything."""
    tiles = int(rng.choice([2, 4, 8]))
    side = 64 // tiles
    parts = F.unfold(pictures, side, stride=side)
    moved = rng.permutation(tiles * tiles)[:max(2, int(strength * tiles * tiles))]
    order = np.arange(tiles * tiles)
    order[moved] = np.roll(moved, 1)
    return F.fold(parts[:, :, torch.from_numpy(order)], 64, side, stride=side)


def smear(pictures, strength, rng):
    """Blur along one axis only."""
    turned = pictures.transpose(2, 3) if rng.random() < 0.5 else pictures
    radius = 1 + int(5 * strength)
    kernel = torch.hann_window(2 * radius + 3, periodic=False, dtype=pictures.dtype, device=pictures.device)[1:-1]
    row = (kernel / kernel.sum()).view(1, 1, 1, -1).expand(3, 1, 1, -1)
    smeared = F.conv2d(F.pad(turned, (radius, radius, 0, 0), 'reflect'), row, groups=3)
    return smeared.transpose(2, 3) if turned is not pictures else smeared


def posterise(pictures, strength, rng):
    """Few shades of each colour, with steps where there was a slope."""
    step = 0.03 + 0.8 * strength ** 2
    offset = step * rng.random()
    return ((pictures - offset) / step).round() * step + offset


def tiles(pictures, strength, rng):
    """Square tiles that each lean towards their own mean and drift in brightness: seams."""
    side = int(rng.choice([4, 8, 16]))
    means = F.interpolate(F.avg_pool2d(pictures, side), scale_factor=side, mode='nearest')
    drift = torch.randn(len(pictures), 3, 64 // side, 64 // side, device=pictures.device) * 0.25 * strength
    flat = strength * rng.random()
    return pictures + (means - pictures) * flat + F.interpolate(drift, scale_factor=side, mode='nearest')


def ringing(pictures, strength, rng):
    """A sharp cut in the spectrum: echoes beside every edge."""
    spectrum = torch.fft.rfft2(pictures)
    rows = torch.fft.fftfreq(64, device=pictures.device).abs()[:, None]
    columns = torch.fft.rfftfreq(64, device=pictures.device)[None]
    kept = torch.maximum(rows, columns) <= 0.4 * 0.06 ** strength
    return torch.fft.irfft2(spectrum * kept, s=pictures.shape[-2:])


def motion_blur(pictures, strength, rng):
    """The mean along a straight path of 2 to 12 pixels (held out)."""
    length, angle = 2 + int(10 * strength), rng.random() * math.pi
    shifts = [(i - length / 2) for i in range(length + 1)]
    total = 0
    for shift in shifts:
        offsets = (round(shift * math.sin(angle)), round(shift * math.cos(angle)))
        total = total + torch.roll(pictures, offsets, (2, 3))
    return total / len(shifts)


def block_transform(pictures, strength, rng):
    """Coarsely quantised cosine transform of 8x8 blocks, as in JPEG (held out)."""
    n = torch.arange(8, dtype=pictures.dtype, device=pictures.device)
    basis = torch.cos((2 * n[None] + 1) * n[:, None] * math.pi / 16) * 0.5
    basis[0] /= math.sqrt(2)
    step = 0.01 * 150 ** strength * (1 + n[:, None] + n[None])
    blocks = pictures.view(len(pictures), 3, 8, 8, 8, 8).permute(0, 1, 2, 4, 3, 5)
    coefficients = ((basis @ blocks @ basis.T) / step).round() * step
    return (basis.T @ coefficients @ basis).permute(0, 1, 2, 4, 3, 5).reshape(pictures.shape)


def dropout(pictures, strength, rng):
    """Single pixels replaced by black or white (held out)."""
    hit = torch.rand_like(pictures[:, :1]) < 0.005 + 0.2 * strength ** 2
    return torch.where(hit, torch.sign(torch.randn_like(pictures[:, :1])), pictures)


TRAINED = {f.__name__: f for f in (
    blur, noise, smooth_noise, shrink, warp, shuffle, smear, posterise, tiles, ringing)}
HELD_OUT = {f.__name__: f for f in (motion_blur, block_transform, dropout)}


def _edges(pictures):
    """Mean absolute gradient of each picture, [B]."""
    across = (pictures[..., 1:] - pictures[..., :-1]).abs().mean((1, 2, 3))
    return across + (pictures[..., 1:, :] - pictures[..., :-1, :]).abs().mean((1, 2, 3))


def remaining_quality(spoiled, original):
    """How good spoiled pictures still are, [B] in [0, 1]; needs the originals, unlike the trained network.

    The mean of two parts. Structural similarity in 7x7 windows, each weighted by its contrast in either
    picture, because these pictures are mostly sky and an unweighted mean hardly notices a blurred subject.
    And the ratio of edge energies, which falls for blur (too little) and for noise (too much).
    """
    def mean(x):
        return F.avg_pool2d(x, 7, 1)

    mean_a, mean_b = mean(spoiled), mean(original)
    var_a = (mean(spoiled ** 2) - mean_a ** 2).clamp(min=0)
    var_b = (mean(original ** 2) - mean_b ** 2).clamp(min=0)
    covariance = mean(spoiled * original) - mean_a * mean_b
    similarity = ((2 * mean_a * mean_b + 0.0016) * (2 * covariance + 0.0144)
                  / ((mean_a ** 2 + mean_b ** 2 + 0.0016) * (var_a + var_b + 0.0144)))
    weight = var_a.sqrt() + var_b.sqrt() + 0.02
    structure = ((similarity * weight).sum((1, 2, 3)) / weight.sum((1, 2, 3))).clamp(0, 1)
    a, b = _edges(spoiled), _edges(original)
    sharpness = torch.minimum(a, b) / torch.maximum(a, b).clamp(min=1e-4)
    return 0.5 * structure + 0.5 * sharpness
