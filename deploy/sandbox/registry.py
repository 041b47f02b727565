"""Which function answers which route."""

from collections.abc import Callable

from deploy.sandbox.errors import Json
from deploy.sandbox.work import Work

Handler = Callable[..., Json]
HANDLERS: dict[tuple[str, str], Handler] = {}
# Properties that are only written when asked for: (object, property) → how to make them.
INCLUDABLE: dict[tuple[str, str], Callable[[Work, Json], object]] = {}


def answers(method: str, template: str) -> Callable[[Handler], Handler]:
    """Let a function answer a route; it gets the work, the parameters, then the path's identifiers."""

    def register(function: Handler) -> Handler:
        HANDLERS[method, template] = function
        return function

    return register


def includable(kind: str, name: str) -> Callable[[Callable[[Work, Json], object]], object]:
    """Let a function write a property that `expand[]` must ask for."""

    def register(function: Callable[[Work, Json], object]) -> object:
        INCLUDABLE[kind, name] = function
        return function

    return register
