"""Samples a DiT with the weights that stages.json beside this file lists (Diff-ES, arXiv 2603.05105), in plain PyTorch.

    python3 sample.py --model dit.safetensors --noise noise.safetensors --out latents.safetensors

--model is the dense DiT as facebookresearch/DiT names it. The noise file holds `noise` [K, C, h, w] and `labels` [K].
"""
import argparse, json, pathlib
import numpy as np, torch, torch.nn.functional as F

def load(path):  # safetensors: eight bytes of header length, a JSON header, the tensors
    data, tensors = memoryview(pathlib.Path(path).read_bytes()), {}
    end = 8 + int.from_bytes(data[:8], "little")
    for name, entry in json.loads(bytes(data[8:end])).items():
        if name != "__metadata__":
            kind = {"F32": "<f4", "F16": "<f2", "I32": "<i4", "I64": "<i8"}[entry["dtype"]]
            value = torch.tensor(np.frombuffer(data[end:][slice(*entry["data_offsets"])], kind)).reshape(entry["shape"])
            tensors[name] = value.float() if value.is_floating_point() else value.long()
    return tensors

def denoise(w, skipped, head_dim, x, t, labels):  # x [R, C, h, w] told the time t -> prediction [R, C, h, w]
    linear = lambda name, h: F.linear(h, w[f"{name}.weight"], w[f"{name}.bias"])
    modulation = lambda name: linear(f"{name}.adaLN_modulation.1", condition)[:, None].split(condition.shape[1], dim=2)
    norm = lambda h, shift, scale: F.layer_norm(h, h.shape[2:], eps=1e-6) * (1 + scale) + shift
    angles = t * torch.exp(-np.log(10000) * torch.arange(128).double() / 128)
    time = F.silu(linear("t_embedder.mlp.0", torch.cat([angles.cos(), angles.sin()]).float()))
    condition = F.silu(linear("t_embedder.mlp.2", time) + w["y_embedder.embedding_table.weight"][labels])
    kernel, depth = w["x_embedder.proj.weight"], sum(name.endswith("attn.qkv.weight") for name in w)
    patches = F.conv2d(x, kernel, w["x_embedder.proj.bias"], stride=kernel.shape[2:])
    h = patches.flatten(2).transpose(1, 2) + w["pos_embed"]
    for block in (f"blocks.{b}" for b in range(depth) if b not in skipped):
        shift1, scale1, gate1, shift2, scale2, gate2 = modulation(block)
        qkv = linear(f"{block}.attn.qkv", norm(h, shift1, scale1))  # as many heads as the stage has left, perhaps none
        q, k, v = qkv.view(*h.shape[:2], 3, qkv.shape[2] // head_dim // 3, head_dim).permute(2, 0, 3, 1, 4)
        heads = (q @ k.transpose(2, 3) / head_dim**0.5).softmax(dim=3) @ v
        h = h + gate1 * linear(f"{block}.attn.proj", heads.transpose(1, 2).flatten(2))
        hidden = F.gelu(linear(f"{block}.mlp.fc1", norm(h, shift2, scale2)), approximate="tanh")
        h = h + gate2 * linear(f"{block}.mlp.fc2", hidden)
    pixels = linear("final_layer.linear", norm(h, *modulation("final_layer")))
    pixels = pixels.view(len(x), *patches.shape[2:], *kernel.shape[2:], -1)  # [R, row, column, p, p, C or 2 C]
    return torch.einsum("nhwpqc->nchpwq", pixels).reshape(len(x), -1, *x.shape[2:])[:, : x.shape[1]]

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
for flag in ("--model", "--noise", "--out"):
    parser.add_argument(flag, required=True)
args, here = parser.parse_args(), pathlib.Path(__file__).parent
torch.set_grad_enabled(False)
index, dense, given = json.loads((here / "stages.json").read_text()), load(args.model), load(args.noise)
x = given["noise"]
both = torch.cat([given["labels"], torch.full_like(given["labels"], index["nullLabel"])])
scale = 1 + (index["guidance"] - 1) * (torch.arange(x.shape[1]) < index["guidedChannels"]).view(-1, 1, 1)
for stage in index["stages"]:
    w = {**dense, **(load(here / stage["file"]) if stage["file"] else {})}
    for step in stage["steps"]:
        label, null = denoise(w, stage["skipped"], index["headDim"], torch.cat([x, x]), step["told"], both).chunk(2)
        output = null + scale * (label - null)  # classifier-free guidance, on the guided channels only
        x = step["latent"] * x + step["output"] * output  # DDIM, of a flow Euler's step
header = json.dumps({"latents": {"dtype": "F32", "shape": x.shape, "data_offsets": [0, 4 * x.numel()]}}).encode()
pathlib.Path(args.out).write_bytes(len(header).to_bytes(8, "little") + header + x.numpy().tobytes())
