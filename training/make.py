"""Makes the demo model from nothing: python3 make.py --work DIR [--small] [--variants] [--out FOLDER].

Runs every step in order, each in a process of its own, and skips what the work folder already holds; the
transformer is always continued. `--start FOLDER` begins with the autoencoder and the denoiser of a published
folder. `--variants` makes the small models of variants.py too, each in a folder beside FOLDER. `--small` makes
useless models in under two minutes, variants included, to check the recipe.
"""
import runtime  # noqa: F401  (first: it sets the environment)

import subprocess
import sys
from pathlib import Path

from formats import load_tensors
from pictures import render_set
from variants import MAIN, VARIANTS

FULL = {
    'train': 30000, 'validation': 2000, 'autoencoder': (42, 13), 'classifier': 6, 'batch': 64,
    'stable': 240, 'decay': 30, 'variant': (25, 6), 'quality': 8, 'pool': 16000, 'samples': 5000, 'rung': 80,
}
SMALL = {
    'train': 1000, 'validation': 100, 'autoencoder': (0.2, 0.05), 'classifier': 0.1, 'batch': 16,
    'stable': 0.2, 'decay': 0.1, 'variant': (0.1, 0.05), 'quality': 0.1, 'pool': 320, 'samples': 40, 'rung': 20,
}


def step(script, work, *arguments):
    """Runs one script of this folder on the work folder; a failure ends everything."""
    command = [sys.executable, Path(__file__).with_name(script), '--work', work, *arguments]
    command = [str(part) for part in command]
    print('+', script, *command[2:], flush=True)
    subprocess.run(command, check=True)


def unpack_autoencoder(folder, work):
    """Puts a published autoencoder into an empty work folder, so that published denoisers fit its latents."""
    path = work / 'autoencoder.pt'
    if not path.exists():
        runtime.save_atomically({'model': load_tensors(folder / 'autoencoder.safetensors')}, path)


def train(work, variant, stable, decay, batch, *first):
    """Both phases of a transformer; minutes."""
    common = ('--variant', variant, '--batch', batch)
    step('transformer.py', work, '--minutes', stable, *common, *first)
    step('transformer.py', work, '--phase', 'decay', '--minutes', decay, *common)


def publish(work, variant, out, plan):
    step('export.py', work, '--out', out, '--variant', variant)
    step('evaluate.py', work, '--model', out, '--samples', plan['samples'], '--rung', plan['rung'])
    step('card.py', work, '--model', out)


def train_variant(work, variant, plan):
    """In a folder of its own inside the work folder, on the main model's pictures and latents."""
    own = work / variant
    own.mkdir(exist_ok=True)
    for name in ('pictures-train.npy', 'pictures-validation.npy', 'latents.npy', 'autoencoder.pt'):
        if not (own / name).exists():
            (own / name).symlink_to(Path('..') / name)
    train(own, variant, *plan['variant'], plan['batch'])


def main():
    options = runtime.arguments(__doc__, small=False, variants=False, out='', minutes=0.0, start='')
    work = options.work
    plan = SMALL if options.small else FULL
    out = Path(options.out) if options.out else work / 'export' / MAIN
    others = [name for name in VARIANTS if name != MAIN] if options.variants or options.small else []
    for name in ('train', 'validation'):
        render_set(work, name, plan[name])
    if options.start:
        unpack_autoencoder(Path(options.start), work)
    if not (work / 'autoencoder.pt').exists():
        total, decoder = plan['autoencoder']
        step('autoencoder.py', work, '--minutes', total, '--decoder-minutes', decoder)
    if not (work / 'classifier.pt').exists():
        step('classifier.py', work, '--minutes', plan['classifier'])
    first = ['--init', Path(options.start) / 'dit.safetensors'] if options.start else []
    train(work, MAIN, options.minutes or plan['stable'], plan['decay'], plan['batch'], *first)
    if not (work / 'quality.pt').exists():
        step('quality.py', work, '--minutes', plan['quality'], '--pool', plan['pool'])
    for variant in others:
        train_variant(work, variant, plan)
    publish(work, MAIN, out, plan)
    for variant in others:
        publish(work / variant, variant, out.with_name(variant), plan)


if __name__ == '__main__':
    main()
