"""Makes the demo model from nothing: python3 make.py --work DIR [--small] [--out FOLDER].

Runs every step in order, each in a process of its own, and skips what the work folder already holds; the
transformer is always continued. `--start FOLDER` begins with the autoencoder and the denoiser of a published
folder. `--small` makes a useless model in under two minutes, to check the recipe.
"""
import runtime  # noqa: F401  (first: it sets the environment)

import subprocess
import sys
from pathlib import Path

from formats import load_tensors
from pictures import render_set

FULL = {
    'train': 30000, 'validation': 2000, 'autoencoder': (42, 13), 'classifier': 6, 'batch': 64,
    'stable': 240, 'decay': 30, 'quality': 8, 'pool': 16000, 'samples': 2000,
}
SMALL = {
    'train': 1000, 'validation': 100, 'autoencoder': (0.2, 0.05), 'classifier': 0.1, 'batch': 16,
    'stable': 0.3, 'decay': 0.1, 'quality': 0.1, 'pool': 320, 'samples': 40,
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


def main():
    options = runtime.arguments(__doc__, small=False, out='', minutes=0.0, start='')
    work = options.work
    plan = SMALL if options.small else FULL
    out = options.out or str(work / 'export')
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
    stable = options.minutes or plan['stable']
    step('transformer.py', work, '--minutes', stable, '--batch', plan['batch'], *first)
    step('transformer.py', work, '--phase', 'decay', '--minutes', plan['decay'], '--batch', plan['batch'])
    if not (work / 'quality.pt').exists():
        step('quality.py', work, '--minutes', plan['quality'], '--pool', plan['pool'])
    step('export.py', work, '--out', out)
    step('evaluate.py', work, '--model', out, '--samples', plan['samples'])
    step('card.py', work, '--model', out)


if __name__ == '__main__':
    main()
