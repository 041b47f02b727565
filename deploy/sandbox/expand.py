"""`expand[]`: identifiers replaced by the objects they name, along dotted paths."""

import copy
from typing import Any

from deploy.sandbox.errors import Json, malformed
from deploy.sandbox.registry import INCLUDABLE
from deploy.sandbox.work import Work

_DEEPEST = 4


def expanded(work: Work, body: Json, paths: list[str]) -> Json:
    """Return the body with these paths expanded. Raises ApiError (400) for one that cannot be."""
    body = copy.deepcopy(body)
    for path in paths:
        parts = path.split(".")
        if len(parts) > _DEEPEST:
            message = f"You cannot expand more than {_DEEPEST} levels of a property: {path}"
            raise malformed(message, param="expand")
        _expand(work, body, parts, path)
    return body


def _expand(work: Work, value: Any, parts: list[str], path: str) -> None:
    if isinstance(value, list):
        for item in value:
            _expand(work, item, parts, path)
    if not parts or not isinstance(value, dict):
        return
    name, rest = parts[0], parts[1:]
    maker = INCLUDABLE.get((str(value.get("object")), name))
    if maker is not None and value.get(name) is None:
        value[name] = maker(work, value)
    elif name not in value:
        raise malformed(f"This property cannot be expanded ({path}).", param="expand")
    value[name] = _object_for(work, value[name], path)
    _expand(work, value[name], rest, path)


def _object_for(work: Work, value: Any, path: str) -> Any:
    if isinstance(value, list):
        return [_object_for(work, item, path) for item in value]
    if not isinstance(value, str):
        return value
    found = work.of_any_kind(value)
    if found is None:
        raise malformed(f"This property cannot be expanded ({path}).", param="expand")
    return found
