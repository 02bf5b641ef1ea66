"""What Google may call: each trigger and action under its own address. A room of the sidebar names its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from addon.sidebar.visit import ACTIONS, Visit
from addon.sidebar.widgets import Json

Answer = Callable[[Visit], Json]


@dataclass(frozen=True)
class Endpoint:
    """`path` with PUBLIC_URL in front is the audience of the tokens that Google sends there."""

    path: str
    answer: Answer
    is_trigger: bool

    @property
    def name(self) -> str:
        return self.path.rsplit("/", 1)[-1]


@dataclass
class Room:
    endpoints: list[Endpoint] = field(default_factory=list)

    def trigger(self, name: str) -> Callable[[Answer], Answer]:
        """Gmail opened the add-on, or a message: it may read, and answers with a card that is shown."""
        return self._joined(f"/addon/{name}", is_trigger=True)

    def action(self, name: str) -> Callable[[Answer], Answer]:
        """Somebody pressed a button."""
        return self._joined(f"{ACTIONS}{name}", is_trigger=False)

    def _joined(self, path: str, *, is_trigger: bool) -> Callable[[Answer], Answer]:
        def join(answer: Answer) -> Answer:
            self.endpoints.append(Endpoint(path, answer, is_trigger))
            return answer

        return join


def all_of(rooms: Iterable[Room]) -> list[Endpoint]:
    return [endpoint for room in rooms for endpoint in room.endpoints]
