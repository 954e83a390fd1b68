"""The published folder: the manifest and weights which the studio reads, written and read back."""
import runtime  # noqa: F401  (first: it sets the environment)

import json

import torch

from autoencoder import Autoencoder
from denoiser import BETA_END, BETA_START, SHAPE, TIMESTEPS, Denoiser
from formats import describe_file, load_tensors, save_tensors
from judge import FoldedJudge
from render import CLASSES, SIZE

WEIGHTS = ('dit', 'autoencoder', 'classifier', 'quality', 'calibration')


def write_package(folder, tensors, provenance):
    """Writes one safetensors file for each of WEIGHTS from {file: {name: tensor}}, and manifest.json."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in WEIGHTS:
        save_tensors(folder / f'{name}.safetensors', tensors[name])
    count, channels, height, width = tensors['calibration']['latents'].shape
    manifest = {
        'format': 'diff-es-model/1',
        'name': 'Tiny Worlds',
        'licence': {'code': 'Apache-2.0', 'weights': 'CC0-1.0'},
        'denoiser': {
            'architecture': 'dit', 'weights': 'dit.safetensors', 'prediction': 'v', 'learnedSigma': False,
            'heads': SHAPE['heads'], 'patch': SHAPE['patch'],
            'latent': {'channels': channels, 'height': height, 'width': width},
            'numClasses': len(CLASSES), 'guidedChannels': channels,
            'diffusion': {'schedule': 'linear', 'timesteps': TIMESTEPS,
                          'betaStart': BETA_START, 'betaEnd': BETA_END},
        },
        'autoencoder': {'architecture': 'tiny-autoencoder', 'weights': 'autoencoder.safetensors',
                        'factor': SIZE // height, 'imageSize': SIZE},
        'classifier': {'architecture': 'tiny-classifier', 'weights': 'classifier.safetensors'},
        'quality': {'architecture': 'tiny-quality', 'weights': 'quality.safetensors'},
        'calibration': {'file': 'calibration.safetensors', 'count': count},
        'classes': CLASSES,
        'defaults': {'steps': 20, 'guidance': 2.0},
        'files': {f'{name}.safetensors': describe_file(folder / f'{name}.safetensors') for name in WEIGHTS},
        'provenance': provenance,
    }
    (folder / 'manifest.json').write_text(json.dumps(manifest, indent=2) + '\n')


class Package:
    """The networks of a published folder, rebuilt from exactly its stored weights."""

    def __init__(self, folder, kind=torch.float32):
        def read(name):
            return load_tensors(folder / f'{name}.safetensors', kind)

        self.manifest = json.loads((folder / 'manifest.json').read_text())
        channels = self.manifest['denoiser']['latent']['channels']
        self.denoiser = Denoiser(channels, heads=self.manifest['denoiser']['heads']).to(kind).eval()
        self.denoiser.load_state_dict(read('dit'))
        self.autoencoder = Autoencoder(channels).to(kind).eval()
        self.autoencoder.load_state_dict(read('autoencoder'))
        self.classifier = FoldedJudge(read('classifier'))
        self.quality = FoldedJudge(read('quality'))
        self.calibration = read('calibration')
        self.channels, self.kind = channels, kind
