"""A reference run of a published folder for the studio's tests: stored fp16 weights, fp64 arithmetic.

Whatever differs from these numbers in the browser differs because of the browser: fp16 storage is already
in them and fp64 rounding is far below anything fp32 can show.
"""
import runtime  # noqa: F401  (first: it sets the environment)

import argparse
from pathlib import Path

import torch

from formats import save_tensors
from package import Package


@torch.no_grad()
def write_golden(folder, path, count=2, seed=20260305):
    """Noise to latents and, of a model with judges of its own, to scores for `count` labels; all results as fp32."""
    package = Package(folder, torch.float64)
    generator = torch.Generator().manual_seed(seed)
    noise = torch.randn(count, package.channels, 8, 8, generator=generator).double()
    labels = torch.tensor([1, 6, 2, 9][:count])
    latents = package.sample(noise, labels)
    told = package.process.told(torch.full((count,), 500))
    tensors = {
        'noise': noise,
        'labels': labels,
        'output_t500': package.denoiser(noise, told, labels)[:, :package.channels],
        'latents': latents,
    }
    if not package.borrows:
        images = package.autoencoder.decode(latents)
        tensors.update({
            'images': images,
            'features': package.classifier.describe(images),
            'logits': package.classifier(images),
            'quality': torch.sigmoid(package.quality(images))[:, 0],
        })
    path.parent.mkdir(parents=True, exist_ok=True)
    save_tensors(path, tensors, half=False)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('folder', type=Path, help='a published model folder')
    parser.add_argument('path', type=Path, help='the fixture to write')
    options = parser.parse_args()
    write_golden(options.folder, options.path)


if __name__ == '__main__':
    main()
