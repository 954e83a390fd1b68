"""Things that grow, and what visits them: mushrooms, flowers, butterflies and cacti."""
import math

from .pen import dark, hsv, light, mix


def mushroom(pen):
    pen.sky()
    if pen.chance(.5):
        pen.sun(height=(.1, .25))
    ground = pen.ground_colour()
    horizon = pen.uniform(.74, .84)
    pen.hills(horizon - .14, .03, mix(ground, pen.bottom, .5))
    pen.hills(horizon, .02, ground)
    if pen.chance(.45):
        side = pen.choice([-1, 1])
        _one_mushroom(pen, .5 + side * pen.uniform(.22, .28), horizon + pen.uniform(.03, .06),
                      pen.uniform(.5, .62))
        _one_mushroom(pen, .5 - side * pen.uniform(.06, .12), horizon + pen.uniform(.07, .12),
                      pen.uniform(.95, 1.15))
    else:
        _one_mushroom(pen, pen.uniform(.42, .58), horizon + pen.uniform(.07, .12), pen.uniform(1.1, 1.35))


def _one_mushroom(pen, x, base, scale):
    hue = pen.choice([.0, .02, .98, .08, .75, .88, .58, .12])
    cap = pen.lit(hsv(hue + pen.uniform(-.02, .02), pen.uniform(.65, .9), pen.uniform(.75, .95)))
    stem = pen.lit(hsv(.11, .14, .97))
    height, w = pen.uniform(.26, .36) * scale, pen.uniform(.055, .085) * scale
    radius = pen.uniform(.2, .27) * scale
    top, lean = base - height, pen.uniform(-.04, .04) * scale
    pen.ellipse(x, base + .005, w * 2.2, .02 * scale, (0, 0, .05), .25)
    knee, neck = base - height * .4, top + height * .3
    pen.trace('M', x - w * 1.25, base,
              'C', x - w * .7, knee, x - w * .7 + lean, neck, x - w * .75 + lean, top,
              'L', x + w * .75 + lean, top,
              'C', x + w * .7 + lean, neck, x + w * .7, knee, x + w * 1.25, base, 'Z')
    pen.fill(pen.linear(x - w, 0, x + w, 0, stem, dark(stem, .35)))

    cx, cy = x + lean, top + .02 * scale
    rise = radius * pen.uniform(.7, 1.05)
    pen.ellipse(cx, cy, radius * .93, radius * .17, dark(mix(stem, cap, .25), .2))

    def dome():
        with pen.placed(cx, cy, 0, (radius, rise)):
            pen.trace('A', 0, 0, 1, math.pi, 2 * math.pi)
        sag = cy + radius * .16
        pen.trace('C', cx + radius * .5, sag, cx - radius * .5, sag, cx - radius, cy, 'Z')

    with pen.clipped(dome):
        pen.everywhere(pen.radial(cx, cy - rise * .3, radius * 1.15, light(cap, .28), cap, dark(cap, .42),
                                  focus=(-radius * .35, -rise * .4)))
        if pen.chance(.75):
            for dx, dy, size in ((-.5, -.3, .15), (.05, -.62, .18), (.5, -.33, .14), (-.12, -.16, .12),
                                 (.78, -.08, .1), (-.82, -.06, .1)):
                pen.ellipse(cx + dx * radius + pen.uniform(-.03, .03) * scale, cy + dy * rise,
                            size * radius, size * radius * .85, light(stem, .3), .95)


def flower(pen):
    pen.sky(allow_night=pen.chance(.3))
    if pen.chance(.4):
        pen.sun(height=(.1, .25))
    ground = mix(pen.ground_colour(), hsv(.3, .6, .55), .4)
    pen.hills(pen.uniform(.74, .84), .03, mix(ground, pen.bottom, .3))
    x, y, radius = pen.uniform(.42, .58), pen.uniform(.34, .44), pen.uniform(.2, .27)
    root = x + pen.uniform(-.08, .08)
    green = pen.lit(hsv(pen.uniform(.27, .36), .6, .5))
    pen.trace('M', root, 1.02, 'C', root, .8, x + pen.uniform(-.05, .05), .65, x, y)
    pen.stroke(.035, green)
    for side in ((-1, 1) if pen.chance(.7) else (pen.choice([-1, 1]),)):
        ly = pen.uniform(.76, .86)
        pen.trace('M', root, ly,
                  'C', root + side * .06, ly - .12, root + side * .18, ly - .13, root + side * .24, ly - .11,
                  'C', root + side * .2, ly - .02, root + side * .1, ly + .03, root, ly, 'Z')
        pen.fill(pen.linear(root, 0, root + side * .24, 0, green, light(green, .25)))
    _petals(pen, x, y, radius)
    middle = hsv(pen.choice([.13, .1, .06, .15]), pen.uniform(.7, .9), pen.choice([.95, .95, .45]))
    middle = pen.lit(middle)
    r = radius * pen.uniform(.26, .38)
    pen.ellipse(x, y, r, r, pen.radial(x, y, r, light(middle, .3), middle, dark(middle, .3),
                                       focus=(-r * .3, -r * .3)))


def _petals(pen, x, y, radius):
    """One ring of petals, or two of which the inner one is lighter."""
    hue = pen.choice([0, .95, .9, .83, .77, .13, .08, .6, .15])
    colour = hsv(hue + pen.uniform(-.02, .02), pen.choice([.08, .5, .75, .85]), pen.uniform(.9, 1))
    colour = pen.lit(colour)
    count, first, fullness = pen.choice([5, 6, 8, 8, 10, 12]), pen.uniform(0, 6.28), pen.uniform(.85, 1.1)
    layers = [(1, 0)] if pen.chance(.6) else [(1, 0), (.68, math.pi / count)]
    for scale, offset in layers:
        shade = dark(colour, .12) if scale == 1 and len(layers) == 2 else colour
        width, length = radius * scale * math.sin(math.pi / count) * 1.25 * fullness, radius * scale
        for index in range(count):
            with pen.placed(x, y, first + offset + 2 * math.pi * index / count):
                pen.trace('M', 0, 0,
                          'C', length * .4, -width * 1.2, length * 1.05, -width * .9, length, 0,
                          'C', length * 1.05, width * .9, length * .4, width * 1.2, 0, 0, 'Z')
                pen.fill(pen.linear(0, 0, length, 0, dark(shade, .38), shade, light(shade, .2)))


def butterfly(pen):
    _butterfly_background(pen)
    x, y, scale = pen.uniform(.44, .56), pen.uniform(.44, .56), pen.uniform(.9, 1.2)
    hue = pen.uniform(0, 1)
    first = hsv(hue, pen.uniform(.6, .9), pen.uniform(.8, 1))
    second = hsv(hue + pen.choice([.08, -.08, .15, .5]), pen.uniform(.5, .9), pen.uniform(.85, 1))
    edge = dark(hsv(hue + .02, .7, .35), .55)
    spread, spots = pen.uniform(.72, 1.05), pen.choice([0, 1, 2])
    body = (.14, .1, .1)
    with pen.placed(x, y, pen.uniform(-.5, .5), (scale, scale)):
        a, b = pen.uniform(.27, .34), pen.uniform(.2, .26)
        lift = pen.uniform(.85, 1.15)
        for side in (-1, 1):
            with pen.placed(scale=(side * spread, 1)):
                _wings(pen, a, b, lift, first, second, edge)
                if spots:
                    pen.ellipse(a * .66, -a * .52 * lift, .035, .04, light(second, .6), .95)
                    pen.ellipse(b * .6, b * .55, .03, .03, light(first, .5), .95)
                if spots == 2:
                    pen.ellipse(a * .66, -a * .52 * lift, .016, .018, edge)
        pen.ellipse(0, .01, .024, .13, body)
        pen.ellipse(0, -.13, .028, .028, body)
        for side in (-1, 1):
            pen.trace('M', 0, -.14, 'C', side * .02, -.2, side * .06, -.24, side * .1, -.25)
            pen.stroke(.012, body)


def _butterfly_background(pen):
    """A meadow under the sky, or out-of-focus leaves."""
    if pen.chance(.55):
        pen.sky(allow_night=False)
        ground = pen.ground_colour()
        pen.hills(pen.uniform(.78, .9), .04, mix(ground, pen.bottom, .2))
        pen.clouds(pen.integer(0, 2))
        return
    hue = pen.uniform(.15, .45)
    colour = hsv(hue, pen.uniform(.25, .45), pen.uniform(.75, .92))
    pen.everywhere(pen.linear(0, 0, pen.uniform(-.5, .5), 1, light(colour, .45),
                              mix(colour, hsv(hue, .5, .5), .5)))
    for _ in range(pen.integer(3, 6)):
        radius, x, y = pen.uniform(.06, .16), pen.uniform(0, 1), pen.uniform(0, 1)
        glow = hsv(hue + pen.uniform(-.12, .12), .35, .95)
        pen.disc(x, y, radius, pen.radial(x, y, radius, (*glow, .5), (*glow, .35), (*glow, 0)))


def _wings(pen, a, b, lift, first, second, edge):
    """The right pair; `a` and `b` are the sizes of the upper and the lower wing."""

    def lower(k):
        pen.trace('M', .01, .0, 'C', b * .9 * k, -.02, b * 1.15 * k, .1 * k, b * .85 * k, b * .95 * k,
                  'C', b * .55 * k, b * 1.25 * k, .06, b * .8 * k, .01, .06, 'Z')

    def upper(k):
        pen.trace('M', .01, .03,
                  'C', .03, -a * .5 * lift, a * .55 * k, -a * 1.1 * lift * k, a * 1.0 * k, -a * .9 * lift * k,
                  'C', a * 1.2 * k, -a * .55 * lift * k, a * .9 * k, .02, .01, .05, 'Z')

    lower(1)
    pen.fill(edge)
    lower(.84)
    pen.fill(pen.linear(0, 0, b, b, second, mix(second, first, .6)))
    upper(1)
    pen.fill(edge)
    upper(.86)
    pen.fill(pen.linear(0, 0, a, -a, first, mix(first, second, .5)))


def cactus(pen):
    pen.sky(only=[1, 2, 3, 3, 4, 7, 0])
    pen.sun(height=(.14, .45))
    sand = hsv(pen.uniform(.04, .12), pen.uniform(.4, .65), pen.uniform(.75, .92))
    sand = pen.lit(mix(sand, pen.bottom, .15))
    if pen.chance(.6):
        rock = mix(hsv(pen.uniform(0, .07), .5, .6), pen.top, .35)
        foot, left, width, height = .7, pen.uniform(0, .7), pen.uniform(.2, .4), pen.uniform(.1, .22)
        pen.polygon([(left - .06, foot), (left + .02, foot - height),
                     (left + width, foot - height * pen.uniform(.8, 1.05)), (left + width + .08, foot)],
                    pen.linear(0, foot - height, 0, foot, rock, mix(rock, pen.bottom, .4)))
    pen.hills(pen.uniform(.66, .72), .02, mix(sand, pen.bottom, .25))
    ground = pen.uniform(.8, .86)
    pen.hills(ground, .02, sand)

    x, base = pen.uniform(.42, .58), ground + pen.uniform(.04, .08)
    height, width = pen.uniform(.42, .56), pen.uniform(.11, .15)
    colour = pen.lit(hsv(pen.uniform(.27, .43), pen.uniform(.45, .7), pen.uniform(.42, .65)))
    pen.ellipse(x + .04, base, .2, .022, (0, 0, .05), .25)

    def limb(points, size):
        strokes = ((dark(colour, .4), 1, 0), (colour, .72, -.1), (light(colour, .28), .14, -.22))
        for shade, share, shift in strokes:
            pen.line([(px + shift * size, py) for px, py in points], size * share, shade)

    potted = pen.chance(.25)
    if potted:
        base -= .1
    for side in pen.choice([(-1, 1), (-1, 1), (1,), (-1,)]):
        elbow_y, elbow_x = base - height * pen.uniform(.3, .55), x + side * pen.uniform(.16, .2)
        limb([(x, elbow_y), (elbow_x, elbow_y), (elbow_x, elbow_y - pen.uniform(.1, .2))], width * .72)
    limb([(x, base if potted else base - .04), (x, base - height)], width)
    if pen.chance(.5):
        bloom = hsv(pen.choice([.9, .95, .13, .05]), .7, .98)
        pen.ellipse(x, base - height - width * .45, .042, .036, bloom)
        pen.ellipse(x, base - height - width * .45, .015, .015, (1, .95, .6))
    if potted:
        clay = pen.lit(hsv(pen.choice([.04, .06, .55, .9]), .6, .75))
        pen.polygon([(x - .12, base - .02), (x + .12, base - .02),
                     (x + .09, base + .14), (x - .09, base + .14)],
                    pen.linear(x - .12, 0, x + .12, 0, light(clay, .2), dark(clay, .35)))
        pen.rectangle(x - .14, base - .04, .28, .045,
                      pen.linear(x - .14, 0, x + .14, 0, light(clay, .3), dark(clay, .25)))
