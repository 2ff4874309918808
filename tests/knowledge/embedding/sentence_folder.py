"""The shipped weights as a folder that sentence-transformers loads: a second reading of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from knowledge.embedding.weight_file import BLOCK, WeightFile, unpack_blocks

LAYER_NAMES = {
    "q": "attention.self.query", "k": "attention.self.key", "v": "attention.self.value",
    "ao": "attention.output.dense", "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense", "fo": "output.dense", "oln": "output.LayerNorm",
}  # fmt: skip
EMBEDDING_NAMES = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight", "emb.ln.b": "embeddings.LayerNorm.bias",
}  # fmt: skip


def write_sentence_folder(file: WeightFile, folder: Path) -> Path:
    """Write model and tokenizer; the characters are normalised by NFKC, not by the file's map."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer import modules as parts
    from transformers import BertConfig, BertModel

    config = BertConfig(
        vocab_size=250037, hidden_size=384, num_hidden_layers=file.layers,
        num_attention_heads=file.heads, intermediate_size=1536,
        max_position_embeddings=file.max_tokens, layer_norm_eps=file.epsilon,
    )  # fmt: skip
    model = BertModel(config, add_pooling_layer=False)
    model.load_state_dict(_read_state(file, dict(model.state_dict())))
    model.save_pretrained(folder / "bert")
    _make_tokenizer(file).save_pretrained(folder / "bert")
    bert = parts.Transformer(str(folder / "bert"), max_seq_length=file.max_tokens)
    modules = [bert, parts.Pooling(384, "mean"), parts.Normalize()]
    path = folder / "e5"
    SentenceTransformer(modules=modules, device="cpu").save(str(path))
    return path


def _read_state(file: WeightFile, expected: dict[str, Any]) -> dict[str, Any]:
    import torch

    state = dict(expected)
    for name, tensor in file.tensors.items():
        weights = unpack_blocks(tensor) if tensor.dtype == BLOCK else np.array(tensor)
        key = EMBEDDING_NAMES.get(name)
        if key is None:
            layer, part, kind = name.split(".")
            suffix = "weight" if kind == "w" else "bias"
            key = f"encoder.layer.{layer[1:]}.{LAYER_NAMES[part]}.{suffix}"
        state[key] = torch.from_numpy(weights.reshape(expected[key].shape))
    return state


def _make_tokenizer(file: WeightFile) -> Any:
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    pieces = [piece.decode() for piece in file.pieces]
    tokenizer = Tokenizer(
        models.Unigram(list(zip(pieces, file.scores.tolist(), strict=True)), file.unknown_piece)
    )
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFKC(), normalizers.Replace(Regex(r"\s+"), " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always", split=False)
    start, end = pieces[file.start_piece], pieces[file.end_piece]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{start} $A {end}",
        special_tokens=[(start, file.start_piece), (end, file.end_piece)],
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token=start, eos_token=end, pad_token="<pad>",
        unk_token=pieces[file.unknown_piece], model_max_length=file.max_tokens,
    )  # fmt: skip
