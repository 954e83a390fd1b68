"""Tiny Worlds: ten kinds of small pictures drawn by code, 64x64, about a millisecond each.

`render(kind, seed)` is a pure function, so a dataset is nothing but a range of seeds.
"""
from . import garden, house, shore, sky
from .pen import SIZE
from .scenery import Scene

_DRAW = {
    'planet': sky.planet,
    'mushroom': garden.mushroom,
    'sailboat': shore.sailboat,
    'lighthouse': shore.lighthouse,
    'balloon': sky.balloon,
    'fish': shore.fish,
    'flower': garden.flower,
    'butterfly': garden.butterfly,
    'cactus': garden.cactus,
    'house': house.house,
}
CLASSES = list(_DRAW)

__all__ = ['CLASSES', 'SIZE', 'render']


def render(kind, seed):
    """Picture number `seed` of class number `kind`, uint8 [64, 64, 3]."""
    scene = Scene(seed * 16 + kind)
    _DRAW[CLASSES[kind]](scene)
    return scene.pixels()
