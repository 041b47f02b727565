"""Refuses a request whose parameters Stripe would not take."""

import json
from typing import Any

from jsonschema import ValidationError
from jsonschema.exceptions import best_match

from deploy.sandbox import forms
from deploy.sandbox.errors import ApiError, Json, malformed
from deploy.sandbox.routes import Route

_METADATA_KEYS, _METADATA_KEY_LENGTH, _METADATA_VALUE_LENGTH = 50, 40, 500


def parameters(route: Route, *, query: str, body: str) -> Json:
    """Return the checked parameters of a request.

    Raises ApiError (400) naming the first parameter that is wrong.
    """
    given = _read(route, query=query, body=body)
    # The client reads further pages at the address it was given, where this one is not a parameter of its own.
    page = {"page": given.pop("page")} if route.is_v2 and "page" in given else {}
    schema, validator = route.schema(), route.validator()
    if schema is None or validator is None:
        if given:
            raise _unknown(next(iter(given)))
        return {}
    if not (route.is_v2 and route.method == "POST"):
        given = forms.coerce(given, schema, schema["$defs"])
    error = best_match(validator.iter_errors(given))
    if error is not None:
        raise _refusal(error)
    _check_metadata(given)
    return given | page


def _read(route: Route, *, query: str, body: str) -> Json:
    if route.method != "POST":
        return forms.decode(query)
    if not route.is_v2:
        return forms.decode(body)
    try:
        value = json.loads(body or "{}")
    except ValueError as error:
        raise malformed("Invalid JSON body.") from error
    if not isinstance(value, dict):
        raise malformed("The body must be a JSON object.")
    return value


def _refusal(error: ValidationError) -> ApiError:
    path = [str(part) for part in error.absolute_path]
    if error.validator == "additionalProperties":
        known = error.schema["properties"] if isinstance(error.schema, dict) else {}
        return _unknown(_name([*path, next(key for key in _list(error.instance) if key not in known)]))
    if error.validator == "required":
        absent = next(key for key in _list(error.validator_value) if key not in _list(error.instance))
        name = _name([*path, absent])
        return malformed(f"Missing required param: {name}.", param=name, code="parameter_missing")
    return _wrong_value(error, _name(path))


def _wrong_value(error: ValidationError, name: str) -> ApiError:
    value = error.instance
    if value == "":
        message = (
            f"You passed an empty string for '{name}'. We assume empty values are an attempt to unset "
            f"a parameter; however '{name}' cannot be unset. You should remove '{name}' from your "
            "request or supply a non-empty value."
        )
        return malformed(message, param=name, code="parameter_invalid_empty")
    if error.validator == "enum":
        allowed = ", ".join(str(choice) for choice in _list(error.validator_value))
        return malformed(f"Invalid {name}: must be one of {allowed}", param=name)
    wanted = error.validator_value if error.validator == "type" else "value"
    code = "parameter_invalid_integer" if wanted == "integer" else None
    return malformed(f"Invalid {wanted}: {value}", param=name, code=code)


def _list(value: Any) -> list[str]:
    return list(value)


def _unknown(name: str) -> ApiError:
    return malformed(f"Received unknown parameter: {name}", param=name, code="parameter_unknown")


def _name(path: list[str]) -> str:
    return path[0] + "".join(f"[{part}]" for part in path[1:]) if path else ""


def _check_metadata(value: Any, name: str = "") -> None:
    if not isinstance(value, dict):
        return
    for key, inner in value.items():
        path = f"{name}[{key}]" if name else key
        if key == "metadata" and isinstance(inner, dict):
            _check_metadata_size(inner, path)
        else:
            _check_metadata(inner, path)


def _check_metadata_size(metadata: Json, name: str) -> None:
    if len(metadata) > _METADATA_KEYS:
        raise malformed(f"Metadata can have up to {_METADATA_KEYS} keys.", param=name)
    for key, value in metadata.items():
        if len(key) > _METADATA_KEY_LENGTH:
            message = f"Metadata keys can have up to {_METADATA_KEY_LENGTH} characters: {key}"
            raise malformed(message, param=name)
        if len(str(value)) > _METADATA_VALUE_LENGTH:
            message = (
                f"Metadata values can have up to {_METADATA_VALUE_LENGTH} characters, but you passed "
                f"in a value that is {len(str(value))} characters."
            )
            raise malformed(message, param=f"{name}[{key}]")
