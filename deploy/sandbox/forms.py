"""Form bodies as Stripe reads them: `a[b][0]=c` becomes nested values of the right types."""

import re
from typing import Any
from urllib.parse import parse_qsl

from deploy.sandbox.schemas import Schema

_INTEGER = re.compile(r"-?\d+")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")


def decode(text: str) -> dict[str, Any]:
    """Return the nested values of a form body; all leaves are strings, lists are dicts of numbers."""
    values: dict[str, Any] = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        first, _, rest = name.partition("[")
        keys = [first, *(rest[:-1].split("][") if rest else ())]
        _put(values, keys, value)
    return values


def coerce(value: Any, schema: Schema, definitions: dict[str, Schema]) -> Any:
    """Give strings the types the schema wants where they can have them; leave the rest for the check."""
    if "$ref" in schema:
        schema = definitions[schema["$ref"].rpartition("/")[2]]
    choices = schema.get("anyOf", (schema,))
    if isinstance(value, str):
        return _coerce_text(value, choices)
    for choice in choices:
        if "$ref" in choice:
            choice = definitions[choice["$ref"].rpartition("/")[2]]
        if choice.get("type") == "array" and _is_list(value):
            return [coerce(item, choice["items"], definitions) for item in value.values()]
        if choice.get("type") == "object":
            return _coerce_object(value, choice, definitions)
    return value


def _put(values: dict[str, Any], keys: list[str], value: str) -> None:
    for key in keys[:-1]:
        inner = values.setdefault(key, {})
        # `a=1&a[b]=2`: the later form wins, and the check says what is wrong with it.
        if not isinstance(inner, dict):
            inner = values[key] = {}
        values = inner
    values[keys[-1] or str(len(values))] = value


def _coerce_text(value: str, choices: tuple[Schema, ...]) -> Any:
    if any(value in choice.get("enum", ()) for choice in choices):
        return value
    kinds = {choice.get("type") for choice in choices}
    if "integer" in kinds and _INTEGER.fullmatch(value):
        return int(value)
    if "number" in kinds and _NUMBER.fullmatch(value):
        return float(value)
    if "boolean" in kinds and value in ("true", "false"):
        return value == "true"
    return value


def _coerce_object(value: dict[str, Any], schema: Schema, definitions: dict[str, Schema]) -> dict[str, Any]:
    fields = schema.get("properties", {})
    others = schema.get("additionalProperties") or {}
    return {name: coerce(item, fields.get(name, others), definitions) for name, item in value.items()}


def _is_list(value: dict[str, Any]) -> bool:
    return all(key.isdigit() for key in value)
