"""What surrounds the subjects: skies with their light, clouds, stars, hills and the sea."""
import colorsys
import math

from .pen import Pen, dark, hsv, light, mix

# top of the sky, bottom of the sky, colour of the light, night?
SKIES = [
    ('3a8fd9', 'd4f0f7', 'fff3b0', False),
    ('58b4e0', 'ffe9c7', 'fff6c9', False),
    ('6a5acd', 'ffb199', 'ffd27f', False),
    ('2b3a78', 'ff8c61', 'ffcf6b', False),
    ('141a46', '4a3f8c', 'f4f0d8', True),
    ('0e2a4a', '2f7f86', 'e8fff4', True),
    ('8fd3c7', 'fdf6d8', 'fff2b2', False),
    ('f29bb2', 'fde2c4', 'fff0d0', False),
]


def from_hex(text):
    return tuple(int(text[i:i + 2], 16) / 255 for i in (0, 2, 4))


class Scene(Pen):
    """A pen that also knows the sky it draws under, so that subjects take its light."""

    def sky(self, allow_night=True, only=None):
        skies = [SKIES[i] for i in only] if only else [sky for sky in SKIES if allow_night or not sky[3]]
        top, bottom, glow, night = self.choice(skies)
        turn = self.uniform(-.02, .02)

        def vary(text):
            hue, saturation, value = colorsys.rgb_to_hsv(*from_hex(text))
            return hsv(hue + turn, saturation * self.uniform(.9, 1.1), value * self.uniform(.93, 1.06))

        self.top, self.bottom = vary(top), vary(bottom)
        self.glow, self.night = from_hex(glow), night
        self.everywhere(self.linear(0, 0, 0, .95, self.top, self.bottom))

    def sun(self, side=None, height=(.12, .34)):
        """A sun with its halo, at night a crescent moon; side 0 is left, 1 is right."""
        if side is None:
            side = self.choice([0, 1])
        x = self.uniform(.1, .3) if side == 0 else self.uniform(.7, .9)
        y, radius = self.uniform(*height), self.uniform(.055, .095)
        halo = self.radial(x, y, radius * 3, (*self.glow, .55), (*self.glow, .12), (*self.glow, 0))
        self.disc(x, y, radius * 3, halo)
        self.ellipse(x, y, radius, radius, self.glow)
        if self.night:
            shadow = mix(self.top, self.bottom, y)
            self.ellipse(x + radius * .45, y - radius * .2, radius * .85, radius * .85, shadow)

    def clouds(self, count, highest=.08, lowest=.45):
        for _ in range(count):
            x, y, width = self.uniform(0, 1), self.uniform(highest, lowest), self.uniform(.07, .13)
            colour = light(self.bottom, .75)
            with self.grouped(.25 if self.night else .75):
                for across, down, size in ((-1, .15, .6), (0, -.2, .85), (.9, .1, .65)):
                    self.ellipse(x + across * width, y + down * width,
                                 width * size * 1.1, width * size * .75, colour)
                self.rectangle(x - 1.4 * width, y + .1 * width, 2.8 * width, .45 * width, colour)

    def stars(self, count):
        for _ in range(count):
            self.ellipse(self.uniform(0, 1), self.uniform(0, 1.0), self.uniform(.008, .014),
                         self.uniform(.008, .014), (1, 1, .92), self.uniform(.5, 1))

    def hills(self, y, amplitude, colour, foot=None):
        """A wavy horizon, filled to the bottom of the picture."""
        phase, frequency = self.uniform(0, 6.28), self.uniform(.6, 1.3)
        self.trace('M', 0, 1)
        for step in range(17):
            x = step / 16
            self.trace('L', x, y + amplitude * math.sin(6.28 * frequency * x + phase))
        self.trace('L', 1, 1, 'Z')
        self.fill(self.linear(0, y - amplitude, 0, 1, colour, foot or dark(colour, .35)))

    def ground_colour(self):
        hue = self.choice([.23, .28, .33, .38, .12, .08, .5])
        colour = hsv(hue + self.uniform(-.02, .02), self.uniform(.35, .6), self.uniform(.5, .75))
        return mix(colour, self.top, .45) if self.night else mix(colour, self.bottom, .12)

    def lit(self, colour):
        """A colour under the light of this sky."""
        return mix(colour, self.top, .22) if self.night else mix(colour, self.glow, .06)

    def sea(self, y):
        water = hsv(self.uniform(.5, .62), self.uniform(.5, .75), self.uniform(.55, .8))
        water = mix(water, self.top, .45 if self.night else .2)
        depth = self.linear(0, y, 0, 1, mix(water, self.bottom, .45), dark(water, .35))
        self.rectangle(0, y, 1, 1 - y, depth)
        return water

    def waves(self, horizon, water, count=4):
        for index in range(count):
            y = horizon + .05 + (1 - horizon) * index / count * .95
            x, width = self.uniform(0, 1), self.uniform(.1, .2)
            self.line([(x - width, y), (x + width, y)], .011, light(water, .5), .45)
