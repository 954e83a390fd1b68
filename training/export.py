"""Writes the published folder: python3 export.py --work DIR --out FOLDER [--variant NAME] [--golden FILE].

A variant's folder holds its denoiser only and lies beside the main model's, which has to be written first.
"""
import runtime  # noqa: F401  (first: it sets the environment)

import datetime
from pathlib import Path

import torch

from autoencoder import load_autoencoder
from formats import load_tensors
from golden import write_golden
from judge import fold, load_judge
from package import write_package
from pictures import as_tensor, labels_of, load_pictures
from transformer import load_denoiser
from variants import MAIN, VARIANTS

CALIBRATION = 512


@torch.no_grad()
def calibration_set(autoencoder, pictures):
    """Standardised latents [512, C, 8, 8] and labels [512] for the pruning statistics."""
    latents = autoencoder.encode(as_tensor(pictures[:CALIBRATION]))
    return {'latents': latents, 'labels': labels_of(range(len(latents)))}


def judge_state(name, outputs, options):
    """A judge of the work folder or, where that has none, the one that is published already."""
    trained = options.work / f'{name}.pt'
    if trained.exists():
        return fold(load_judge(trained, outputs))
    return load_tensors(Path(options.out) / f'{name}.safetensors')


def main():
    options = runtime.arguments(__doc__, out='export/' + MAIN, variant=MAIN, golden=None)
    denoiser, history = load_denoiser(options.work, VARIANTS[options.variant])
    tensors = {'dit': denoiser.state_dict()}
    if options.variant == MAIN:
        autoencoder = load_autoencoder(options.work)
        tensors.update({
            'autoencoder': autoencoder.state_dict(),
            'classifier': judge_state('classifier', 10, options),
            'quality': judge_state('quality', 1, options),
            'calibration': calibration_set(autoencoder, load_pictures(options.work, 'train')),
        })
    provenance = {
        'pictures': history['pictures'],
        'steps': history['step'],
        'trainingMinutes': round(history['seconds'] / 60),
        'date': datetime.date.today().isoformat(),
        'recipe': 'training/README.md',
    }
    write_package(Path(options.out), options.variant, tensors, provenance)
    if options.golden:
        write_golden(Path(options.out), Path(options.golden))


if __name__ == '__main__':
    main()
