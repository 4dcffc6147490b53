"""Small networks as PyTorch's exporter writes them, with their answers. Needs torch (1.13 was used) and nothing else.

Each is written in the style of a library (timm, transformers, torchvision): what counts is the graph that comes out, so weights are random and small.
Usage: python3 make.py
"""
import json
import math
import os
import struct

import torch
import torch.nn as nn
import torch.nn.functional as F

HERE = os.path.dirname(os.path.abspath(__file__))
C, H, L, IMG, P, CLASSES = 16, 2, 2, 24, 8, 5
VOCABULARY, LONGEST = 40, 24


def save(name, tensors):
    """A safetensors file."""
    header, data = {}, b""
    for key, value in tensors.items():
        value = value.detach().contiguous()
        raw = value.numpy().tobytes()
        kind = {torch.float32: "F32", torch.int64: "I64"}[value.dtype]
        header[key] = {"dtype": kind, "shape": list(value.shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(os.path.join(HERE, name), "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


class QuickGelu(nn.Module):
    def forward(self, x):
        return x * torch.sigmoid(1.702 * x)


class NewGelu(nn.Module):
    """transformers' gelu_new."""

    def forward(self, x):
        return 0.5 * x * (1.0 + torch.tanh(math.sqrt(2.0 / math.pi) * (x + 0.044715 * torch.pow(x, 3.0))))


class FusedAttention(nn.Module):
    """timm's: one product for queries, keys and values."""

    def __init__(self, bias=True, after=False):
        super().__init__()
        self.qkv, self.proj, self.after = nn.Linear(C, 3 * C, bias=bias), nn.Linear(C, C), after

    def forward(self, x):
        b, n, c = x.shape
        q, k, v = self.qkv(x).reshape(b, n, 3, H, c // H).permute(2, 0, 3, 1, 4).unbind(0)
        scale = (c // H) ** -0.5
        a = (q @ k.transpose(-2, -1)) * scale if self.after else (q * scale) @ k.transpose(-2, -1)
        return self.proj((a.softmax(-1) @ v).transpose(1, 2).reshape(b, n, c))


class SplitAttention(nn.Module):
    """transformers': three products; the scale divides what comes out; a mask may be added."""

    def __init__(self, replaced=False):
        super().__init__()
        self.query, self.key, self.value, self.dense = (nn.Linear(C, C) for _ in range(4))
        self.replaced = replaced

    def heads(self, x):
        return x.view(x.size()[:-1] + (H, C // H)).permute(0, 2, 1, 3)

    def forward(self, x, mask=None):
        scores = torch.matmul(self.heads(self.query(x)), self.heads(self.key(x)).transpose(-1, -2)) / math.sqrt(C // H)
        if mask is not None and self.replaced:
            scores = scores.masked_fill((mask == 0).view(mask.shape[0], 1, 1, mask.shape[1]).expand_as(scores), torch.finfo(scores.dtype).min)
        elif mask is not None:
            scores = scores + mask
        context = torch.matmul(nn.functional.softmax(scores, dim=-1), self.heads(self.value(x))).permute(0, 2, 1, 3).contiguous()
        return self.dense(context.view(context.size()[:-2] + (C,)))


class ScaledAttention(FusedAttention):
    """As scaled_dot_product_attention is exported: queries and keys are both multiplied by the root of the scale, which is worked out in the graph."""

    def forward(self, x):
        b, n, c = x.shape
        q, k, v = self.qkv(x).reshape(b, n, 3, H, c // H).permute(2, 0, 3, 1, 4).unbind(0)
        root = torch.sqrt(1.0 / torch.sqrt(torch.tensor(q.shape[-1], dtype=torch.float32) if not torch.onnx.is_in_onnx_export() else torch._shape_as_tensor(q)[-1].to(torch.float32)))
        a = (q * root) @ (k.transpose(-2, -1) * root)
        return self.proj((a.softmax(-1) @ v).transpose(1, 2).reshape(b, n, c))


class TorchAttention(nn.Module):
    """torchvision's: nn.MultiheadAttention, sequences first inside."""

    def __init__(self):
        super().__init__()
        self.inner = nn.MultiheadAttention(C, H, batch_first=True)

    def forward(self, x):
        # The module itself would take a shortcut that has no operators of ONNX.
        m, x = self.inner, x.transpose(0, 1)
        return F.multi_head_attention_forward(x, x, x, C, H, m.in_proj_weight, m.in_proj_bias, None, None, False, 0.0, m.out_proj.weight, m.out_proj.bias, training=False)[0].transpose(0, 1)


class Mlp(nn.Module):
    def __init__(self, act, neurons=3 * C):
        super().__init__()
        self.fc1, self.act, self.fc2 = nn.Linear(C, neurons), act, nn.Linear(neurons, C)

    def forward(self, x):
        return self.fc2(self.act(self.fc1(x)))


class SwiGlu(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(C, 4 * C), nn.Linear(2 * C, C)

    def forward(self, x):
        gate, value = self.fc1(x).chunk(2, dim=-1)
        return self.fc2(F.silu(gate) * value)


class Block(nn.Module):
    def __init__(self, attention, mlp, eps, scaled=False):
        super().__init__()
        self.norm1, self.attn, self.norm2, self.mlp = nn.LayerNorm(C, eps=eps), attention, nn.LayerNorm(C, eps=eps), mlp
        if scaled:
            self.gamma1, self.gamma2 = nn.Parameter(torch.randn(C)), nn.Parameter(torch.randn(C))
        self.scaled = scaled

    def forward(self, x):
        a = self.attn(self.norm1(x))
        x = x + (a * self.gamma1 if self.scaled else a)
        m = self.mlp(self.norm2(x))
        return x + (m * self.gamma2 if self.scaled else m)


class Vit(nn.Module):
    """The vision transformers; what differs is asked for."""

    def __init__(self, attention=FusedAttention, act=nn.GELU, mlp=None, eps=1e-6, prefix=1, pool="token", scaled=False, registers=0, norm_pre=False, head=True, distilled=False,
                 positions="all", patch_bias=True):
        super().__init__()
        grid = (IMG // P) ** 2
        self.patch = nn.Conv2d(3, C, P, P, bias=patch_bias)
        self.prefix = nn.ParameterList([nn.Parameter(torch.randn(1, 1, C)) for _ in range(prefix)])
        self.registers = nn.Parameter(torch.randn(1, registers, C)) if registers else None
        self.positions = positions
        if positions == "looked up":
            self.table = nn.Embedding(grid + prefix, C)
            self.register_buffer("ids", torch.arange(grid + prefix).expand((1, -1)))
        else:
            self.pos = nn.Parameter(torch.randn(1, grid + (prefix if positions == "all" else 0), C))
        self.norm_pre = nn.LayerNorm(C, eps=eps) if norm_pre else None
        self.blocks = nn.ModuleList([Block(attention(), mlp() if mlp else Mlp(act()), eps, scaled) for _ in range(L)])
        self.pool, self.norm = pool, nn.LayerNorm(C, eps=eps)
        self.head = nn.Linear(C * (2 if pool == "both" else 1), CLASSES) if head else None
        self.head_dist = nn.Linear(C, CLASSES) if distilled else None

    def forward(self, pixels):
        x = self.patch(pixels).flatten(2).transpose(1, 2)
        if self.positions == "patches":
            x = x + self.pos
        x = torch.cat([token.expand(x.shape[0], -1, -1) for token in self.prefix] + [x], dim=1) if len(self.prefix) else x
        if self.positions == "all":
            x = x + self.pos
        elif self.positions == "looked up":
            x = x + self.table(self.ids)
        if self.registers is not None:
            x = torch.cat([x[:, :1], self.registers.expand(x.shape[0], -1, -1), x[:, 1:]], dim=1)
        if self.norm_pre is not None:
            x = self.norm_pre(x)
        for block in self.blocks:
            x = block(x)
        skip = len(self.prefix) + (self.registers.shape[1] if self.registers is not None else 0)
        if self.head_dist is not None:
            x = self.norm(x)
            return (self.head(x[:, 0]) + self.head_dist(x[:, 1])) / 2
        if self.pool == "token":
            x = self.norm(x)[:, 0]
        elif self.pool == "late":
            x = self.norm(x[:, 0, :])
        elif self.pool == "mean":
            x = self.norm(x[:, skip:].mean(dim=1))
        elif self.pool == "both":
            x = self.norm(x)
            x = torch.cat([x[:, 0], x[:, skip:].mean(dim=1)], dim=1)
        return self.head(x) if self.head is not None else x


class PostBlock(nn.Module):
    def __init__(self, eps, act, replaced=False):
        super().__init__()
        self.attention, self.norm1, self.mlp, self.norm2 = SplitAttention(replaced), nn.LayerNorm(C, eps=eps), Mlp(act), nn.LayerNorm(C, eps=eps)

    def forward(self, x, mask):
        x = self.norm1(self.attention(x, mask) + x)
        return self.norm2(self.mlp(x) + x)


class Bert(nn.Module):
    """BERT, RoBERTa and DistilBERT; what differs is asked for."""

    def __init__(self, family="bert", task="classes", act=nn.GELU):
        super().__init__()
        eps = 1e-5 if family == "roberta" else 1e-12
        self.family, self.task = family, task
        self.words, self.positions = nn.Embedding(VOCABULARY, C), nn.Embedding(LONGEST + (2 if family == "roberta" else 0), C)
        self.types = nn.Embedding(2, C) if family == "bert" else nn.Embedding(1, C) if family == "roberta" else None
        self.register_buffer("ids", torch.arange(LONGEST).expand((1, -1)))
        self.register_buffer("zeros", torch.zeros((1, LONGEST), dtype=torch.long))
        self.norm = nn.LayerNorm(C, eps=eps)
        self.blocks = nn.ModuleList([PostBlock(eps, act(), family == "distilbert") for _ in range(L)])
        self.dense = nn.Linear(C, C) if task in ("classes", "pooler") else None
        self.head = nn.Linear(C, CLASSES) if task in ("classes", "tokens") else None

    def forward(self, input_ids, attention_mask, token_type_ids=None):
        x = self.words(input_ids)
        if self.family == "roberta":
            real = input_ids.ne(1).int()
            places = (torch.cumsum(real, dim=1).type_as(real) * real).long() + 1
            types = self.zeros[:, :input_ids.shape[1]].expand(input_ids.shape[0], input_ids.shape[1])
            x = x + self.types(types) + self.positions(places)
        else:
            if self.types is not None:
                x = x + self.types(token_type_ids)
            x = x + self.positions(self.ids[:, :input_ids.shape[1]])
        x = self.norm(x)
        mask = attention_mask
        if self.family != "distilbert":
            mask = (1.0 - attention_mask[:, None, None, :].to(torch.float32)) * torch.finfo(torch.float32).min
        for block in self.blocks:
            x = block(x, mask)
        if self.task == "tokens":
            return self.head(x)
        if self.task == "mean":
            weights = attention_mask.unsqueeze(-1).expand(x.size()).float()
            x = torch.sum(x * weights, 1) / torch.clamp(weights.sum(1), min=1e-9)
            return F.normalize(x, p=2, dim=1)
        x = self.dense(x[:, 0])
        x = F.relu(x) if self.family == "distilbert" else torch.tanh(x)
        return self.head(x) if self.head is not None else x


def weigh(network):
    for name, value in network.named_parameters():
        value.data = torch.randn_like(value) * (0.5 if value.dim() > 1 else 0.3)
        if "norm" in name and name.endswith("weight"):
            value.data += 1
    return network.eval()


def pictures(name, opset, network, dynamic=True, sides=False, fold=True):
    torch.manual_seed(sum(map(ord, name)))
    network = weigh(network)
    images = torch.randn(2, 3, IMG, IMG)
    axes = {0: "batch"} if not sides else {0: "batch_size", 1: "num_channels", 2: "height", 3: "width"}
    given = images if dynamic else images[:1]
    with torch.no_grad():
        torch.onnx.export(network, (given,), os.path.join(HERE, name + ".onnx"), opset_version=opset, input_names=["pixel_values"], output_names=["logits"],
                          dynamic_axes={"pixel_values": axes, "logits": {0: "batch"}} if dynamic else None, do_constant_folding=fold)
        save(name + ".safetensors", {"input": given, "logits": network(given)})


def texts(name, opset, network, dynamic=True):
    torch.manual_seed(sum(map(ord, name)))
    network = weigh(network)
    ids = torch.randint(8, VOCABULARY, (2, 7))
    mask = torch.tensor([[1] * 7, [1] * 5 + [0] * 2])
    ids[1, 5:] = 1
    types = torch.tensor([[0, 0, 0, 1, 1, 1, 1], [0, 0, 1, 1, 1, 0, 0]])
    given = (ids, mask, types) if network.family == "bert" else (ids, mask)
    names = ["input_ids", "attention_mask", "token_type_ids"][:len(given)]
    axes = {name: {0: "batch", 1: "sequence"} for name in names}
    with torch.no_grad():
        torch.onnx.export(network, given, os.path.join(HERE, name + ".onnx"), opset_version=opset, input_names=names, output_names=["logits"],
                          dynamic_axes={**axes, "logits": {0: "batch"}} if dynamic else None)
        save(name + ".safetensors", {"input_ids": ids, "attention_mask": mask, "token_type_ids": types, "logits": network(*given)})


pictures("split-tanh-13", 13, Vit(SplitAttention, NewGelu, eps=1e-12), sides=True)
pictures("mean-scaled-16", 16, Vit(lambda: FusedAttention(after=True), pool="mean", scaled=True))
pictures("distilled-11", 11, Vit(prefix=2, distilled=True), dynamic=False)
pictures("torchvision-14", 14, Vit(TorchAttention, pool="late"))
pictures("sdpa-14", 14, Vit(ScaledAttention, eps=1e-5))
pictures("clip-17", 17, Vit(SplitAttention, QuickGelu, eps=1e-5, norm_pre=True, pool="late", positions="looked up", patch_bias=False))
pictures("registers-swiglu-15", 15, Vit(lambda: FusedAttention(bias=False), mlp=SwiGlu, registers=3, pool="both", scaled=True))
pictures("no-class-token-12", 12, Vit(prefix=0, pool="mean", positions="patches"))
pictures("headless-unfolded-17", 17, Vit(head=False, positions="patches"), fold=False)
texts("bert-11", 11, Bert())
texts("bert-static-13", 13, Bert(act=NewGelu), dynamic=False)
texts("bert-tokens-16", 16, Bert(task="tokens"))
texts("roberta-14", 14, Bert("roberta"))
texts("distilbert-17", 17, Bert("distilbert"))
texts("sentences-14", 14, Bert(task="mean"))
texts("pooler-15", 15, Bert(task="pooler"))
