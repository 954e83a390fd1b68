"""A house between trees, in some pictures under snow."""
from .pen import dark, hsv, light, mix


def house(pen):
    pen.sky()
    if pen.chance(.6):
        pen.sun(height=(.1, .24))
    pen.clouds(pen.integer(0, 2), .06, .3)
    snow = pen.chance(.22)
    ground = pen.lit((.9, .94, .98)) if snow else pen.ground_colour()
    horizon = pen.uniform(.74, .82)
    pen.hills(horizon - .1, .04, mix(ground, pen.bottom, .4))
    pen.hills(horizon, .015, ground)

    leaves = pen.lit(hsv(pen.uniform(.25, .42), .5, .45))
    x, half, height = pen.uniform(.42, .58), pen.uniform(.2, .27), pen.uniform(.2, .28)
    base = horizon + pen.uniform(.06, .1)
    pine = pen.chance(.5)
    for side in (-1, 1):
        if pen.chance(.65):
            tree_x = x + side * (half + pen.uniform(.08, .16))
            _tree(pen, tree_x, base - .02, pen.uniform(.9, 1.3), pine, leaves)

    wall = pen.lit(hsv(pen.uniform(0, 1), pen.choice([.06, .12, .3, .5]), pen.uniform(.85, .98)))
    roof = hsv(pen.choice([0, .02, .05, .6, .55, .08, .75, .98]), pen.uniform(.4, .8), pen.uniform(.45, .8))
    roof = pen.lit(roof)
    eaves, rise = base - height, pen.uniform(.15, .24)
    chimney = x + pen.choice([-1, 1]) * half * .55
    pen.rectangle(chimney - .03, eaves - rise * .95, .06, rise * .8, dark(roof, .35))
    if pen.chance(.4):
        for puff in range(3):
            pen.ellipse(chimney + .02 * puff + pen.uniform(-.01, .02), eaves - rise * 1.05 - .06 * puff,
                        .022 + .009 * puff, .02 + .007 * puff, (1, 1, 1), .5 - .1 * puff)
    pen.rectangle(x - half, eaves, 2 * half, height,
                  pen.linear(x - half, 0, x + half, 0, light(wall, .2), dark(wall, .22)))
    _roof(pen, x, half, eaves, rise, roof, snow)
    _door_and_windows(pen, x, half, eaves, base, wall)


def _tree(pen, x, base, scale, pine, colour):
    pen.rectangle(x - .014 * scale, base - .12 * scale, .028 * scale, .12 * scale, dark((.45, .3, .2), .2))
    if pine:
        for layer in range(3):
            y, half = base - (.06 + .09 * layer) * scale, (.1 - .024 * layer) * scale
            pen.polygon([(x - half, y), (x + half, y), (x, y - .15 * scale)],
                        mix(colour, light(colour, .3), layer / 4))
    else:
        crown = pen.radial(x, base - .2 * scale, .12 * scale, light(colour, .3), colour, dark(colour, .3),
                           focus=(-.03 * scale, -.04 * scale))
        pen.ellipse(x, base - .2 * scale, .09 * scale, .11 * scale, crown)


def _roof(pen, x, half, eaves, rise, colour, snow):
    overhang = .05
    left, right = (x - half - overhang, eaves + .02), (x + half + overhang, eaves + .02)
    if pen.chance(.6):
        outline = [left, (x, eaves - rise), right]
    else:
        outline = [left, (x - half * .6, eaves - rise * .8), (x + half * .6, eaves - rise * .8), right]
    pen.polygon(outline, pen.linear(x - half, eaves - rise, x + half, eaves,
                                    light(colour, .18), dark(colour, .3)))
    if snow:
        pen.line(outline, .03, (.97, .98, 1))


def _door_and_windows(pen, x, half, eaves, base, wall):
    lit = pen.night or pen.chance(.25)
    glass = (1, .86, .45) if lit else mix((.6, .8, .92), pen.top, .25)
    door_x = pen.choice([-1, 0, 1]) * half * .45
    door = pen.lit(hsv(pen.uniform(0, 1), .6, .55))
    pen.rectangle(x + door_x - .04, base - .145, .08, .145, light(wall, .6))
    pen.rectangle(x + door_x - .03, base - .135, .06, .135, door)
    frame = light(wall, .7)
    for window_x in ([-half * .55, half * .55] if door_x == 0 else [-door_x * .9, 0]):
        if abs(window_x - door_x) > .07:
            pen.rectangle(x + window_x - .042, eaves + .06, .084, .084, frame)
            pen.rectangle(x + window_x - .032, eaves + .07, .064, .064, glass)
            pen.rectangle(x + window_x - .005, eaves + .07, .01, .064, frame)
            pen.rectangle(x + window_x - .032, eaves + .097, .064, .01, frame)
