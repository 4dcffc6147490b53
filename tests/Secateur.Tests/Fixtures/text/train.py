"""Trains the two small vocabularies beside this file on the project's own documents: byte-level pairs (GPT-2's way of cutting words, in ASCII, which is
all that the documents need) and cased word pieces. Run from the root of the repository: python3 tests/Secateur.Tests/Fixtures/text/train.py"""
import collections, glob, json, os, re

here = os.path.dirname(__file__)
text = "\n".join(open(path, encoding="utf-8").read() for path in ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"] + sorted(glob.glob("docs/*.md")))[:150_000]


def train(words, merges, join):
    """Byte-pair encoding as in Sennrich et al., 2016, algorithm 1."""
    words, learnt = dict(words), []
    for _ in range(merges):
        pairs = collections.Counter()
        for word, count in words.items():
            for pair in zip(word, word[1:]):
                pairs[pair] += count
        best = max(pairs, key=lambda pair: (pairs[pair], pair))
        learnt.append(best)
        made, again = join(*best), {}
        for word, count in words.items():
            out, i = [], 0
            while i < len(word):
                if i + 1 < len(word) and (word[i], word[i + 1]) == best:
                    out.append(made)
                    i += 2
                else:
                    out.append(word[i])
                    i += 1
            again[tuple(out)] = again.get(tuple(out), 0) + count
        words = again
    return learnt


def write(name, value):
    with open(os.path.join(here, name), "w", encoding="utf-8", newline="\n") as file:
        json.dump(value, file, ensure_ascii=False, indent=0)
        file.write("\n")


visible = [*range(33, 127), *range(161, 173), *range(174, 256)]
hidden = [b for b in range(256) if b not in visible]
letter = {b: chr(b) for b in visible} | {b: chr(256 + i) for i, b in enumerate(hidden)}
split = re.compile(r"'s|'t|'re|'ve|'m|'ll|'d| ?[A-Za-z]+| ?[0-9]+| ?[^\sA-Za-z0-9]+|\s+(?!\S)|\s+")
counts = collections.Counter(tuple(letter[b] for b in word.encode()) for word in split.findall(text))
merges = train(counts, 700, lambda a, b: a + b)
pieces = ["<s>", "<pad>", "</s>", "<unk>", *[letter[b] for b in sorted(letter)], *["".join(pair) for pair in merges], "<mask>"]
vocabulary = {piece: i for i, piece in enumerate(dict.fromkeys(pieces))}
write("byte-level/vocab.json", vocabulary)
with open(os.path.join(here, "byte-level/merges.txt"), "w", encoding="utf-8", newline="\n") as file:
    file.write("#version: 0.2\n" + "".join(f"{a} {b}\n" for a, b in merges))
special = lambda piece, left=False: {"id": vocabulary[piece], "content": piece, "single_word": False, "lstrip": left, "rstrip": False, "normalized": False, "special": True}
write("byte-level/tokenizer.json", {
    "version": "1.0", "truncation": None, "padding": None,
    "added_tokens": [*[special(piece) for piece in ["<s>", "<pad>", "</s>", "<unk>"]], special("<mask>", True)],
    "normalizer": None, "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True},
    "post_processor": {"type": "RobertaProcessing", "sep": ["</s>", vocabulary["</s>"]], "cls": ["<s>", vocabulary["<s>"]], "trim_offsets": True, "add_prefix_space": False},
    "decoder": {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True},
    "model": {"type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": "", "end_of_word_suffix": "", "fuse_unk": False, "byte_fallback": False,
              "vocab": vocabulary, "merges": [f"{a} {b}" for a, b in merges]}})

words = collections.Counter(re.findall(r"[A-Za-z]+|[0-9]+", text))
counts = collections.Counter({tuple([word[0], *["##" + c for c in word[1:]]]): count for word, count in words.items()})
learnt = train(counts, 700, lambda a, b: a + b[2:])
others = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyzÀÉÈèéêëñöøüßçäåÅŞİıΣσςάαΑЖжйи中文字한글ガカか。、《》—…“”’"
pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *others, *["##" + c for c in others if c.isalnum()], "i", "##\u0307", "\u1112", "##\u1161", "##\u11ab", *[a + b[2:] for a, b in learnt]]
with open(os.path.join(here, "cased-vocab.txt"), "w", encoding="utf-8", newline="\n") as file:
    file.write("".join(piece + "\n" for piece in dict.fromkeys(pieces)))
