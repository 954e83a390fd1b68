"""The diffusion transformer (DiT) in the layout of the original implementation.

Parameter names, shapes and axis orders are those of the published DiT checkpoints, so the studio reads this
model and a large one with the same code. What differs is only size (`variants.py`) and 16 tokens.
"""
import runtime  # noqa: F401  (first: it sets the environment)

import math

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F


def sinusoidal_positions(width, side):
    """Fixed two-dimensional position code [1, side*side, width]; first half columns, second half rows."""
    frequencies = 1 / 10000 ** (np.arange(width // 4) / (width / 4))
    columns, rows = np.meshgrid(np.arange(side), np.arange(side))
    parts = []
    for position in (columns, rows):
        angles = np.outer(position.reshape(-1), frequencies)
        parts += [np.sin(angles), np.cos(angles)]
    return torch.tensor(np.concatenate(parts, 1), dtype=torch.float32)[None]


def timestep_code(timesteps, kind, width=256):
    """Sinusoidal code of timesteps [B] -> [B, 256] of type `kind`, cosines first."""
    position = torch.arange(width // 2, dtype=kind, device=timesteps.device) / (width // 2)
    angles = timesteps[:, None].to(kind) * torch.exp(-math.log(10000) * position)[None]
    return torch.cat([angles.cos(), angles.sin()], 1)


def modulate(x, shift, scale):
    return x * (1 + scale) + shift


class Attention(nn.Module):
    """Multi-head self-attention on [B, N, width]."""

    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width)
        self.proj = nn.Linear(width, width)

    def forward(self, x):
        batch, tokens, width = x.shape
        qkv = self.qkv(x).view(batch, tokens, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        query, key, value = qkv.unbind(0)
        weights = ((query * query.shape[-1] ** -0.5) @ key.transpose(-1, -2)).softmax(-1)
        return self.proj((weights @ value).transpose(1, 2).reshape(batch, tokens, width))


class Mlp(nn.Module):
    """[B, N, width] -> [B, N, width] through four times the width."""

    def __init__(self, width):
        super().__init__()
        self.fc1 = nn.Linear(width, 4 * width)
        self.fc2 = nn.Linear(4 * width, width)

    def forward(self, x):
        return self.fc2(F.gelu(self.fc1(x), approximate='tanh'))


class Block(nn.Module):
    """A transformer block whose norms are shifted, scaled and gated by the condition (adaLN-Zero)."""

    def __init__(self, width, heads):
        super().__init__()
        self.norm = nn.LayerNorm(width, elementwise_affine=False, eps=1e-6)
        self.attn = Attention(width, heads)
        self.mlp = Mlp(width)
        self.adaLN_modulation = nn.Sequential(nn.SiLU(), nn.Linear(width, 6 * width))

    def forward(self, x, condition):
        shift1, scale1, gate1, shift2, scale2, gate2 = self.adaLN_modulation(condition)[:, None].chunk(6, -1)
        x = x + gate1 * self.attn(modulate(self.norm(x), shift1, scale1))
        return x + gate2 * self.mlp(modulate(self.norm(x), shift2, scale2))


class FinalLayer(nn.Module):
    """[B, N, width] -> [B, N, patch*patch*channels]."""

    def __init__(self, width, outputs):
        super().__init__()
        self.norm = nn.LayerNorm(width, elementwise_affine=False, eps=1e-6)
        self.linear = nn.Linear(width, outputs)
        self.adaLN_modulation = nn.Sequential(nn.SiLU(), nn.Linear(width, 2 * width))

    def forward(self, x, condition):
        shift, scale = self.adaLN_modulation(condition)[:, None].chunk(2, -1)
        return self.linear(modulate(self.norm(x), shift, scale))


class TimestepEmbedder(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.mlp = nn.Sequential(nn.Linear(256, width), nn.SiLU(), nn.Linear(width, width))

    def forward(self, timesteps):
        return self.mlp(timestep_code(timesteps, self.mlp[0].weight.dtype))


class LabelEmbedder(nn.Module):
    """One vector a class and one more, the last, for "no class" (classifier-free guidance)."""

    def __init__(self, classes, width):
        super().__init__()
        self.embedding_table = nn.Embedding(classes + 1, width)

    def forward(self, labels):
        return self.embedding_table(labels)


class PatchEmbedder(nn.Module):
    def __init__(self, channels, patch, width):
        super().__init__()
        self.proj = nn.Conv2d(channels, width, patch, stride=patch)

    def forward(self, latents):
        return self.proj(latents).flatten(2).transpose(1, 2)


class Denoiser(nn.Module):
    """[B, channels, 8, 8] noisy latents, timesteps [B], labels [B] -> [B, outputs, 8, 8]: see process.py."""

    def __init__(self, channels, outputs, width, depth, heads, patch=2, size=8, classes=10):
        super().__init__()
        self.patch, self.side, self.null = patch, size // patch, classes
        self.x_embedder = PatchEmbedder(channels, patch, width)
        self.t_embedder = TimestepEmbedder(width)
        self.y_embedder = LabelEmbedder(classes, width)
        self.register_buffer('pos_embed', sinusoidal_positions(width, self.side))
        self.blocks = nn.ModuleList(Block(width, heads) for _ in range(depth))
        self.final_layer = FinalLayer(width, patch * patch * outputs)
        self.initialise()

    def initialise(self):
        """Xavier everywhere, zero for every gate and the output: each block begins as the identity."""
        for module in self.modules():
            if isinstance(module, nn.Linear):
                nn.init.xavier_uniform_(module.weight)
                nn.init.zeros_(module.bias)
        nn.init.xavier_uniform_(self.x_embedder.proj.weight.view(self.x_embedder.proj.weight.shape[0], -1))
        nn.init.zeros_(self.x_embedder.proj.bias)
        nn.init.normal_(self.y_embedder.embedding_table.weight, std=0.02)
        nn.init.normal_(self.t_embedder.mlp[0].weight, std=0.02)
        nn.init.normal_(self.t_embedder.mlp[2].weight, std=0.02)
        for block in self.blocks:
            nn.init.zeros_(block.adaLN_modulation[1].weight)
        nn.init.zeros_(self.final_layer.adaLN_modulation[1].weight)
        nn.init.zeros_(self.final_layer.linear.weight)

    def assemble(self, tokens):
        """Tokens [B, N, patch*patch*C], each (row, column, channel), -> [B, C, H, W]."""
        grid = tokens.view(len(tokens), self.side, self.side, self.patch, self.patch, -1)
        return grid.permute(0, 5, 1, 3, 2, 4).reshape(len(tokens), -1, *[self.side * self.patch] * 2)

    def forward(self, latents, timesteps, labels):
        condition = self.t_embedder(timesteps) + self.y_embedder(labels)
        hidden = self.x_embedder(latents) + self.pos_embed
        for block in self.blocks:
            hidden = block(hidden, condition)
        return self.assemble(self.final_layer(hidden, condition))
