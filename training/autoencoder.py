"""The autoencoder: 64x64 pictures to 8x8 latents and back (the part a browser has to decode quickly).

The encoder is only used to make the training set of the denoiser, so what counts is the decoder: a few
residual convolutions at 8x8, 16x16 and 32x32 and one pixel-shuffle, about a quarter of a billion
multiply-adds a picture. Training has two phases. First both halves learn together with a small
Kullback-Leibler term which keeps the latents near a unit Gaussian. Then the encoder is frozen and the
decoder alone goes on: its input no longer moves under it. As the latents do not change any more, this phase
can be repeated at any time with --resume, also beside or after the training of the denoiser.
"""
import runtime  # noqa: F401  (first: it sets the environment)

import time

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

from pictures import as_tensor, as_bytes, load_pictures, save_sheet

GROUPS = 8


class Residual(nn.Module):
    """x + conv(silu(norm(conv(silu(norm(x)))))), starting as the identity."""

    def __init__(self, channels):
        super().__init__()
        self.norm1 = nn.GroupNorm(GROUPS, channels)
        self.conv1 = nn.Conv2d(channels, channels, 3, padding=1)
        self.norm2 = nn.GroupNorm(GROUPS, channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1)
        nn.init.zeros_(self.conv2.weight)
        nn.init.zeros_(self.conv2.bias)

    def forward(self, x):
        hidden = self.conv1(F.silu(self.norm1(x)))
        return x + self.conv2(F.silu(self.norm2(hidden)))


class Encoder(nn.Module):
    """[B, 3, 64, 64] in [-1, 1] -> mean and log variance, each [B, latent, 8, 8]."""

    def __init__(self, latent=8, widths=(64, 96)):
        super().__init__()
        self.conv_in = nn.Conv2d(3 * 16, widths[0], 3, padding=1)
        self.res1 = Residual(widths[0])
        self.down = nn.Conv2d(widths[0], widths[1], 3, stride=2, padding=1)
        self.res2 = Residual(widths[1])
        self.norm = nn.GroupNorm(GROUPS, widths[1])
        self.out = nn.Conv2d(widths[1], 2 * latent, 3, padding=1)

    def forward(self, pictures):
        hidden = self.res1(self.conv_in(F.pixel_unshuffle(pictures, 4)))
        hidden = self.res2(self.down(hidden))
        mean, log_variance = self.out(F.silu(self.norm(hidden))).chunk(2, 1)
        return mean, log_variance.clamp(-12, 4)


class Decoder(nn.Module):
    """[B, latent, 8, 8] -> [B, 3, 64, 64], nominally in [-1, 1] (not clamped)."""

    def __init__(self, latent=8, widths=(128, 64, 40, 12)):
        super().__init__()
        self.conv_in = nn.Conv2d(latent, widths[0], 3, padding=1)
        self.res1 = Residual(widths[0])
        self.res2 = Residual(widths[0])
        self.up1 = nn.Conv2d(widths[0], widths[1], 3, padding=1)
        self.res3 = Residual(widths[1])
        self.up2 = nn.Conv2d(widths[1], widths[2], 3, padding=1)
        self.res4 = Residual(widths[2])
        self.norm = nn.GroupNorm(GROUPS, widths[2])
        self.conv_ps = nn.Conv2d(widths[2], 4 * widths[3], 3, padding=1)
        self.out = nn.Conv2d(widths[3], 3, 3, padding=1)

    def forward(self, latents):
        hidden = self.res2(self.res1(self.conv_in(latents)))
        hidden = self.res3(self.up1(F.interpolate(hidden, scale_factor=2, mode='nearest')))
        hidden = self.res4(self.up2(F.interpolate(hidden, scale_factor=2, mode='nearest')))
        hidden = F.pixel_shuffle(self.conv_ps(F.silu(self.norm(hidden))), 2)
        return self.out(F.silu(hidden))


class Autoencoder(nn.Module):
    """Encoder, decoder and the statistics which standardise latents for the denoiser."""

    def __init__(self, latent=8):
        super().__init__()
        self.encoder = Encoder(latent)
        self.decoder = Decoder(latent)
        self.register_buffer('latent_mean', torch.zeros(latent))
        self.register_buffer('latent_std', torch.ones(latent))

    @property
    def latent(self):
        return self.latent_mean.shape[0]

    def encode(self, pictures):
        """[B, 3, 64, 64] -> standardised latents [B, latent, 8, 8]."""
        mean = self.encoder(pictures)[0]
        return (mean - self.latent_mean.view(1, -1, 1, 1)) / self.latent_std.view(1, -1, 1, 1)

    def decode(self, latents):
        """Standardised latents [B, latent, 8, 8] -> [B, 3, 64, 64]."""
        return self.decoder(latents * self.latent_std.view(1, -1, 1, 1) + self.latent_mean.view(1, -1, 1, 1))


def load_autoencoder(work):
    """The trained autoencoder of a work folder, in evaluation mode."""
    state = torch.load(work / 'autoencoder.pt', map_location=runtime.DEVICE)['model']
    model = Autoencoder(state['latent_mean'].shape[0]).to(runtime.DEVICE)
    model.load_state_dict(state)
    return model.eval()


def gradient_distance(a, b):
    """Mean absolute difference of horizontal and vertical finite differences: what makes edges crisp."""
    across = ((a[..., 1:] - a[..., :-1]) - (b[..., 1:] - b[..., :-1])).abs().mean()
    down = ((a[..., 1:, :] - a[..., :-1, :]) - (b[..., 1:, :] - b[..., :-1, :])).abs().mean()
    return across + down


def reconstruction_loss(result, target):
    """Scalar loss of [B, 3, 64, 64] pairs, and their mean squared error for the log."""
    squared = F.mse_loss(result, target)
    loss = F.l1_loss(result, target) + 2 * squared + gradient_distance(result, target)
    loss = loss + 0.5 * gradient_distance(F.avg_pool2d(result, 2), F.avg_pool2d(target, 2))
    return loss, squared


def decibels(squared_error):
    """Peak signal-to-noise ratio for values in [-1, 1] (peak 2)."""
    return float(10 * np.log10(4 / squared_error))


@torch.no_grad()
def measure(model, pictures):
    """PSNR of reconstructions of uint8 pictures [N, 64, 64, 3], from one mean squared error over all."""
    total = 0.0
    for start in range(0, len(pictures), 100):
        batch = as_tensor(pictures[start:start + 100])
        result = model.decode(model.encode(batch)).clamp(-1, 1)
        total += F.mse_loss(result, batch, reduction='sum').item()
    return decibels(total / pictures.size)


@torch.no_grad()
def encode_all(encoder, pictures):
    """Posterior means of uint8 pictures [N, 64, 64, 3] -> [N, latent, 8, 8]."""
    return torch.cat([encoder(as_tensor(pictures[i:i + 200]))[0] for i in range(0, len(pictures), 200)])


@torch.no_grad()
def standardise(model, pictures):
    """Measures mean and standard deviation of each latent channel; final once the encoder is frozen."""
    means = encode_all(model.encoder, pictures)
    model.latent_mean.copy_(means.mean((0, 2, 3)))
    model.latent_std.copy_(means.std((0, 2, 3)))


def run_phase(model, pictures, log, name, seconds, batch, rate, decoder_only):
    """One training phase of fixed wall-clock length; leaves the averaged weights in `model`."""
    module = model.decoder if decoder_only else model
    parameters = list(module.parameters())
    optimiser = torch.optim.AdamW(parameters, lr=rate, betas=(0.9, 0.95), weight_decay=1e-3)
    average = runtime.Average(module, 0.998)
    rng = np.random.default_rng(1 if decoder_only else 0)
    noise_scale = 0.5 if decoder_only else 1.0
    start, step, recent = time.time(), 0, []
    while time.time() - start < seconds:
        progress = (time.time() - start) / seconds
        for group in optimiser.param_groups:
            group['lr'] = rate * min(1, (step + 1) / 50) * runtime.cosine(progress)
        target = as_tensor(pictures[np.sort(rng.integers(0, len(pictures), batch))])
        with torch.set_grad_enabled(not decoder_only):
            mean, log_variance = model.encoder(target)
        latents = mean + noise_scale * torch.exp(0.5 * log_variance) * torch.randn_like(mean)
        loss, squared = reconstruction_loss(model.decoder(latents), target)
        if not decoder_only:
            divergence = (-0.5 * (1 + log_variance - mean ** 2 - log_variance.exp())).mean()
            loss = loss + 2e-3 * divergence
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(parameters, 1.0)
        optimiser.step()
        average.update()
        step += 1
        recent.append((loss.item(), squared.item()))
        if step % 100 == 0:
            mean_loss, mean_squared = np.mean(recent[-100:], 0)
            log.write(phase=name, step=step, seconds=time.time() - start, loss=float(mean_loss),
                      psnr=decibels(mean_squared), noise=float((0.5 * log_variance).exp().mean()))
    average.swap()
    return step


def main():
    options = runtime.arguments(__doc__, minutes=42.0, decoder_minutes=13.0, batch=16, latent=8, resume=False)
    torch.manual_seed(0)
    path = options.work / 'autoencoder.pt'
    train, validation = load_pictures(options.work, 'train'), load_pictures(options.work, 'validation')
    log = runtime.Log(options.work / 'autoencoder.log.jsonl')
    if options.resume:
        model = load_autoencoder(options.work)
    else:
        model = Autoencoder(options.latent).to(runtime.DEVICE)
        log.path.unlink(missing_ok=True)
        joint = (options.minutes - options.decoder_minutes) * 60
        steps = run_phase(model, train, log, 'joint', joint, options.batch, 2e-3, False)
        standardise(model, train[:5000])
        log.write(phase='joint', step=steps, validation_psnr=measure(model, validation[:500]))
        runtime.save_atomically({'model': model.state_dict()}, path)
    steps = run_phase(model, train, log, 'decoder', options.decoder_minutes * 60, options.batch, 1.5e-3, True)
    log.write(phase='decoder', step=steps, validation_psnr=measure(model, validation))
    runtime.save_atomically({'model': model.state_dict()}, path)
    reconstruction_sheet(model, validation, options.work / 'reconstructions.png')


@torch.no_grad()
def reconstruction_sheet(model, pictures, path):
    """Rows of originals, each above its reconstructions."""
    rows = []
    for start in range(0, 40, 10):
        originals = pictures[start:start + 10]
        rows += list(originals) + list(as_bytes(model.decode(model.encode(as_tensor(originals)))))
    save_sheet(rows, 10, path)


if __name__ == '__main__':
    main()
