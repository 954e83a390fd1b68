"""At the sea and in it: sailboats, lighthouses and fish."""
from .pen import dark, hsv, light, mix


def sailboat(pen):
    pen.sky()
    pen.sun(height=(.12, .4))
    pen.clouds(pen.integer(0, 2))
    horizon = pen.uniform(.62, .7)
    water = pen.sea(horizon)
    if pen.chance(.35):
        with pen.clipped(lambda: pen.context.rectangle(0, 0, 1, horizon)):
            pen.hills(horizon - .04, .03, mix(pen.bottom, pen.top, .5))
    pen.waves(horizon, water)

    x, y, scale = pen.uniform(.4, .6), horizon + pen.uniform(.07, .13), pen.uniform(.85, 1.15)
    heel, heading = pen.uniform(-.1, .1), pen.choice([-1, 1])
    pen.ellipse(x, y + .07 * scale, .26 * scale, .025, light(water, .5), .35)
    with pen.placed(x, y, heel, (scale * heading, scale)):
        hue = pen.choice([0, .02, .07, .6, .55, .95, .1, .45])
        hull = pen.lit(hsv(hue, pen.uniform(.5, .85), pen.uniform(.45, .85)))
        main = pen.lit(hsv(pen.uniform(0, 1), pen.choice([.04, .06, .5, .7]), pen.uniform(.93, 1)))
        jib = pen.lit(hsv(pen.uniform(0, 1), pen.choice([.05, .55, .75]), .96))
        mast = pen.uniform(.44, .54)
        pen.line([(0, 0), (0, -mast)], .018, dark((.5, .33, .2), .1))
        pen.trace('M', .02, -mast + .02, 'C', .12, -mast * .6, .2, -.2, .22, -.06, 'L', .02, -.06, 'Z')
        pen.fill(pen.linear(0, 0, .22, 0, light(main, .3), dark(main, .15)))
        pen.trace('M', -.02, -mast + .07, 'C', -.06, -mast * .55, -.12, -.2, -.19, -.07, 'L', -.02, -.06, 'Z')
        pen.fill(pen.linear(-.2, 0, 0, 0, jib, dark(jib, .22)))
        if pen.chance(.5):
            pen.polygon([(0, -mast), (.09, -mast - .025), (0, -mast - .05)], hsv(pen.uniform(0, 1), .8, .95))
        pen.trace('M', -.25, -.035, 'L', .26, -.035, 'C', .22, .06, .16, .075, .1, .075, 'L', -.13, .075,
                  'C', -.2, .07, -.23, .03, -.25, -.035, 'Z')
        pen.fill(pen.linear(0, -.04, 0, .08, light(hull, .15), dark(hull, .35)))
        pen.line([(-.235, -.01), (.24, -.01)], .016, light(hull, .75))


def lighthouse(pen):
    pen.sky()
    side = pen.choice([0, 1])
    x = pen.uniform(.55, .68) if side == 0 else pen.uniform(.32, .45)
    if pen.chance(.7):
        pen.sun(side)
    pen.clouds(pen.integer(0, 2))
    horizon = pen.uniform(.7, .76)
    pen.waves(horizon, pen.sea(horizon), 3)
    rock = pen.lit(hsv(pen.choice([.08, .6, .3, .05]), pen.uniform(.12, .4), pen.uniform(.4, .62)))
    base = horizon + pen.uniform(.0, .05)
    pen.trace('M', x - .36, 1, 'C', x - .26, base + .06, x - .2, base - .01, x - .06, base - .02,
              'C', x + .12, base - .04, x + .26, base + .08, x + .36, 1, 'Z')
    pen.fill(pen.linear(0, base - .03, 0, 1, light(rock, .12), dark(rock, .5)))

    height, foot, head = pen.uniform(.42, .52), pen.uniform(.095, .12), pen.uniform(.06, .075)
    bottom, top = base + .01, base + .01 - height
    colour = hsv(pen.choice([0, .98, .6, .55, .08, .45, .85]), pen.uniform(.65, .9), pen.uniform(.65, .9))
    colour, white = pen.lit(colour), pen.lit((.98, .96, .92))
    stripes = pen.choice([3, 4, 5])
    if pen.night or pen.chance(.4):
        lamp, first = top - .05, pen.choice([-1, 1])
        for direction in (first, -first):
            end = x + direction * .9
            pen.polygon([(x, lamp - .01), (end, lamp - .16), (end, lamp + .1), (x, lamp + .01)],
                        pen.linear(x, 0, end, 0, (1, .95, .6, .75), (1, .95, .6, 0)))

    def tower():
        pen.trace('M', x - foot, bottom, 'L', x - head, top, 'L', x + head, top, 'L', x + foot, bottom, 'Z')

    with pen.clipped(tower):
        pen.everywhere(white)
        slant = pen.choice([0, 0, .08])
        for index in range(0, stripes, 2):
            low = bottom + (top - bottom) * index / stripes
            high = bottom + (top - bottom) * (index + 1) / stripes
            pen.polygon([(x - .15, low + slant), (x + .15, low - slant), (x + .15, high - slant),
                         (x - .15, high + slant)], colour)
        pen.everywhere(pen.linear(x - foot, 0, x + foot, 0, (1, 1, .9, .18), (0, 0, .1, 0), (0, 0, .1, .45)))
    _lantern(pen, x, head, top, colour)
    pen.rectangle(x - .022, bottom - .1, .044, .09, dark(rock, .6))
    pen.rectangle(x - .014, bottom - height * .6, .028, .04, dark(rock, .55))


def _lantern(pen, x, w, top, colour):
    """The gallery, the lit room and its roof."""
    pen.rectangle(x - w - .025, top - .015, 2 * w + .05, .026, dark(colour, .55))
    pen.rectangle(x - w * .7, top - .085, w * 1.4, .072, (1, .93, .55))
    pen.rectangle(x - .006, top - .085, .012, .072, dark(colour, .5))
    pen.trace('M', x - w * 1.05, top - .08,
              'C', x - w * .8, top - .15, x - .02, top - .16, x, top - .185,
              'C', x + .02, top - .16, x + w * .8, top - .15, x + w * 1.05, top - .08, 'Z')
    pen.fill(pen.linear(x - w, 0, x + w, 0, colour, dark(colour, .45)))


def fish(pen):
    _under_water(pen)
    x, y, scale = pen.uniform(.42, .58), pen.uniform(.38, .6), pen.uniform(.85, 1.2)
    heading = pen.choice([-1, 1])
    hue = pen.choice([.02, .07, .12, .14, .95, .85, .78, .4, 0])
    main = hsv(hue + pen.uniform(-.02, .02), pen.uniform(.7, .95), pen.uniform(.85, 1))
    second = hsv(hue + pen.choice([.0, .08, -.08, .5, .3]), pen.choice([.1, .6, .85]), pen.uniform(.85, 1))
    with pen.placed(x, y, pen.uniform(-.25, .25), (scale * heading, scale)):
        length, height = pen.uniform(.22, .27), pen.uniform(.12, .19)
        _fish_body(pen, length, height, main, second)
    for index in range(pen.integer(1, 4)):
        bubble_x = x + heading * (scale * length + pen.uniform(.04, .14))
        bubble_y = y - .08 - index * pen.uniform(.07, .11)
        size = pen.uniform(.012, .024)
        pen.ellipse(bubble_x, bubble_y, size, size, (1, 1, 1), .6)


def _under_water(pen):
    """Blue water with beams of light, sand and weeds."""
    hue = pen.uniform(.47, .64)
    water = hsv(hue, pen.uniform(.45, .7), pen.uniform(.75, .95))
    pen.everywhere(pen.linear(0, 0, pen.uniform(-.2, .2), 1, light(water, .35), water,
                              dark(hsv(hue + .05, .8, .5), .35)))
    for _ in range(pen.integer(1, 3)):
        left, width = pen.uniform(.1, .9), pen.uniform(.05, .12)
        pen.polygon([(left, 0), (left + width, 0), (left + width * 2.2 - .25, 1), (left - .35, 1)],
                    pen.linear(0, 0, 0, .85, (1, 1, .95, .22), (1, 1, .95, 0)))
    sand = hsv(pen.uniform(.09, .14), pen.uniform(.25, .5), pen.uniform(.7, .9))
    pen.hills(pen.uniform(.86, .92), .02, mix(sand, water, .3), mix(dark(sand, .3), water, .3))
    for _ in range(pen.integer(1, 3)):
        x = pen.choice([pen.uniform(.02, .28), pen.uniform(.72, .98)])
        height, sway = pen.uniform(.15, .4), pen.uniform(-.05, .05)
        weed = hsv(pen.choice([.33, .38, .45, .92, .03]), pen.uniform(.5, .75), pen.uniform(.4, .75))
        pen.trace('M', x, .95, 'C', x - .06, .95 - height * .4, x + .06 + sway, .95 - height * .6,
                  x + sway, .95 - height)
        pen.stroke(.035, weed, round_cap=True)


def _fish_body(pen, l, h, main, second):
    """A fish of half length l and half height h around the origin, swimming to the right."""
    fin, tail = mix(second, main, .3), pen.uniform(.1, .16)
    pen.trace('M', -l * .75, 0, 'C', -l * 1.1, -.02, -l * 1.35, -tail, -l * 1.6, -tail,
              'C', -l * 1.42, -.03, -l * 1.42, .03, -l * 1.6, tail,
              'C', -l * 1.35, tail, -l * 1.1, .02, -l * .75, 0, 'Z')
    pen.fill(pen.linear(-l * 1.6, 0, -l * .7, 0, fin, dark(fin, .2)))
    pen.trace('M', -l * .45, -h * .7, 'C', -l * .3, -h * 1.6, l * .1, -h * 1.7, l * .2, -h * 1.25,
              'L', l * .35, -h * .6, 'Z')
    pen.fill(dark(fin, .1))
    pen.trace('M', -l * .3, h * .6, 'C', -l * .35, h * 1.5, -l * .05, h * 1.5, l * .05, h * .7, 'Z')
    pen.fill(dark(fin, .15))

    def outline():
        pen.trace('M', l, .01, 'C', l * .8, -h * .9, l * .1, -h * 1.25, -l * .35, -h * .75,
                  'C', -l * .65, -h * .4, -l * .8, -h * .25, -l * .95, -.02, 'L', -l * .95, .02,
                  'C', -l * .8, h * .25, -l * .65, h * .4, -l * .35, h * .75,
                  'C', l * .1, h * 1.2, l * .8, h * .9, l, .01, 'Z')

    with pen.clipped(outline):
        pen.rectangle(-1, -1, 2, 2, main)
        pattern = pen.random()
        if pattern < .5:
            for index in range(pen.integer(2, 3)):
                x = l * (.25 - .5 * index)
                pen.trace('M', x, -h * 1.3, 'C', x + .05, -h * .3, x + .05, h * .3, x, h * 1.3)
                pen.stroke(.05, second, round_cap=True)
        elif pattern < .75:
            pen.rectangle(-1, 0, 2, 1, second, .85)
        pen.rectangle(-1, -1, 2, 2, pen.linear(0, -h * 1.1, 0, h * 1.1, (1, 1, .95, .35), (1, 1, 1, 0),
                                               (.05, 0, .2, .4)))
    pen.ellipse(-l * .05, h * .25, l * .2, h * .2, dark(fin, .05), 1, .5)
    pen.ellipse(l * .6, -h * .22, .036, .036, (1, 1, 1))
    pen.ellipse(l * .63, -h * .2, .019, .019, (.05, .05, .12))
