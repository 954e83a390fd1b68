"""Prints a fingerprint of the first pictures: python3 -m render [count]. Equal prints mean equal pictures."""
import hashlib
import sys

from . import CLASSES, render

count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
digest = hashlib.sha256()
for index in range(count):
    digest.update(render(index % len(CLASSES), index // len(CLASSES)).tobytes())
print(f'{count} pictures, sha256 {digest.hexdigest()}')
