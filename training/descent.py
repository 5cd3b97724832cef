"""AdamW over a bfloat16 model: its steps are too small for bfloat16, so it keeps float32 copies of the weights."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

_WARM_UP = 0.06
_LEAST = 0.02


class Descent:
    """Take steps down a loss; the rate climbs over the first 6% of the training and then falls to near zero."""

    def __init__(self, model: nn.Module, *, rate: float, progress: Callable[[int], float]) -> None:
        """Train the parameters of ``model`` that require a gradient.

        ``progress`` tells from the steps done which part of the training is over, from 0 to 1.
        """
        self.done = 0
        self._live = [each for each in model.parameters() if each.requires_grad]
        self._masters = [nn.Parameter(each.detach().float().clone()) for each in self._live]
        groups = [
            {"params": [each for each in self._masters if each.ndim > 1], "weight_decay": 0.01},
            {"params": [each for each in self._masters if each.ndim == 1], "weight_decay": 0.0},
        ]
        self._optimiser = torch.optim.AdamW(groups, lr=rate, betas=(0.9, 0.98), fused=True)
        self._schedule = torch.optim.lr_scheduler.LambdaLR(
            self._optimiser,
            lambda at: max(_LEAST, min(progress(at) / _WARM_UP, (1 - progress(at)) / (1 - _WARM_UP))),
        )

    def step(self, loss: Tensor) -> None:
        """Take one step."""
        torch.autograd.backward(loss)
        for master, live in zip(self._masters, self._live, strict=True):
            assert live.grad is not None
            master.grad, live.grad = live.grad.float(), None
        nn.utils.clip_grad_norm_(self._masters, 1.0)
        self._optimiser.step()
        self._schedule.step()
        self._show()
        self.done += 1

    def state(self) -> dict[str, Any]:
        """Return all that ``load`` needs to go on later."""
        return {
            "done": self.done,
            "masters": [each.detach() for each in self._masters],
            "optimiser": self._optimiser.state_dict(),
            "schedule": self._schedule.state_dict(),
        }

    def load(self, state: dict[str, Any]) -> None:
        """Restore what ``state`` returned."""
        self.done = state["done"]
        self._optimiser.load_state_dict(state["optimiser"])
        self._schedule.load_state_dict(state["schedule"])
        with torch.no_grad():
            for master, kept in zip(self._masters, state["masters"], strict=True):
                master.copy_(kept)
        self._show()

    @torch.no_grad()
    def _show(self) -> None:
        for master, live in zip(self._masters, self._live, strict=True):
            live.copy_(master)
