"""Fits changes of low rank of the bundled model (Hu et al. 2021, "LoRA"): beside each matrix of the encoder the product
of two small ones, which begins at zero. They are stored and put to use by index/minilm.py."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from index.arrays import Floats
from index.embed import bundled
from index.minilm import Changes

_RANK = 16
_RATE = 1e-3
_LOWEST_RATE = 0.02  # of the highest, at the end
_MATRICES = (
    "attention.self.query",
    "attention.self.key",
    "attention.self.value",
    "attention.output.dense",
    "intermediate.dense",
    "output.dense",
)


class LowRank:
    """The bundled model in torch, as it is until ``begin`` is called."""

    def __init__(self, seed: int) -> None:
        import torch
        from transformers import AutoTokenizer, BertModel

        torch.manual_seed(seed)
        self.torch = torch
        self.tokenizer: Any = AutoTokenizer.from_pretrained(bundled())
        self.model: Any = BertModel.from_pretrained(bundled(), add_pooling_layer=False)
        self.model.train(False)
        self.model.requires_grad_(False)
        self._small: dict[str, tuple[Any, Any]] = {}

    def begin(self, changes: Changes | None = None) -> None:
        """Put two small matrices beside each matrix: those of ``changes``, to go on from them, where given."""
        torch = self.torch
        for number, layer in enumerate(self.model.encoder.layer):
            for part in _MATRICES:
                linear = layer.get_submodule(part)
                a = torch.nn.Parameter(torch.randn(linear.in_features, _RANK) / math.sqrt(linear.in_features))
                b = torch.nn.Parameter(torch.zeros(_RANK, linear.out_features))
                name = f"encoder.layer.{number}.{part}"
                if changes is not None:
                    a, b = (torch.nn.Parameter(torch.tensor(one)) for one in changes[name])
                self._small[name] = (a, b)
                linear.register_forward_hook(lambda _, given, out, a=a, b=b: out + given[0] @ a @ b)

    def descend(
        self,
        loss_of_batch: Callable[[], Any],
        steps: int,
        warm: int,
        others: Iterable[Any] = (),
        *,
        highest: float = _RATE,
    ) -> None:
        """Fit the small matrices, and other parameters, by gradient descent (AdamW): the rate rises to the ``highest`` for
        the first steps and falls after them."""
        torch = self.torch
        learnt = [*(one for pair in self._small.values() for one in pair), *others]
        optimizer = torch.optim.AdamW(learnt, lr=highest, weight_decay=0.01)
        rate = torch.optim.lr_scheduler.LambdaLR(
            optimizer, lambda step: min(1.0, (step + 1) / warm) * max(_LOWEST_RATE, 1 - step / max(steps, 1))
        )
        for step in range(1, steps + 1):
            loss = loss_of_batch()
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(learnt, 1.0)
            optimizer.step()
            rate.step()
            if step % 50 == 0:
                print(f"step {step} of {steps}: loss {float(loss.detach()):.3f}", flush=True)

    def padded(self, rows: Sequence[Any], value: float = 0) -> Any:
        """Rows of different length as one array, filled up with a value."""
        return self.torch.nn.utils.rnn.pad_sequence(list(rows), batch_first=True, padding_value=value)

    def changes(self) -> dict[str, tuple[Floats, Floats]]:
        """The two small matrices, (in, r) and (r, out), for each matrix by its name."""
        return {name: (a.detach().numpy(), b.detach().numpy()) for name, (a, b) in self._small.items()}
