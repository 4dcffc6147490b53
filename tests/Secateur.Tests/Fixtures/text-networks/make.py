"""Makes the small encoders of texts in this folder and what they answer, in plain PyTorch after the published definitions of each family
(BERT: Devlin et al. 2019; RoBERTa: Liu et al. 2019; DistilBERT: Sanh et al. 2019; pooling: Reimers and Gurevych 2019), with random weights
under Hugging Face's names. Run with PyTorch 1.13: python3 make.py"""
import json
import math
import os
import struct

import numpy
import torch
from torch.nn.functional import gelu, layer_norm, linear, normalize

WIDTH, HEADS, LAYERS, NEURONS, WORDS, POSITIONS = 32, 4, 3, 48, 60, 24


def save(path, tensors):
    header, data = {}, b""
    for name, tensor in tensors.items():
        array = numpy.ascontiguousarray(tensor.numpy())
        kind = {"float32": "F32", "int64": "I64"}[str(array.dtype)]
        header[name] = {"dtype": kind, "shape": list(array.shape), "data_offsets": [len(data), len(data) + array.nbytes]}
        data += array.tobytes()
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


class Weights(dict):
    def matrix(self, name, rows, columns, scale=None):
        self[name + ".weight"] = torch.randn(rows, columns) * (scale or 1.6 / math.sqrt(columns))

    def linear(self, name, rows, columns):
        self.matrix(name, rows, columns)
        self[name + ".bias"] = torch.randn(rows) * 0.3

    def norm(self, name, old=False):
        self[name + (".gamma" if old else ".weight")] = 1 + 0.2 * torch.randn(WIDTH)
        self[name + (".beta" if old else ".bias")] = 0.2 * torch.randn(WIDTH)


def bert_weights(root, types, old=False):
    w = Weights()
    w.matrix(root + "embeddings.word_embeddings", WORDS, WIDTH, 1)
    w.matrix(root + "embeddings.position_embeddings", POSITIONS, WIDTH, 0.5)
    w.matrix(root + "embeddings.token_type_embeddings", types, WIDTH, 0.5)
    w.norm(root + "embeddings.LayerNorm", old)
    for i in range(LAYERS):
        layer = f"{root}encoder.layer.{i}."
        for part in ("query", "key", "value"):
            w.linear(layer + "attention.self." + part, WIDTH, WIDTH)
        w.linear(layer + "attention.output.dense", WIDTH, WIDTH)
        w.norm(layer + "attention.output.LayerNorm", old)
        w.linear(layer + "intermediate.dense", NEURONS, WIDTH)
        w.linear(layer + "output.dense", WIDTH, NEURONS)
        w.norm(layer + "output.LayerNorm", old)
    return w


def distil_weights(root):
    w = Weights()
    w.matrix(root + "embeddings.word_embeddings", WORDS, WIDTH, 1)
    w.matrix(root + "embeddings.position_embeddings", POSITIONS, WIDTH, 0.5)
    w.norm(root + "embeddings.LayerNorm")
    for i in range(LAYERS):
        layer = f"{root}transformer.layer.{i}."
        for part in ("q", "k", "v", "out"):
            w.linear(f"{layer}attention.{part}_lin", WIDTH, WIDTH)
        w.norm(layer + "sa_layer_norm")
        w.linear(layer + "ffn.lin1", NEURONS, WIDTH)
        w.linear(layer + "ffn.lin2", WIDTH, NEURONS)
        w.norm(layer + "output_layer_norm")
    return w


NAMES = {
    "bert": ("encoder.layer.", "attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense",
             "attention.output.LayerNorm", "intermediate.dense", "output.dense", "output.LayerNorm"),
    "distilbert": ("transformer.layer.", "attention.q_lin", "attention.k_lin", "attention.v_lin", "attention.out_lin",
                   "sa_layer_norm", "ffn.lin1", "ffn.lin2", "output_layer_norm"),
}


def encode(w, root, ids, types, mask, first_position, epsilon, activation, names):
    """Padded rows [texts, longest] to tokens [texts, longest, width], as the frameworks do it: scores of padding are minus infinity."""
    def lin(x, name):
        return linear(x, w[name + ".weight"], w[name + ".bias"])

    def norm(x, name):
        return layer_norm(x, (WIDTH,), w[name + (".gamma" if name + ".gamma" in w else ".weight")], w[name + (".beta" if name + ".beta" in w else ".bias")], epsilon)

    texts, longest = ids.shape
    places = first_position + torch.arange(longest).clamp(max=POSITIONS - 1 - first_position)
    x = w[root + "embeddings.word_embeddings.weight"][ids] + w[root + "embeddings.position_embeddings.weight"][places]
    if root + "embeddings.token_type_embeddings.weight" in w:
        x = x + w[root + "embeddings.token_type_embeddings.weight"][types]
    x = norm(x, root + "embeddings.LayerNorm")
    layers, query, key, value, out, norm1, fc1, fc2, norm2 = names
    for i in range(LAYERS):
        layer = f"{root}{layers}{i}."
        q, k, v = (lin(x, layer + n).view(texts, longest, HEADS, -1).transpose(1, 2) for n in (query, key, value))
        scores = q @ k.transpose(-1, -2) / math.sqrt(WIDTH // HEADS)
        scores = scores.masked_fill(mask[:, None, None, :] == 0, float("-inf"))
        a = (scores.softmax(-1) @ v).transpose(1, 2).reshape(texts, longest, WIDTH)
        x = norm(x + lin(a, layer + out), layer + norm1)
        x = norm(x + lin(activation(lin(x, layer + fc1)), layer + fc2), layer + norm2)
    return x * mask[..., None]


def gelu_new(x):
    return 0.5 * x * (1 + torch.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x ** 3)))


def texts(types):
    lengths = [5, 1, 17, 22, 9]
    longest = max(lengths)
    ids = torch.zeros(len(lengths), longest, dtype=torch.long)
    kinds, mask = torch.zeros_like(ids), torch.zeros_like(ids)
    for i, length in enumerate(lengths):
        ids[i, :length] = torch.randint(2, WORDS, (length,))
        mask[i, :length] = 1
        if types > 1:
            kinds[i, length // 2:length] = 1
    return ids, kinds, mask


def dense(w, x, name):
    return linear(x, w[name + ".weight"], w[name + ".bias"])


def case(folder, family, architecture, root, types=2, labels=0, old=False, epsilon=1e-12, act="gelu", more=None, head=None, pooling=None, write=None):
    torch.manual_seed(sum(map(ord, folder)))
    os.makedirs(folder, exist_ok=True)
    distil, roberta = family == "distilbert", family in ("roberta", "xlm-roberta")
    w = distil_weights(root) if distil else bert_weights(root, types, old)
    ids, kinds, mask = texts(types if not distil else 2)
    if head == "bert":
        w.linear(root + "pooler.dense", WIDTH, WIDTH)
        w.linear("classifier", labels, WIDTH)
    elif head == "pooler":
        w.linear(root + "pooler.dense", WIDTH, WIDTH)
    elif head == "roberta":
        w.linear("classifier.dense", WIDTH, WIDTH)
        w.linear("classifier.out_proj", labels, WIDTH)
    elif head == "distil":
        w.linear("pre_classifier", WIDTH, WIDTH)
        w.linear("classifier", labels, WIDTH)
    elif head == "tokens":
        w.linear("classifier", labels, WIDTH)
    first = 2 if roberta else 0
    x = encode(w, root, ids, kinds, mask.float(), first, epsilon, gelu_new if act == "gelu_new" else gelu, NAMES["distilbert" if distil else "bert"])
    if head == "bert":
        logits = dense(w, torch.tanh(dense(w, x[:, 0], root + "pooler.dense")), "classifier")
    elif head == "roberta":
        logits = dense(w, torch.tanh(dense(w, x[:, 0], "classifier.dense")), "classifier.out_proj")
    elif head == "distil":
        logits = dense(w, torch.relu(dense(w, x[:, 0], "pre_classifier")), "classifier")
    elif head == "tokens":
        logits = dense(w, x, "classifier") * mask[..., None]
    elif pooling == "mean":
        logits = normalize(x.sum(1) / mask.sum(1, keepdim=True), dim=1)
    elif pooling == "cls":
        logits = x[:, 0]
    elif head == "pooler":
        logits = torch.tanh(dense(w, x[:, 0], root + "pooler.dense"))
    else:
        logits = x.sum(1) / mask.sum(1, keepdim=True)
    config = {"architectures": [architecture], "model_type": family, "vocab_size": WORDS, "max_position_embeddings": POSITIONS}
    if distil:
        config |= {"dim": WIDTH, "n_layers": LAYERS, "n_heads": HEADS, "hidden_dim": NEURONS, "activation": act, "dropout": 0.1, "seq_classif_dropout": 0.2}
    else:
        config |= {"hidden_size": WIDTH, "num_hidden_layers": LAYERS, "num_attention_heads": HEADS, "intermediate_size": NEURONS, "hidden_act": act,
                   "type_vocab_size": types, "layer_norm_eps": epsilon, "hidden_dropout_prob": 0.1}
    if roberta:
        config |= {"pad_token_id": 1, "bos_token_id": 0, "eos_token_id": 2}
    if labels > 1:
        config["id2label"] = {str(i): f"label {chr(97 + i)}" for i in range(labels)}
    config |= more or {}
    with open(f"{folder}/config.json", "w") as file:
        json.dump(config, file, indent=1)
    for name, content in (write or {}).items():
        os.makedirs(os.path.dirname(f"{folder}/{name}") or ".", exist_ok=True)
        with open(f"{folder}/{name}", "w") as file:
            json.dump(content, file, indent=1)
    if family == "bert" and head == "pooler":
        w["embeddings.position_ids" if not root else root + "embeddings.position_ids"] = torch.arange(POSITIONS)[None]
    save(f"{folder}/model.safetensors", w)
    save(f"{folder}/expected.safetensors", {"input_ids": ids, "token_type_ids": kinds, "attention_mask": mask, "tokens": x, "logits": logits.contiguous()})


def modules(*kinds):
    names = ["", "1_Pooling", "2_Normalize"]
    return [{"idx": i, "name": str(i), "path": names[i], "type": f"sentence_transformers.models.{kind}"} for i, kind in enumerate(kinds)]


def pooling(mode):
    return {"word_embedding_dimension": WIDTH, "pooling_mode_cls_token": mode == "cls", "pooling_mode_mean_tokens": mode == "mean",
            "pooling_mode_max_tokens": False, "pooling_mode_mean_sqrt_len_tokens": False}


if __name__ == "__main__":
    case("bert-regression", "bert", "BertForSequenceClassification", "bert.", labels=1, head="bert", act="gelu_new")
    case("bert-tokens", "bert", "BertForTokenClassification", "bert.", labels=5, head="tokens")
    case("bert-plain-old-names", "bert", "BertModel", "bert.", head="pooler", old=True)
    case("roberta-classifier", "roberta", "RobertaForSequenceClassification", "roberta.", types=1, labels=3, head="roberta", epsilon=1e-5)
    case("roberta-tokens", "xlm-roberta", "XLMRobertaForTokenClassification", "roberta.", types=1, labels=4, head="tokens", epsilon=1e-5)
    case("distilbert-classifier", "distilbert", "DistilBertForSequenceClassification", "distilbert.", labels=2, head="distil")
    case("distilbert-plain", "distilbert", "DistilBertModel", "")
    case("minilm-mean", "bert", "BertModel", "", head="pooler", pooling="mean", write={
        "modules.json": modules("Transformer", "Pooling", "Normalize"), "1_Pooling/config.json": pooling("mean"),
        "sentence_bert_config.json": {"max_seq_length": 22, "do_lower_case": False}})
    case("roberta-cls", "roberta", "RobertaModel", "", types=1, epsilon=1e-5, pooling="cls", write={
        "modules.json": modules("Transformer", "Pooling"), "1_Pooling/config.json": pooling("cls")})
