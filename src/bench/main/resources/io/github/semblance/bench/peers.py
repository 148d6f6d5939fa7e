"""Embeds texts for PythonContender, as a careful user of a library would.

Arguments: onnxruntime MODEL.onnx TOKENIZER.json LIMIT, or sentence-transformers MODEL.
Writes one line, "ready VERSIONS" or "missing REASON". Then reads requests until the input ends: four
bytes of length and that much JSON, an array of texts. Answers each with rows and columns, four bytes
each, and the vectors' floats. Everything is big-endian.
"""

import json
import os
import struct
import sys

BATCH = 32


def onnxruntime(model, tokenizer, limit):
    import numpy
    import onnxruntime
    import tokenizers

    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    pieces = tokenizers.Tokenizer.from_file(tokenizer)
    pieces.enable_truncation(int(limit))
    pieces.enable_padding()

    def embed(texts):
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        vectors = [None] * len(texts)
        for start in range(0, len(order), BATCH):
            places = order[start : start + BATCH]
            batch = pieces.encode_batch([texts[i] for i in places])
            mask = numpy.array([text.attention_mask for text in batch], dtype=numpy.int64)
            ids = numpy.array([text.ids for text in batch], dtype=numpy.int64)
            inputs = {"input_ids": ids, "attention_mask": mask, "token_type_ids": 0 * ids}
            states = session.run(None, inputs)[0] * mask[:, :, None]
            pooled = states.sum(axis=1)
            pooled /= numpy.linalg.norm(pooled, axis=1, keepdims=True)
            for place, vector in zip(places, pooled):
                vectors[place] = vector
        return numpy.stack(vectors)

    return embed, "onnxruntime " + onnxruntime.__version__


def sentence_transformers(model):
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    import sentence_transformers
    import torch

    transformer = sentence_transformers.SentenceTransformer(model, device="cpu")

    def embed(texts):
        return transformer.encode(texts, batch_size=BATCH, normalize_embeddings=True)

    versions = "sentence-transformers %s on torch %s"
    return embed, versions % (sentence_transformers.__version__, torch.__version__)


def main(kind, *arguments):
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # libraries may print
    try:
        load = onnxruntime if kind == "onnxruntime" else sentence_transformers
        embed, versions = load(*arguments)
    except Exception as e:  # whatever a library finds missing
        answers.write(("missing %s\n" % str(e).split("\n")[0]).encode())
        return
    answers.write(("ready %s\n" % versions).encode())
    answers.flush()
    while len(head := sys.stdin.buffer.read(4)) == 4:
        texts = json.loads(sys.stdin.buffer.read(struct.unpack(">i", head)[0]))
        vectors = embed(texts)
        answers.write(struct.pack(">ii", *vectors.shape))
        answers.write(vectors.astype(">f4").tobytes())
        answers.flush()


main(*sys.argv[1:])
