"""JSON Schemas of request parameters, derived from the TypedDicts that come with the Stripe client."""

import inspect
import sys
import types
import typing
from decimal import Decimal
from functools import cache
from typing import Any, Literal, NotRequired

from stripe._request_options import RequestOptions
from stripe._stripe_object import StripeObject
from typing_extensions import is_typeddict

Schema = dict[str, Any]

_OPTIONS = frozenset(RequestOptions.__annotations__) - {"expand"}
_OPTIONAL = (NotRequired, typing.NotRequired)
_PLAIN: dict[Any, Schema] = {
    # An empty string means "unset" to Stripe, and is only taken where the TypedDict says so.
    str: {"type": "string", "minLength": 1},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    type(None): {"type": "null"},
    Decimal: {"type": "string", "pattern": r"^-?\d+(\.\d+)?$"},
}


@cache
def schema_of(params: type) -> Schema:
    """Return the schema of one `…Params` TypedDict of the client."""
    definitions: dict[str, Schema] = {}
    reference = _schema(params, sys.modules[params.__module__], definitions)
    return {**reference, "$defs": definitions}


def _schema(annotation: Any, module: types.ModuleType, definitions: dict[str, Schema]) -> Schema:
    kind = _resolve(annotation, module)
    if kind in _PLAIN:
        return _PLAIN[kind]
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in _OPTIONAL:
        return _schema(arguments[0], module, definitions)
    if origin is Literal:
        return {"enum": list(arguments)}
    if origin is typing.Union:
        return _union(arguments, module, definitions)
    if origin is list:
        return {"type": "array", "items": _schema(arguments[0], module, definitions)}
    if origin is dict:
        # An empty value removes the key (metadata), so it is taken here.
        values = {"type": "string"} if arguments[1] is str else {}
        return {"type": "object", "additionalProperties": values}
    if is_typeddict(kind):
        return _object(kind, definitions)
    return {}


def _union(arguments: tuple[Any, ...], module: types.ModuleType, definitions: dict[str, Schema]) -> Schema:
    kept = [kind for kind in arguments if not _is_answer(_resolve(kind, module))]
    choices = [_schema(kind, module, definitions) for kind in kept]
    # `Literal["a", "b"] | str` leaves room for values of other API versions; ours is known, so be strict.
    if any(set(choice.get("enum", ())) - {""} for choice in choices):
        choices = [choice for choice in choices if choice != _PLAIN[str]]
    return choices[0] if len(choices) == 1 else {"anyOf": choices}


def _object(kind: Any, definitions: dict[str, Schema]) -> Schema:
    name: str = kind.__name__
    if name not in definitions:
        definitions[name] = {}  # known from here on: some parameters contain themselves
        module = sys.modules[kind.__module__]
        fields = {
            field: _resolve(annotation, module)
            for field, annotation in kind.__annotations__.items()
            if field not in _OPTIONS
        }
        definitions[name] = {
            "type": "object",
            "properties": {field: _schema(annotation, module, definitions) for field, annotation in fields.items()},
            "required": [
                field for field, annotation in fields.items() if typing.get_origin(annotation) not in _OPTIONAL
            ],
            "additionalProperties": False,
        }
    return {"$ref": f"#/$defs/{name}"}


def _resolve(annotation: Any, module: types.ModuleType) -> Any:
    if isinstance(annotation, typing.ForwardRef):
        annotation = annotation.__forward_arg__
    if isinstance(annotation, str):
        return eval(annotation, vars(module))  # noqa: S307 (the installed client's own source)
    return annotation


def _is_answer(kind: Any) -> bool:
    """Parameters may be given as an object got from Stripe: on the wire it is its dict."""
    origin = typing.get_origin(kind) or kind
    return inspect.isclass(origin) and issubclass(origin, StripeObject)
