"""Arrays of rendered pictures: where they are kept, how they become tensors, and contact sheets."""
import runtime  # noqa: F401  (first: it sets the environment)

import numpy as np
import torch
from PIL import Image

from render import CLASSES, SIZE, render

# Sets differ in their seeds only. A picture's class is its index modulo ten.
FIRST_SEED = {'train': 0, 'validation': 1_000_000, 'reference': 2_000_000}


def render_range(name, count):
    """The first pictures of a set, uint8 [count, 64, 64, 3]."""
    pictures = np.empty((count, SIZE, SIZE, 3), np.uint8)
    for index in range(count):
        pictures[index] = render(index % len(CLASSES), FIRST_SEED[name] + index // len(CLASSES))
    return pictures


def render_set(work, name, count):
    """Renders <work>/pictures-<name>.npy, uint8 [count, 64, 64, 3], unless it is there."""
    path = work / f'pictures-{name}.npy'
    if path.exists() and len(np.load(path, mmap_mode='r')) >= count:
        return path
    np.save(path, render_range(name, count))
    return path


def load_pictures(work, name):
    """uint8 [N, 64, 64, 3], memory-mapped."""
    return np.load(work / f'pictures-{name}.npy', mmap_mode='r')


def labels_of(indices):
    """Class numbers (int64 tensor) of picture indices."""
    return torch.from_numpy(np.asarray(indices, np.int64) % len(CLASSES))


def as_tensor(pictures):
    """uint8 [N, 64, 64, 3] -> float [N, 3, 64, 64] in [-1, 1]."""
    tensor = torch.from_numpy(np.array(pictures)).to(runtime.DEVICE)
    return tensor.permute(0, 3, 1, 2).float() / 127.5 - 1


def as_bytes(tensor):
    """float [N, 3, 64, 64] in [-1, 1] -> uint8 [N, 64, 64, 3]."""
    scaled = ((tensor.clamp(-1, 1) + 1) * 127.5).round().byte()
    return scaled.permute(0, 2, 3, 1).cpu().numpy()


def save_sheet(pictures, columns, path, limit=300_000):
    """Writes uint8 pictures as a grid with a two-pixel gap, as finely graded as `limit` bytes allow."""
    height, width = pictures[0].shape[:2]
    rows = (len(pictures) + columns - 1) // columns
    sheet = np.full((rows * (height + 2), columns * (width + 2), 3), 255, np.uint8)
    for index, picture in enumerate(pictures):
        top, left = index // columns * (height + 2), index % columns * (width + 2)
        sheet[top:top + height, left:left + width] = picture
    for step in (1, 2, 4, 8, 16):
        coarse = ((sheet.astype(np.int32) + step // 2) // step * step).clip(0, 255).astype(np.uint8)
        Image.fromarray(coarse).save(path, optimize=True)
        if path.stat().st_size <= limit:
            break
