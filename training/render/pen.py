"""A pen on a cairo surface in unit coordinates (x to the right, y down), with its own random numbers.

Only primitives that a browser's 2D canvas has as well are used, so that the pictures can be drawn there.
"""
import colorsys
import math
import random
from contextlib import contextmanager

import cairo
import numpy as np

SIZE = 64

_SHADE = (0.05, 0.03, 0.15)
_GLOW = (1, 0.98, 0.9)
_ARGUMENTS = {'M': 2, 'L': 2, 'C': 6, 'A': 5, 'Z': 0}


def hsv(hue, saturation, value):
    """Colour from a hue that wraps and a saturation and value that are clamped."""
    return colorsys.hsv_to_rgb(hue % 1.0, min(max(saturation, 0), 1), min(max(value, 0), 1))


def mix(a, b, share):
    return tuple(x + (y - x) * share for x, y in zip(a, b))


def dark(colour, share):
    return mix(colour, _SHADE, share)


def light(colour, share):
    return mix(colour, _GLOW, share)


class Pen:
    """Drawing commands and random choices for one picture."""

    def __init__(self, seed):
        numbers = random.Random(seed)
        self.uniform, self.choice, self.integer = numbers.uniform, numbers.choice, numbers.randint
        self.random = numbers.random
        self.surface = cairo.ImageSurface(cairo.FORMAT_RGB24, SIZE, SIZE)
        self.context = cairo.Context(self.surface)
        self.context.scale(SIZE, SIZE)
        self.context.set_antialias(cairo.ANTIALIAS_BEST)

    def chance(self, probability):
        return self.random() < probability

    def pixels(self):
        """The picture, uint8 [64, 64, 3] in RGB order."""
        self.surface.flush()
        stride = self.surface.get_stride() // 4
        data = np.frombuffer(self.surface.get_data(), np.uint8).reshape(SIZE, stride, 4)
        return data[:, :SIZE, 2::-1].copy()

    # Sources: a colour is a triple, or in a gradient also a quadruple with its opacity.

    def linear(self, x0, y0, x1, y1, *colours):
        return self._with_stops(cairo.LinearGradient(x0, y0, x1, y1), colours)

    def radial(self, x, y, radius, *colours, focus=(0, 0)):
        """Circles around (x, y); `focus` moves the innermost point."""
        gradient = cairo.RadialGradient(x + focus[0], y + focus[1], 0, x, y, radius)
        return self._with_stops(gradient, colours)

    @staticmethod
    def _with_stops(gradient, colours):
        for index, colour in enumerate(colours):
            opacity = colour[3] if len(colour) > 3 else 1
            gradient.add_color_stop_rgba(index / (len(colours) - 1), *colour[:3], opacity)
        return gradient

    def _use(self, source, opacity):
        if isinstance(source, cairo.Pattern):
            self.context.set_source(source)
        else:
            self.context.set_source_rgba(*source, opacity)

    # Paths

    def trace(self, *commands):
        """Adds to the path: 'M' x y, 'L' x y, 'C' six numbers, 'A' x y radius from to, 'Z'."""
        methods = {'M': self.context.move_to, 'L': self.context.line_to, 'C': self.context.curve_to,
                   'A': self.context.arc, 'Z': self.context.close_path}
        index = 0
        while index < len(commands):
            name = commands[index]
            end = index + 1 + _ARGUMENTS[name]
            methods[name](*commands[index + 1:end])
            index = end

    def fill(self, source, opacity=1.0):
        self._use(source, opacity)
        self.context.fill()

    def stroke(self, width, source, opacity=1.0, round_cap=False):
        self.context.set_line_width(width)
        self.context.set_line_cap(cairo.LINE_CAP_ROUND if round_cap else cairo.LINE_CAP_BUTT)
        self._use(source, opacity)
        self.context.stroke()

    # Whole shapes

    def rectangle(self, x, y, width, height, source, opacity=1.0):
        self.context.rectangle(x, y, width, height)
        self.fill(source, opacity)

    def everywhere(self, source, opacity=1.0):
        """Fills the unit square, or what the clip leaves of it."""
        self.rectangle(0, 0, 1, 1, source, opacity)

    def disc(self, x, y, radius, source, opacity=1.0):
        """A circle which, unlike `ellipse`, is not closed through a transformation of its own."""
        self.context.arc(x, y, radius, 0, 7)
        self.fill(source, opacity)

    def ellipse(self, x, y, radius_x, radius_y, source, opacity=1.0, angle=0):
        self.context.save()
        self.context.translate(x, y)
        self.context.rotate(angle)
        self.context.scale(radius_x, radius_y)
        self.context.arc(0, 0, 1, 0, 2 * math.pi)
        self.context.restore()
        self.fill(source, opacity)

    def polygon(self, points, source, opacity=1.0):
        self.context.move_to(*points[0])
        for point in points[1:]:
            self.context.line_to(*point)
        self.context.close_path()
        self.fill(source, opacity)

    def line(self, points, width, source, opacity=1.0, round_cap=True):
        self.context.set_line_join(cairo.LINE_JOIN_ROUND)
        self.context.move_to(*points[0])
        for point in points[1:]:
            self.context.line_to(*point)
        self.stroke(width, source, opacity, round_cap)

    # Scopes

    @contextmanager
    def placed(self, x=0, y=0, angle=0, scale=(1, 1)):
        """Draws in coordinates that are moved, then turned, then scaled."""
        self.context.save()
        self.context.translate(x, y)
        self.context.rotate(angle)
        self.context.scale(*scale)
        yield
        self.context.restore()

    @contextmanager
    def clipped(self, outline):
        """Restricts drawing to the path which `outline()` traces."""
        self.context.save()
        outline()
        self.context.clip()
        yield
        self.context.restore()

    @contextmanager
    def grouped(self, opacity):
        """Draws apart and paints the result with one common opacity, so that overlaps do not show."""
        self.context.push_group()
        yield
        self.context.pop_group_to_source()
        self.context.paint_with_alpha(opacity)
