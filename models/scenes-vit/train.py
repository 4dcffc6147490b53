"""Trains the small ViT that Secateur ships, on drawn scenes, on a CPU (two cores, under two hours).

    train.py SCENES START OUT [MINUTES]

SCENES is a folder of raw files that SceneGenerator's scenes were written to, NAME being train112 and held112:
    NAME.rgb     uint8 [n, 112, 112, 3]
    NAME.labels  uint8 [n]              class of the object
    NAME.mask    uint8 [n, 14, 14]      class of each patch: the object's where it covers a fifth of it, else 12
START holds the weights of a first, short training (train_first.py), OUT receives the new ones.

The recipe, by share of the time spent:
    to 62%   windows of 9 to 12 patches a side that show the object; 80 of their patches, chosen uniformly, are seen
             (as in PatchDropout and MAE: it makes a step cheap)
    to 100%  windows of 9 to 14 patches a side, 14 being whole scenes
From 33% on there is also random erasing and CutMix. Throughout: the 8 turns and flips (no class has a direction),
Muon on the blocks' matrices and AdamW on the rest, one cosine decay, an average of the weights (which is what is saved),
and, until 90%, a fading hint: each patch says which class covers it. The hint's head is not saved.
"""
import json, math, struct, sys, time
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from train_first import BACKGROUND, BLOCKS, CLASSES, PATCH, WIDTH, VisionTransformer, save

SIDE = 14
BATCH, RATE, SMOOTHING, HINT, AVERAGE = 96, 1.5e-3, 0.03, 1.5, 0.998
CUTMIX, ERASING = 0.15, 0.3


class Network(VisionTransformer):
    """The same network for any patches of a scene, given with their places in it."""

    def forward(self, patches, places):                                       # [B, N, 3 * PATCH * PATCH], [B, N]
        projection = self.patch_embed.proj
        x = F.linear(patches, projection.weight.flatten(1), projection.bias) + F.embedding(places, self.pos_embed[0, 1:])
        x = torch.cat([(self.cls_token + self.pos_embed[:, :1]).expand(len(x), -1, -1), x], 1)
        for block in self.blocks:
            x = block(x)
        x = self.norm(x)
        return self.head(x[:, 0]), self.patch_hint(x[:, 1:])


class Muon:
    """Momentum, made orthogonal by Newton-Schulz steps (Jordan et al., 2024), on the blocks' matrices; q, k and v apart."""

    def __init__(self, model):
        self.square = [(b.attn.qkv.weight, b.attn.proj.weight) for b in model.blocks]
        self.wide = [(b.mlp.fc1.weight, b.mlp.fc2.weight) for b in model.blocks]
        self.momentum = [torch.zeros(4 * BLOCKS, WIDTH, WIDTH), torch.zeros(2 * BLOCKS, WIDTH, 4 * WIDTH)]

    def parameters(self):
        return [p for pair in self.square + self.wide for p in pair]

    @torch.no_grad()
    def step(self, rate, decay=0.05, beta=0.95):
        square = torch.stack([g for a, b in self.square for g in (*a.grad.view(3, WIDTH, WIDTH), b.grad)])
        wide = torch.stack([g for a, b in self.wide for g in (a.grad.t(), b.grad)])
        for p in self.parameters():
            p.mul_(1 - rate * decay)
        square, wide = (self.direction(g, m, beta) * rate for g, m in zip((square, wide), self.momentum))
        for i, (a, b) in enumerate(self.square):
            a.sub_(square[4 * i:4 * i + 3].reshape(3 * WIDTH, WIDTH)), b.sub_(square[4 * i + 3])
        for i, (a, b) in enumerate(self.wide):
            a.sub_(wide[2 * i].t()), b.sub_(wide[2 * i + 1])

    @staticmethod
    def direction(gradient, momentum, beta):
        momentum.lerp_(gradient, 1 - beta)
        x = gradient.lerp(momentum, beta)
        x = (x / (x.flatten(1).norm(dim=1)[:, None, None] + 1e-7)).bfloat16()
        for _ in range(5):
            a = x @ x.transpose(1, 2)
            x = 3.4445 * x + (-4.775 * a + 2.0315 * (a @ a)) @ x
        return x.float() * (0.2 * x.shape[2] ** 0.5)


class Scenes:
    def __init__(self, name):
        self.labels = np.fromfile(f"{name}.labels", np.uint8)
        self.rgb = np.memmap(f"{name}.rgb", np.uint8, "r", shape=(len(self.labels), SIDE * PATCH, SIDE * PATCH, 3))
        self.mask = np.fromfile(f"{name}.mask", np.uint8).reshape(-1, SIDE, SIDE)

    def windows(self, index, side, rng):
        """A window of side x side patches of each scene, all turned or flipped alike: pictures, masks, places of the patches."""
        turn, flip, n = int(rng.integers(4)), int(rng.integers(2)), len(index)
        rgb = np.empty((n, side * PATCH, side * PATCH, 3), np.uint8)
        mask, places = np.empty((n, side, side), np.uint8), np.empty((n, side, side), np.int64)
        grid = np.arange(SIDE * SIDE).reshape(SIDE, SIDE)
        grid = np.rot90(np.flip(grid, 0) if flip else grid, -turn)            # where each patch lands
        for i, scene in enumerate(index):
            seen = self.mask[scene] != BACKGROUND
            y, x = (place_window(np.flatnonzero(seen.any(axis)), side, rng) for axis in (1, 0))
            rgb[i] = self.rgb[scene, y * PATCH:(y + side) * PATCH, x * PATCH:(x + side) * PATCH]
            mask[i], places[i] = self.mask[scene, y:y + side, x:x + side], grid[y:y + side, x:x + side]
        turned = (np.rot90(a, turn, (1, 2)) for a in (rgb, mask, places))
        return tuple(np.ascontiguousarray(np.flip(a, 1) if flip else a) for a in turned)


def place_window(seen, side, rng):
    """The start of a window that shows as much as can be of the rows, or columns, that the object covers."""
    first, last = (seen[0], seen[-1]) if len(seen) else (SIDE // 2 - 1, SIDE // 2)
    low, high = max(0, last + 1 - side), min(first, SIDE - side)
    if low > high:
        low = high = min(max((first + last + 1 - side) // 2, 0), SIDE - side)
    return int(rng.integers(low, high + 1))


def cutmix(rgb, mask, target, rng):
    """Pastes a rectangle of patches of another scene; labels weigh by how much is seen of each object, squared."""
    side, sources, masks, targets = mask.shape[1], rgb.copy(), mask.copy(), target.copy()
    area = lambda m: (m != BACKGROUND).sum()
    for i in np.flatnonzero(rng.random(len(rgb)) < CUTMIX):
        h, w = rng.integers(side // 4, side * 2 // 3 + 1, 2)
        y, x = rng.integers(0, side - h + 1), rng.integers(0, side - w + 1)
        at, pixels = np.s_[y:y + h, x:x + w], np.s_[y * PATCH:(y + h) * PATCH, x * PATCH:(x + w) * PATCH]
        rgb[i][pixels], mask[i][at] = sources[i - 1][pixels], masks[i - 1][at]
        kept = (1 - area(masks[i][at]) / (area(masks[i]) + 1e-6)) ** 2
        pasted = (area(masks[i - 1][at]) / (area(masks[i - 1]) + 1e-6)) ** 2
        if kept + pasted > 0.05:
            target[i] = (kept * targets[i] + pasted * targets[i - 1]) / (kept + pasted)


def erase(rgb, mask, rng):
    """Covers random rectangles, small and large, with one colour or with noise; most often none, at most four."""
    side = mask.shape[1]
    for i in range(len(rgb)):
        for _ in range(4):
            if rng.random() > ERASING:
                break
            h, w = rng.integers(PATCH, side * 3, 2)
            y, x = rng.integers(0, side * PATCH - h), rng.integers(0, side * PATCH - w)
            rgb[i, y:y + h, x:x + w] = rng.integers(0, 256, (h, w, 3)) if rng.random() < 0.3 else rng.integers(0, 256, 3)
            mask[i, (y + 5) // PATCH:(y + h + 2) // PATCH, (x + 5) // PATCH:(x + w + 2) // PATCH] = BACKGROUND


def patchify(rgb):
    """uint8 [B, S * PATCH, S * PATCH, 3] to float [B, S * S, 3 * PATCH * PATCH], channels first."""
    b, side = len(rgb), rgb.shape[1] // PATCH
    patches = torch.from_numpy(np.array(rgb)).reshape(b, side, PATCH, side, PATCH, 3).permute(0, 1, 3, 5, 2, 4)
    return patches.reshape(b, side * side, -1).float().div_(127.5).sub_(1)


def batch(scenes, index, spent, rng):
    side = int(rng.integers(9, 13 if spent < 0.62 else SIDE + 1))
    rgb, mask, places = scenes.windows(index, side, rng)
    target = np.eye(CLASSES, dtype=np.float32)[scenes.labels[index]]
    if spent > 0.33:
        cutmix(rgb, mask, target, rng)
        erase(rgb, mask, rng)
    patches, places, mask = patchify(rgb), torch.from_numpy(places).flatten(1), torch.from_numpy(mask.astype(np.int64)).flatten(1)
    if spent < 0.62:
        kept = torch.rand(len(index), side * side).argsort(1)[:, :80]
        patches = patches.gather(1, kept[..., None].expand(-1, -1, patches.shape[2]))
        places, mask = places.gather(1, kept), mask.gather(1, kept)
    return patches, places, mask, torch.from_numpy(target) * (1 - SMOOTHING) + SMOOTHING / CLASSES


def train(model, scenes, held_out, minutes):
    muon = Muon(model)
    rest = [p for p in model.parameters() if not any(p is q for q in muon.parameters())]
    adam = torch.optim.AdamW([{"params": [p for p in rest if p.ndim > 1], "weight_decay": 0.02},
                              {"params": [p for p in rest if p.ndim <= 1], "weight_decay": 0}], betas=(0.9, 0.98))
    average = {k: v.detach().clone() for k, v in model.state_dict().items()}
    rng, start, step, order = np.random.default_rng(1), time.time(), 0, []
    while (spent := (time.time() - start) / 60 / minutes) < 1:
        if len(order) < BATCH:
            order = rng.permutation(len(scenes.labels))
        index, order = np.sort(order[:BATCH]), order[BATCH:]
        rate = RATE * min(1, (step + 1) / 100) * (0.005 + 0.995 * 0.5 * (1 + math.cos(math.pi * spent)))
        for group in adam.param_groups:
            group["lr"] = rate
        patches, places, mask, target = batch(scenes, index, spent, rng)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            answer, hint = model(patches, places)
        loss = F.cross_entropy(answer.float(), target)
        loss = loss + HINT * max(0, 1 - spent / 0.9) * F.cross_entropy(hint.float().flatten(0, 1), mask.flatten())
        model.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(rest, 1.0)
        adam.step()
        muon.step(rate)
        step += 1
        with torch.no_grad():
            for name, value in model.state_dict().items():
                average[name].lerp_(value, 1 - min(AVERAGE, (step + 1) / (step + 20)))
        if step % 1000 == 0:
            print(f"step {step}, {spent:.0%}, held-out accuracy {accuracy(model, held_out):.4f}", flush=True)
    model.load_state_dict(average)


@torch.no_grad()
def accuracy(model, scenes):
    places, right = torch.arange(SIDE * SIDE)[None], 0
    for i in range(0, len(scenes.labels), 100):
        patches = patchify(scenes.rgb[i:i + 100])
        answer = model(patches, places.expand(len(patches), -1))[0].argmax(1)
        right += (answer == torch.from_numpy(scenes.labels[i:i + 100].astype(np.int64))).sum().item()
    return right / len(scenes.labels)


def load(path):
    with open(path, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        data = np.frombuffer(file.read(), np.float32).copy()
    tensors = {name: value for name, value in header.items() if name != "__metadata__"}
    return {k: torch.from_numpy(data[v["data_offsets"][0] // 4:v["data_offsets"][1] // 4]).reshape(v["shape"]) for k, v in tensors.items()}


if __name__ == "__main__":
    torch.manual_seed(0)
    folder, first, out, minutes = sys.argv[1], sys.argv[2], sys.argv[3], float(sys.argv[4]) if len(sys.argv) > 4 else 110
    network, unseen = Network(SIDE * PATCH), Scenes(f"{folder}/held112")
    network.load_state_dict(load(first), strict=False)
    train(network, Scenes(f"{folder}/train112"), unseen, minutes)
    print(f"held-out accuracy: {accuracy(network, unseen):.4f}")
    save(network, out)
