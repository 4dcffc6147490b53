"""Builds the networks that the benchmarks compare: DeiT-T, DeiT-S and DeiT-B with seeded random weights.

For each, under the folder given:
  NAME/model.safetensors, config.json   the weights under timm's names: what Secateur loads
  NAME/plain-BATCH.onnx                 as PyTorch exports it: what a user who exports a network hands to ONNX Runtime
  NAME/fused-BATCH.onnx                 the same, with attention as one node (com.microsoft MultiHeadAttention), as ONNX Runtime's
                                        offline transformer optimiser would leave it; every shape in both is a constant
  NAME/check.safetensors                one input and PyTorch's logits for it: both engines must agree before they are timed

Needs Debian's python3-torch (1.13) with libopenblas0-pthread, and nothing else.
"""

import argparse
import json
import math
import os
import struct
import sys
import warnings

import torch
from torch import nn
from torch.nn import functional as F

NETWORKS = {"deit_tiny_patch16_224": (192, 3), "deit_small_patch16_224": (384, 6), "deit_base_patch16_224": (768, 12)}
DEPTH, PATCH, SIDE, CLASSES, HEAD_DIM = 12, 16, 224, 1000, 64
BATCHES = (1, 8)
PATCHES = (SIDE // PATCH) ** 2
VERSION = 2  # of what this script writes; a folder of another version is made again


class FusedAttention(torch.autograd.Function):
    """Attention over one row of queries, keys and values; one node in ONNX."""

    @staticmethod
    def forward(ctx, q, k, v, heads):
        def split(t):
            return t.reshape(-1, t.shape[1], heads, t.shape[2] // heads).transpose(1, 2)

        attention = (split(q) @ split(k).transpose(-2, -1) / math.sqrt(HEAD_DIM)).softmax(-1)
        return (attention @ split(v)).transpose(1, 2).reshape(q.shape)

    @staticmethod
    def symbolic(g, q, k, v, heads):
        return g.op("com.microsoft::MultiHeadAttention", q, k, v, num_heads_i=heads).setType(q.type())


class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads, self.fused = heads, False
        self.qkv, self.proj = nn.Linear(width, 3 * width), nn.Linear(width, width)

    def forward(self, x):
        tokens, width = x.shape[1], x.shape[2]
        if self.fused:
            return self.proj(FusedAttention.apply(*self.qkv(x).split(width, 2), self.heads))
        q, k, v = self.qkv(x).reshape(-1, tokens, 3, self.heads, HEAD_DIM).permute(2, 0, 3, 1, 4).unbind(0)
        attention = ((q * HEAD_DIM**-0.5) @ k.transpose(-2, -1)).softmax(-1)
        return self.proj((attention @ v).transpose(1, 2).reshape(-1, tokens, width))


class Mlp(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x):
        return self.fc2(F.gelu(self.fc1(x)))


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.norm1, self.attn = nn.LayerNorm(width, eps=1e-6), Attention(width, heads)
        self.norm2, self.mlp = nn.LayerNorm(width, eps=1e-6), Mlp(width)

    def forward(self, x):
        x = x + self.attn(self.norm1(x))
        return x + self.mlp(self.norm2(x))


class PatchEmbed(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.proj = nn.Conv2d(3, width, PATCH, PATCH)

    def forward(self, images):
        return self.proj(images).flatten(2).transpose(1, 2)


class Deit(nn.Module):
    """Module names are timm's, so that the state dict is a timm checkpoint."""

    def __init__(self, width, heads):
        super().__init__()
        self.cls_token = nn.Parameter(torch.zeros(1, 1, width))
        self.pos_embed = nn.Parameter(torch.zeros(1, PATCHES + 1, width))
        self.patch_embed = PatchEmbed(width)
        self.blocks = nn.Sequential(*[Block(width, heads) for _ in range(DEPTH)])
        self.norm = nn.LayerNorm(width, eps=1e-6)
        self.head = nn.Linear(width, CLASSES)

    def forward(self, images):
        x = self.patch_embed(images)
        x = torch.cat([self.cls_token.expand(x.shape[0], -1, -1), x], 1) + self.pos_embed
        return self.head(self.norm(self.blocks(x))[:, 0])


def fill(network, generator):
    """Spreads that keep every part of the network at work: no activation vanishes, no softmax is flat."""
    with torch.no_grad():
        for name, weight in network.named_parameters():
            if "norm" in name:
                weight.normal_(1.0 if name.endswith("weight") else 0.0, 0.1, generator=generator)
            elif weight.ndim >= 2 and "token" not in name and "embed" not in name.split(".")[0]:
                weight.normal_(0.0, 1 / math.sqrt(weight.shape[1]), generator=generator)
            else:
                weight.normal_(0.0, 0.02, generator=generator)


def write_safetensors(path, tensors):
    header, offset = {}, 0
    for name, tensor in tensors.items():
        size = 4 * tensor.numel()
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [offset, offset + size]}
        offset += size
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path + ".part", "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for tensor in tensors.values():
            file.write(tensor.detach().contiguous().numpy().tobytes())
    os.replace(path + ".part", path)


def write_onnx(network, path, fused, image):
    warnings.filterwarnings("ignore", message=".*(shape inference of com.microsoft|_graph_op).*")
    for block in network.blocks:
        block.attn.fused = fused
    torch.onnx.export(
        network, image, path + ".part", opset_version=17, input_names=["images"], output_names=["logits"],
        custom_opsets={"com.microsoft": 1} if fused else None)
    os.replace(path + ".part", path)


def prepare(folder, name):
    width, heads = NETWORKS[name]
    done = os.path.join(folder, name, "version")
    if os.path.exists(done) and open(done).read() == str(VERSION):
        return
    print(f"{name}: weights, ONNX", file=sys.stderr)
    os.makedirs(os.path.join(folder, name), exist_ok=True)
    generator = torch.Generator().manual_seed(20261121)
    network = Deit(width, heads).eval()
    fill(network, generator)
    image = torch.randn(1, 3, SIDE, SIDE, generator=generator)
    with torch.no_grad():
        logits = network(image)

    at = os.path.join(folder, name, "")
    write_safetensors(at + "model.safetensors", network.state_dict())
    write_safetensors(at + "check.safetensors", {"images": image, "logits": logits})
    with open(at + "config.json", "w") as file:
        json.dump({"architecture": name, "num_classes": CLASSES, "num_features": width, "global_pool": "token"}, file)
    for batch in BATCHES:
        write_onnx(network, f"{at}plain-{batch}.onnx", False, image.repeat(batch, 1, 1, 1))
        write_onnx(network, f"{at}fused-{batch}.onnx", True, image.repeat(batch, 1, 1, 1))
    with open(done, "w") as file:
        file.write(str(VERSION))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder")
    parser.add_argument("networks", nargs="*", default=list(NETWORKS), help=", ".join(NETWORKS))
    arguments = parser.parse_args()
    for name in arguments.networks:
        prepare(arguments.folder, name)


if __name__ == "__main__":
    main()
