"""The published folder: the manifest and weights which the studio reads, written and read back."""
import runtime  # noqa: F401  (first: it sets the environment)

import json
import math

import torch

from autoencoder import Autoencoder
from denoiser import Denoiser
from formats import describe_file, load_tensors, save_tensors
from judge import FoldedJudge
from process import PROCESSES, sample
from render import CLASSES, SIZE
from variants import MAIN, VARIANTS

# All but the denoiser: the main model brings them, the others take them from its folder, which lies beside theirs.
SHARED = ('autoencoder', 'classifier', 'quality', 'calibration')


def own_parts(tensors, side):
    """The manifest's entries of SHARED for the model that brings them; latents are side x side."""
    judges = {name: {'architecture': f'tiny-{name}', 'weights': f'{name}.safetensors'}
              for name in ('classifier', 'quality')}
    return {
        'autoencoder': {'architecture': 'tiny-autoencoder', 'weights': 'autoencoder.safetensors',
                        'factor': SIZE // side, 'imageSize': SIZE},
        **judges,
        'calibration': {'file': 'calibration.safetensors', 'count': len(tensors['calibration']['labels'])},
    }


def borrowed_parts(lender):
    """The same for a model beside the folder that brings them, and the lent files' sizes and hashes."""
    manifest = json.loads((lender / 'manifest.json').read_text())
    parts, files = {}, {}
    for name in SHARED:
        key = 'file' if 'file' in manifest[name] else 'weights'
        path = f'../{lender.name}/{manifest[name][key]}'
        parts[name] = {**manifest[name], key: path}
        files[path] = manifest['files'][manifest[name][key]]
    return parts, files


def lend_again(lender):
    """Tells the models beside this folder that take parts from it of the files that it holds now."""
    parts, files = borrowed_parts(lender)
    for path in lender.parent.glob('*/manifest.json'):
        manifest = json.loads(path.read_text())
        if files.keys() & manifest['files'].keys():
            write_manifest(path.parent, {**manifest, **parts, 'files': {**manifest['files'], **files}})


def write_manifest(folder, manifest):
    (folder / 'manifest.json').write_text(json.dumps(manifest, indent=2) + '\n')


def write_package(folder, name, tensors, provenance):
    """Writes manifest.json and a file for each part in {part: {name: tensor}}; parts that lack are MAIN's."""
    folder.mkdir(parents=True, exist_ok=True)
    for part, values in tensors.items():
        save_tensors(folder / f'{part}.safetensors', values)
    variant, denoiser = VARIANTS[name], tensors['dit']
    channels, patch = denoiser['x_embedder.proj.weight'].shape[1:3]
    side = patch * math.isqrt(denoiser['pos_embed'].shape[1])
    parts, lent = (own_parts(tensors, side), {}) if name == MAIN else borrowed_parts(folder.with_name(MAIN))
    files = {f'{part}.safetensors': describe_file(folder / f'{part}.safetensors') for part in tensors}
    manifest = {
        'format': 'diff-es-model/1',
        'name': variant.title,
        'licence': {'code': 'Apache-2.0', 'weights': 'CC0-1.0'},
        'denoiser': {
            'architecture': 'dit', 'weights': 'dit.safetensors', 'prediction': variant.process.PREDICTION,
            'learnedSigma': variant.process.OUTPUTS == 2, 'heads': variant.heads, 'patch': patch,
            'latent': {'channels': channels, 'height': side, 'width': side},
            'numClasses': len(CLASSES), 'guidedChannels': variant.guided or channels,
            'diffusion': variant.process.MANIFEST,
        },
        **parts,
        'classes': CLASSES,
        'defaults': {'steps': 20, 'guidance': 2.0},
        'files': {**files, **lent},
        'provenance': provenance,
    }
    write_manifest(folder, manifest)
    if name == MAIN:
        lend_again(folder)


def rebuild(state, heads):
    """The denoiser that a state dict belongs to; only the number of heads is not in its shapes."""
    width, channels, patch = state['x_embedder.proj.weight'].shape[:3]
    depth = 1 + max(int(name.split('.')[1]) for name in state if name.startswith('blocks.'))
    outputs = state['final_layer.linear.bias'].shape[0] // patch ** 2
    denoiser = Denoiser(channels, outputs, width, depth, heads).to(state['pos_embed'].dtype).eval()
    denoiser.load_state_dict(state)
    return denoiser


class Package:
    """The networks of a published folder, rebuilt from exactly its stored weights."""

    def __init__(self, folder, kind=torch.float32):
        self.manifest = json.loads((folder / 'manifest.json').read_text())

        def read(part, key='weights'):
            return load_tensors(folder / self.manifest[part][key], kind)

        about = self.manifest['denoiser']
        channels = about['latent']['channels']
        self.denoiser = rebuild(read('denoiser'), about['heads'])
        self.process = PROCESSES[about['prediction']](kind)
        self.guided = about['guidedChannels']
        self.autoencoder = Autoencoder(channels).to(kind).eval()
        self.autoencoder.load_state_dict(read('autoencoder'))
        self.classifier = FoldedJudge(read('classifier'))
        self.quality = FoldedJudge(read('quality'))
        self.calibration = read('calibration', 'file')
        self.channels, self.kind = channels, kind
        self.borrows = self.manifest['autoencoder']['weights'].startswith('../')

    def sample(self, noise, labels, guidance=2.0, denoiser=None):
        """Latents [B, C, 8, 8] in 20 steps, by the package's denoiser or another of its kind."""
        return sample(denoiser or self.denoiser, self.process, noise, labels, 20, guidance, self.guided)
