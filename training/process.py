"""What a denoiser is taught and how its answers become a sample: three processes over the same kind of network.

Each noises by x_t = signal[t] x_0 + sigma[t] eps over 1000 native timesteps and differs in what the network predicts:

- `Velocity`: v = signal eps - sigma x_0 of the variance-preserving process with linear betas (Salimans and Ho 2022).
  The shipped model, because it looked clearly better than eps at equal cost.
- `Epsilon`: eps of the same process and, in as many further channels, where the variance lies between its bounds, as
  the original DiT does (Nichol and Dhariwal 2021, section 3.1). Sampling ignores those channels.
- `Flow`: eps - x_0 of the straight path signal = 1 - sigma (Liu et al. 2022), sampled by Euler steps in sigma.

Timesteps are not drawn uniformly. The noisiest are almost pure noise and the first almost clean; both are learned in
minutes. Half of each batch is spent on the moments in between, where the shape of things is decided: a bell around
`MIDDLE`, which lies at the same signal-to-noise ratio in all three.
"""
import runtime  # noqa: F401  (first: it sets the environment)

import math

import numpy as np
import torch

TIMESTEPS = 1000
BETA_START, BETA_END = 1e-4, 0.02
FOCUS = 0.5


def on_pictures(share):
    """[B] -> [B, 1, 1, 1]"""
    return share.view(-1, 1, 1, 1)


class Process:
    """Shares of signal and noise by native timestep, [1000] of type `kind`; subclasses say what is predicted."""

    OUTPUTS = 1  # channels of the network's output for each of the latent

    def __init__(self, signal, sigma, kind):
        self.signal, self.sigma = (torch.tensor(x, dtype=kind, device=runtime.DEVICE) for x in (signal, sigma))

    def told(self, timesteps):
        """What the network is told of native timesteps [B]."""
        return timesteps

    def noisy(self, latents, noise, timesteps):
        """Noisy latents x_t [B, C, 8, 8] of clean latents and noise of that shape."""
        return on_pictures(self.signal[timesteps]) * latents + on_pictures(self.sigma[timesteps]) * noise

    def loss(self, network, latents, labels, timesteps):
        """Scalar to be minimised and mean squared error of the prediction, for clean latents [B, C, 8, 8]."""
        noise = torch.randn_like(latents)
        with torch.autocast(runtime.DEVICE.type, torch.bfloat16, enabled=runtime.DEVICE.type == 'cuda'):
            output = network(self.noisy(latents, noise, timesteps), self.told(timesteps), labels).float()
        squared = (output[:, :latents.shape[1]] - self.target(latents, noise, timesteps)) ** 2
        return squared.mean() + self.variance_bound(output, squared, timesteps), squared.mean()

    def variance_bound(self, output, squared, timesteps):
        return 0.0

    def clean(self, x, output, timesteps):
        """The clean latents [B, C, 8, 8] that the network's output [B, C, 8, 8] at x_t implies."""
        raise NotImplementedError

    def step(self, x, output, now, after):
        """x at the native timestep `after`, None for clean, from x at `now`: DDIM without noise."""
        signal, sigma = self.signal[now], self.sigma[now]
        clean = self.clean(x, output, now.expand(len(x)))
        if after is None:
            return clean
        return self.signal[after] * clean + self.sigma[after] * (x - signal * clean) / sigma

    def visited(self, steps):
        """Native timesteps in sampling order: round(k * 999 / (steps - 1)), from the noisiest to 0."""
        return [round(k * (TIMESTEPS - 1) / (steps - 1)) for k in range(steps)][::-1]

    def timestep_table(self):
        """Inverse cumulative distribution of the timestep density, [4096]: uniform plus a bell in the middle."""
        timesteps = np.arange(TIMESTEPS)
        bell = np.exp(-0.5 * ((timesteps - self.MIDDLE) / self.SPREAD) ** 2)
        density = (1 - FOCUS) / TIMESTEPS + FOCUS * bell / bell.sum()
        quantiles = np.searchsorted(np.cumsum(density), (np.arange(4096) + 0.5) / 4096)
        return torch.from_numpy(quantiles.clip(0, TIMESTEPS - 1))


class Diffusion(Process):
    """The variance-preserving process with linear betas: signal^2 + sigma^2 = 1."""

    MIDDLE, SPREAD = 350.0, 160.0
    MANIFEST = {'schedule': 'linear', 'timesteps': TIMESTEPS, 'betaStart': BETA_START, 'betaEnd': BETA_END}

    def __init__(self, kind=torch.float32):
        self.betas = np.linspace(BETA_START, BETA_END, TIMESTEPS)
        self.alpha_bar = np.cumprod(1 - self.betas)
        super().__init__(np.sqrt(self.alpha_bar), np.sqrt(1 - self.alpha_bar), kind)


class Velocity(Diffusion):
    PREDICTION = 'v'
    ABOUT = 'predicts v; 1000 timesteps, linear betas 0.0001 to 0.02'

    def target(self, latents, noise, timesteps):
        return on_pictures(self.signal[timesteps]) * noise - on_pictures(self.sigma[timesteps]) * latents

    def clean(self, x, output, timesteps):
        return on_pictures(self.signal[timesteps]) * x - on_pictures(self.sigma[timesteps]) * output


class Epsilon(Diffusion):
    PREDICTION = 'epsilon'
    ABOUT = 'predicts noise and, unused by DDIM, its variance; 1000 timesteps, linear betas 0.0001 to 0.02'
    OUTPUTS = 2

    def __init__(self, kind=torch.float32):
        super().__init__(kind)
        before = np.append(1.0, self.alpha_bar[:-1])
        posterior = self.betas * (1 - before) / (1 - self.alpha_bar)
        posterior[0] = posterior[1]  # it is 0 there, and its logarithm is wanted
        # Squared, what an error of eps is as an error of the posterior mean.
        weight = self.betas ** 2 / ((1 - self.betas) * (1 - self.alpha_bar))
        self.least, self.most, self.weight = (
            torch.tensor(x, dtype=kind, device=runtime.DEVICE)
            for x in (np.log(posterior), np.log(self.betas), weight))

    def target(self, latents, noise, timesteps):
        return noise

    def clean(self, x, output, timesteps):
        return (x - on_pictures(self.sigma[timesteps]) * output) / on_pictures(self.signal[timesteps])

    def variance_bound(self, output, squared, timesteps):
        """The variational bound in bits a dimension; through the variance only, the mean is not moved by it."""
        least, most = on_pictures(self.least[timesteps]), on_pictures(self.most[timesteps])
        share = (output[:, squared.shape[1]:] + 1) / 2
        spread = share * most + (1 - share) * least
        missed = squared.detach() * on_pictures(self.weight[timesteps]) * torch.exp(-spread)
        divergence = 0.5 * (spread - least - 1 + torch.exp(least - spread) + missed)
        # Latents are not bytes: the last step is judged by its density, where images have a discrete likelihood.
        likelihood = 0.5 * (math.log(2 * math.pi) + spread + missed)
        return torch.where(on_pictures(timesteps == 0), likelihood, divergence).mean() / math.log(2)


class Flow(Process):
    """sigma = (t + 1) / 1000 at the native timestep t: pure noise is 999, and clean lies one step before 0."""

    PREDICTION = 'flow'
    ABOUT = 'rectified flow: predicts the velocity from picture to noise; Euler steps in sigma, told 1000 sigma'
    MIDDLE, SPREAD = 615.0, 185.0
    MANIFEST = {'schedule': 'flow', 'timesteps': TIMESTEPS}

    def __init__(self, kind=torch.float32):
        sigma = np.arange(1, TIMESTEPS + 1) / TIMESTEPS
        super().__init__(1 - sigma, sigma, kind)

    def told(self, timesteps):
        return timesteps + 1  # 1000 sigma

    def target(self, latents, noise, timesteps):
        return noise - latents

    def clean(self, x, output, timesteps):
        return x - on_pictures(self.sigma[timesteps]) * output

    def step(self, x, output, now, after):
        return x + ((0 if after is None else self.sigma[after]) - self.sigma[now]) * output

    def visited(self, steps):
        """sigma falls from 1 to 1 / steps, evenly up to the grid of native timesteps."""
        return [round(TIMESTEPS * (steps - k) / steps) - 1 for k in range(steps)]


PROCESSES = {process.PREDICTION: process for process in (Velocity, Epsilon, Flow)}


@torch.no_grad()
def sample(denoiser, process, noise, labels, steps=20, guidance=2.0, guided=None):
    """Deterministic sampling with guidance on the first `guided` channels (all unless told): noise -> latents."""
    channels = noise.shape[1]
    guided = channels if guided is None else guided
    x, visited = noise, process.visited(steps)
    both = torch.cat([labels, torch.full_like(labels, denoiser.null)])
    for now, after in zip(visited, visited[1:] + [None]):
        now = torch.tensor(now, device=noise.device)
        output = denoiser(torch.cat([x, x]), process.told(now.expand(len(both))), both)[:, :channels]
        conditional, unconditional = output.chunk(2)
        steered = unconditional + guidance * (conditional - unconditional)
        x = process.step(x, torch.cat([steered[:, :guided], conditional[:, guided:]], 1), now, after)
    return x
