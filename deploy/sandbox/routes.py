"""Every route of Stripe's API, read from the service classes of the installed client."""

import ast
import importlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import stripe
from jsonschema import Draft202012Validator

from deploy.sandbox.schemas import Schema, schema_of

_PLACE = re.compile(r"\{[^}]*\}")


@dataclass(frozen=True)
class Route:
    """One method and path of the API, with the name of its parameters' TypedDict."""

    method: str
    template: str
    params: tuple[str, str] | None

    @property
    def is_v2(self) -> bool:
        """Whether bodies are JSON."""
        return self.template.startswith("/v2/")

    def schema(self) -> Schema | None:
        """The parameters' schema; None when the route takes none."""
        if self.params is None:
            return None
        module, name = self.params
        return schema_of(getattr(importlib.import_module(module), name))

    def validator(self) -> Draft202012Validator | None:
        """What checks the parameters."""
        return _validator(self)


@cache
def table() -> dict[tuple[str, str], Route]:
    """All routes, by method and template (every placeholder written `{id}`)."""
    root = Path(stripe.__file__).parent
    found = (route for file in root.rglob("_*_service.py") for route in _routes_in(file))
    return {(route.method, route.template): route for route in found}


def find(method: str, path: str) -> tuple[Route, tuple[str, ...]] | None:
    """Return the route of a request and the identifiers in its path."""
    exact = table().get((method, path))
    if exact:
        return exact, ()
    for pattern, route in _by_size().get((method, path.count("/")), ()):
        match = pattern.fullmatch(path)
        if match:
            return route, match.groups()
    return None


@cache
def _by_size() -> dict[tuple[str, int], list[tuple[re.Pattern[str], Route]]]:
    sized: dict[tuple[str, int], list[tuple[re.Pattern[str], Route]]] = {}
    # Fewest placeholders first: `/v1/charges/search` is not the charge named "search".
    for route in sorted(table().values(), key=lambda route: route.template.count("{")):
        parts = [re.escape(part) for part in route.template.split("{id}")]
        pattern = re.compile("([^/]+)".join(parts))
        sized.setdefault((route.method, route.template.count("/")), []).append((pattern, route))
    return sized


@cache
def _validator(route: Route) -> Draft202012Validator | None:
    schema = route.schema()
    return None if schema is None else Draft202012Validator(schema)


def _routes_in(file: Path) -> Iterator[Route]:
    tree = ast.parse(file.read_text())
    modules = {
        alias.name: node.module or ""
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("stripe.params")
        for alias in node.names
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            for call in ast.walk(node):
                if isinstance(call, ast.Call) and getattr(call.func, "attr", "") == "_request":
                    yield _route(call, node, modules)


def _route(call: ast.Call, function: ast.FunctionDef, modules: dict[str, str]) -> Route:
    method, address = call.args[0], call.args[1]
    if isinstance(address, ast.Call):  # "…/{id}".format(id=…)
        address = address.func.value  # type: ignore[attr-defined]
    template = _PLACE.sub("{id}", _text(address))
    name = _params_name(function)
    params = (modules[name], name) if name else None
    return Route(method=_text(method).upper(), template=template, params=params)


def _params_name(function: ast.FunctionDef) -> str | None:
    for argument in function.args.args:
        if argument.arg == "params" and argument.annotation is not None:
            match = re.search(r"(\w+Params)\b", ast.unparse(argument.annotation))
            return match and match.group(1)
    return None


def _text(node: Any) -> str:
    return str(node.value)
