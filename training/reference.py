"""Renders the pictures that samples are compared with: python3 reference.py --out FILE.npz [--count 10000].

The file is what ADM's evaluator reads, arr_0 uint8 [N, 64, 64, 3] and arr_1 the classes, which cycle. Seeds differ from
those of training and validation. The studio makes the model's statistics of it:

    npm run -s cli -- evaluate --model FOLDER --pictures FILE.npz --keep 2000 --save FOLDER/statistics.safetensors
"""
import runtime  # noqa: F401  (first: it sets the environment)

import argparse

import numpy as np

from pictures import labels_of, render_range


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--out', required=True)
    parser.add_argument('--count', type=int, default=10_000)
    options = parser.parse_args()
    pictures = render_range('reference', options.count)
    np.savez(options.out, arr_0=pictures, arr_1=labels_of(range(options.count)).numpy())


if __name__ == '__main__':
    main()
