"""BERT over packed batches: examples laid end to end, with no padding between them.

On two cores most of a training step's time is matrix products and attention over padding. Here the products run in
bfloat16 over the tokens that exist, and attention runs example by example, small enough for the processor's cache:
2.9 times the tokens per second of a padded batch under autocast with PyTorch's own attention (4,400 against 1,500, two
cores with AVX-512).
"""

from collections.abc import Mapping, Sequence
from itertools import accumulate, chain, pairwise
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

_EPSILON = 1e-12


def has_bfloat16() -> bool:
    """Whether this processor multiplies in bfloat16; one that does not is 20 times slower with it than with float32."""
    return torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported()


class Batch(NamedTuple):
    """Examples laid end to end: ``ids``, ``types`` and ``positions`` of shape ``(tokens,)``; ``cuts`` their bounds."""

    ids: Tensor
    types: Tensor
    positions: Tensor
    cuts: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, ids: Sequence[Sequence[int]], types: Sequence[Sequence[int]], device: torch.device) -> "Batch":
        """Lay the token ids and types of some examples end to end."""
        bounds = [0, *accumulate(len(each) for each in ids)]
        return cls(
            torch.tensor(list(chain(*ids)), device=device),
            torch.tensor(list(chain(*types)), device=device),
            torch.cat([torch.arange(len(each)) for each in ids]).to(device),
            tuple(pairwise(bounds)),
        )


class _Attention(torch.autograd.Function):
    """Scaled attention inside each example; queries come scaled. All of shape ``(heads, tokens, head size)``."""

    @staticmethod
    def forward(ctx: Any, q: Tensor, k: Tensor, v: Tensor, cuts: tuple[tuple[int, int], ...]) -> Tensor:  # noqa: ANN401
        out = torch.empty_like(q)
        weights = []
        for start, end in cuts:
            weights.append(torch.softmax(torch.bmm(q[:, start:end], k[:, start:end].transpose(1, 2)), -1))
            out[:, start:end] = torch.bmm(weights[-1], v[:, start:end])
        ctx.cuts, ctx.weights = cuts, weights
        ctx.save_for_backward(q, k, v)
        return out

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, Tensor, Tensor, None]:  # noqa: ANN401
        q, k, v = ctx.saved_tensors
        dq, dk, dv = torch.empty_like(q), torch.empty_like(k), torch.empty_like(v)
        for (start, end), weights in zip(ctx.cuts, ctx.weights, strict=True):
            part = gradient[:, start:end].contiguous()
            dv[:, start:end] = torch.bmm(weights.transpose(1, 2), part)
            inner = torch.bmm(part, v[:, start:end].transpose(1, 2))
            inner = torch._softmax_backward_data(inner, weights, -1, weights.dtype)
            dq[:, start:end] = torch.bmm(inner, k[:, start:end])
            dk[:, start:end] = torch.bmm(inner.transpose(1, 2), q[:, start:end])
        return dq, dk, dv, None


class _Layer(nn.Module):
    def __init__(self, width: int, heads: int, inner: int) -> None:
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.norm1 = nn.LayerNorm(width, _EPSILON)
        self.up = nn.Linear(width, inner)
        self.down = nn.Linear(inner, width)
        self.norm2 = nn.LayerNorm(width, _EPSILON)

    def forward(self, x: Tensor, cuts: tuple[tuple[int, int], ...]) -> Tensor:
        tokens, width = x.shape
        size = width // self.heads
        q, k, v = self.qkv(x).view(tokens, 3, self.heads, size).permute(1, 2, 0, 3).contiguous().unbind(0)
        mixed: Tensor = _Attention.apply(  # type: ignore[no-untyped-call]
            q * size**-0.5, k, v, cuts
        )
        x = self.norm1(x + self.out(mixed.transpose(0, 1).reshape(tokens, width)))
        given: Tensor = self.norm2(x + self.down(functional.gelu(self.up(x))))
        return given


class PackedBert(nn.Module):
    """BERT with scores for each token; a span reader has two: how well a span starts there, and ends there."""

    def __init__(self, config: Mapping[str, int], *, scores: int = 2) -> None:
        """Build the model from the ``config.json`` of a BERT (hidden_size, num_hidden_layers and so on)."""
        super().__init__()
        width = config["hidden_size"]
        self.words = nn.Embedding(config["vocab_size"], width)
        self.places = nn.Embedding(config["max_position_embeddings"], width)
        self.types = nn.Embedding(config["type_vocab_size"], width)
        self.norm = nn.LayerNorm(width, _EPSILON)
        self.layers = nn.ModuleList(
            _Layer(width, config["num_attention_heads"], config["intermediate_size"])
            for _ in range(config["num_hidden_layers"])
        )
        self.head = nn.Linear(width, scores)
        nn.init.normal_(self.head.weight, std=0.02)
        nn.init.zeros_(self.head.bias)

    def forward(self, batch: Batch) -> Tensor:
        """Return the scores, float32 of shape ``(tokens, scores)``."""
        x = self.norm(self.words(batch.ids) + self.places(batch.positions) + self.types(batch.types))
        for layer in self.layers:
            x = layer(x, batch.cuts)
        scores: Tensor = self.head(x)
        return scores.float()

    def freeze(self, layers: int) -> None:
        """Exclude the embeddings and the lowest ``layers`` from training."""
        for module in (self.words, self.places, self.types, self.norm, *self.layers[:layers]):
            module.requires_grad_(requires_grad=False)

    def load_bert(self, weights: Mapping[str, Tensor]) -> None:
        """Load the weights of a Hugging Face BERT, and those of its head if it has one."""
        if not any(name.startswith("bert.") for name in weights):
            weights = {f"bert.{name}": each for name, each in weights.items()}
        own = {ours: torch.cat([weights[name] for name in theirs]) for ours, theirs in self._names().items()
               if all(name in weights for name in theirs)}  # fmt: skip
        missing = self.load_state_dict(own, strict=False).missing_keys
        if set(missing) - {"head.weight", "head.bias"}:
            raise ValueError(f"The base model lacks {', '.join(missing)}.")

    def bert(self) -> dict[str, Tensor]:
        """Return the weights by the names of Hugging Face's BertForQuestionAnswering, float32."""
        state = self.state_dict()
        weights = {}
        for ours, theirs in self._names().items():
            for name, part in zip(theirs, state[ours].float().chunk(len(theirs)), strict=True):
                weights[name] = part.contiguous()
        return weights

    def _names(self) -> dict[str, tuple[str, ...]]:
        names: dict[str, tuple[str, ...]] = {
            "words.weight": ("bert.embeddings.word_embeddings.weight",),
            "places.weight": ("bert.embeddings.position_embeddings.weight",),
            "types.weight": ("bert.embeddings.token_type_embeddings.weight",),
        }
        modules: dict[str, tuple[str, ...]] = {"norm": ("bert.embeddings.LayerNorm",), "head": ("qa_outputs",)}
        for number in range(len(self.layers)):
            ours, theirs = f"layers.{number}", f"bert.encoder.layer.{number}"
            modules |= {
                f"{ours}.qkv": tuple(f"{theirs}.attention.self.{name}" for name in ("query", "key", "value")),
                f"{ours}.out": (f"{theirs}.attention.output.dense",),
                f"{ours}.norm1": (f"{theirs}.attention.output.LayerNorm",),
                f"{ours}.up": (f"{theirs}.intermediate.dense",),
                f"{ours}.down": (f"{theirs}.output.dense",),
                f"{ours}.norm2": (f"{theirs}.output.LayerNorm",),
            }
        for module, parts in modules.items():
            for kind in ("weight", "bias"):
                names[f"{module}.{kind}"] = tuple(f"{part}.{kind}" for part in parts)
        return names
