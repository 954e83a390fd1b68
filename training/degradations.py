"""Ways to spoil a picture, used to train and to test the judges. All take and return [B, 3, 64, 64]."""
import runtime  # noqa: F401  (first: it sets the environment)

import torch
import torch.nn.functional as F


def gaussian_blur(pictures, sigma):
    """Separable Gaussian blur of any [B, C, H, W] with reflected borders."""
    channels = pictures.shape[1]
    radius = min(6, pictures.shape[-1] - 1)
    offsets = torch.arange(-radius, radius + 1, dtype=pictures.dtype, device=pictures.device)
    kernel = torch.exp(-offsets ** 2 / (2 * sigma ** 2))
    kernel = kernel / kernel.sum()
    row = kernel.view(1, 1, 1, -1).expand(channels, 1, 1, -1)
    padded = F.pad(pictures, (radius, radius, 0, 0), 'reflect')
    across = F.conv2d(padded, row, groups=channels)
    padded = F.pad(across, (0, 0, radius, radius), 'reflect')
    return F.conv2d(padded, row.transpose(2, 3), groups=channels)
