"""The models that this recipe makes: one is shown, the others hold the studio to more than one kind of DiT."""
import runtime  # noqa: F401  (first: it sets the environment)

from dataclasses import dataclass
from typing import Optional

from denoiser import Denoiser
from process import Epsilon, Flow, Process, Velocity


@dataclass(frozen=True)
class Variant:
    title: str
    process: type[Process]
    width: int
    depth: int
    heads: int
    guided: Optional[int] = None  # leading channels that guidance moves; all unless told

    def denoiser(self, channels):
        """A new network for latents of `channels` channels."""
        outputs = channels * self.process.OUTPUTS
        return Denoiser(channels, outputs, self.width, self.depth, self.heads).to(runtime.DEVICE)


MAIN = 'tiny-worlds'
VARIANTS = {
    MAIN: Variant('Tiny Worlds', Velocity, width=192, depth=12, heads=12),
    # As the original DiT: eps, a learned variance, and guidance on three channels.
    'tiny-worlds-epsilon': Variant('Tiny Worlds epsilon', Epsilon, width=96, depth=6, heads=6, guided=3),
    'tiny-worlds-flow': Variant('Tiny Worlds flow', Flow, width=96, depth=6, heads=6),
}
