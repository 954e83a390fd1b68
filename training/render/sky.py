"""Things in the sky: planets and balloons."""
import math

from .pen import dark, hsv, light, mix


def planet(pen):
    tint = pen.uniform(0, 1)
    outer = hsv(.6 + .25 * tint, .75, .10 + .05 * pen.uniform(0, 1))
    inner = hsv(.62 + .28 * tint + pen.uniform(-.05, .05), .65, .38)
    glow_x, glow_y = pen.uniform(.1, .9), pen.uniform(.1, .9)
    pen.everywhere(pen.radial(glow_x, glow_y, pen.uniform(.7, 1.1), inner, outer))
    pen.stars(pen.integer(8, 16))

    x, y, radius = pen.uniform(.38, .62), pen.uniform(.38, .62), pen.uniform(.19, .28)
    hue = pen.uniform(0, 1)
    colour = hsv(hue, pen.uniform(.45, .75), pen.uniform(.85, 1))
    tilt = pen.uniform(-.6, .6)
    has_ring = pen.chance(.6)
    light_angle = pen.uniform(0, 6.28)
    light_x, light_y = math.cos(light_angle) * radius * .45, -abs(math.sin(light_angle)) * radius * .45
    ring = hsv(hue + pen.uniform(.05, .5), pen.uniform(.15, .45), .95)

    def half_ring(start, end):
        with pen.placed(x, y, tilt, (1, .3)):
            pen.trace('A', 0, 0, radius * 1.62, start, end)
            pen.stroke(radius * .26, ring, .85)
            pen.trace('A', 0, 0, radius * 1.32, start, end)
            pen.stroke(radius * .1, dark(ring, .3), .8)

    if has_ring:
        half_ring(math.pi, 2 * math.pi)
    with pen.clipped(lambda: pen.trace('A', x, y, radius, 0, 7)):
        pen.everywhere(colour)
        _planet_surface(pen, x, y, radius, tilt, hue, colour)
        pen.everywhere(pen.radial(x, y, radius * 1.25, (1, 1, .95, .35), (1, 1, .9, 0), (.02, 0, .12, .35),
                                  (.02, 0, .12, .85), focus=(light_x, light_y)))
    if has_ring:
        half_ring(0, math.pi)
    if pen.chance(.5):
        angle = pen.uniform(0, 6.28)
        moon_x, moon_y = x + math.cos(angle) * radius * 1.75, y + math.sin(angle) * radius * 1.5
        size = pen.uniform(.035, .06)
        stone = hsv(pen.uniform(0, 1), .15, .9)
        pen.ellipse(moon_x, moon_y, size, size,
                    pen.radial(moon_x, moon_y, size, light(stone, .4), stone, dark(stone, .5),
                               focus=(light_x * .2, light_y * .2)))


def _planet_surface(pen, x, y, radius, tilt, hue, colour):
    """Bands or spots."""
    second = hsv(hue + pen.uniform(-.1, .1), .6, .75)
    with pen.placed(x, y, tilt):
        if pen.chance(.6):
            for index in range(pen.integer(2, 4)):
                top = pen.uniform(-.9, .8) * radius
                band = second if index % 2 else light(colour, .35)
                pen.rectangle(-radius, top, 2 * radius, pen.uniform(.12, .3) * radius, band, .8)
        else:
            for _ in range(pen.integer(3, 5)):
                pen.ellipse(pen.uniform(-.8, .8) * radius, pen.uniform(-.8, .8) * radius,
                            pen.uniform(.12, .3) * radius, pen.uniform(.1, .24) * radius, second, .8)


def balloon(pen):
    pen.sky()
    if pen.chance(.5):
        pen.sun()
    pen.clouds(pen.integer(1, 3), .1, .75)
    ground = pen.ground_colour()
    pen.hills(pen.uniform(.84, .9), .035, mix(ground, pen.bottom, .35))
    if pen.chance(.5):
        pen.hills(pen.uniform(.91, .95), .03, ground)
    if pen.chance(.4):
        # One number is drawn for each side before a side is chosen: the order of draws defines the dataset.
        far_x = pen.choice([pen.uniform(.14, .24), pen.uniform(.76, .86)])
        _one_balloon(pen, far_x, pen.uniform(.2, .5), pen.uniform(.07, .1))
        _one_balloon(pen, pen.uniform(.42, .58), pen.uniform(.32, .42), pen.uniform(.19, .24))
    else:
        _one_balloon(pen, pen.uniform(.4, .6), pen.uniform(.34, .42), pen.uniform(.2, .28))


def _one_balloon(pen, x, y, r):
    hue = pen.uniform(0, 1)
    main = pen.lit(hsv(hue, pen.uniform(.6, .85), pen.uniform(.85, 1)))
    second = hsv(hue + pen.choice([.08, .15, .33, .5, .6]), pen.choice([.1, .5, .75]), pen.uniform(.9, 1))
    second = pen.lit(second)
    gores = pen.choice([2, 3])
    basket = y + r * 1.62
    for side in (-.16, .16):
        pen.line([(x + side * r * 1.7, y + r * 1.0), (x + side * r, basket)], .008, dark(main, .6),
                 round_cap=False)

    def envelope():
        pen.trace('M', x - r * .2, y + r * 1.22, 'C', x - r * .5, y + r * .8, x - r, y + r * .5, x - r, y,
                  'A', x, y, r, math.pi, 2 * math.pi,
                  'C', x + r, y + r * .5, x + r * .5, y + r * .8, x + r * .2, y + r * 1.22, 'Z')

    with pen.clipped(envelope):
        pen.everywhere(main)
        if pen.chance(.72):
            for index in range(-gores, gores + 1):
                if index % 2 == 0:
                    _gore(pen, x, y, r, index, 2 * gores + 1, second)
        else:
            pen.rectangle(x - r, y - r * .35, 2 * r, r * .5, second)
            pen.rectangle(x - r, y + r * .45, 2 * r, r * .2, light(second, .5))
        pen.everywhere(pen.radial(x, y, r * 1.35, (1, 1, .9, .42), (1, 1, .9, .0), (.05, 0, .2, .5),
                                  focus=(-r * .35, -r * .45)))
    wicker = pen.lit((.55, .36, .2))
    pen.rectangle(x - r * .21, basket, r * .42, r * .3,
                  pen.linear(0, basket, 0, basket + r * .3, light(wicker, .25), dark(wicker, .35)))


def _gore(pen, x, y, r, index, total, colour):
    """One vertical strip of the envelope, foreshortened towards the sides."""
    left, right = (math.sin((index + side) / total * math.pi) for side in (-.5, .5))
    pen.trace('M', x, y - r * 1.0,
              'C', x + left * r * 1.05, y - r * .9, x + left * r * 1.15, y + r * .3,
              x + left * r * .22, y + r * 1.25,
              'L', x + right * r * .22, y + r * 1.25,
              'C', x + right * r * 1.15, y + r * .3, x + right * r * 1.05, y - r * .9, x, y - r * 1.0, 'Z')
    pen.fill(colour)
