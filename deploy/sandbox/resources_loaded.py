"""Brings in every resource, and sees that each answers a route Stripe really has."""

from importlib import import_module
from pkgutil import iter_modules

from deploy.sandbox import resources, routes
from deploy.sandbox.registry import HANDLERS

for _module in iter_modules(resources.__path__, f"{resources.__name__}."):
    import_module(_module.name)


def check() -> None:
    """Raise LookupError when a resource answers a route that the installed client does not call."""
    unknown = HANDLERS.keys() - routes.table().keys()
    if unknown:
        raise LookupError(f"not routes of the Stripe client: {sorted(unknown)}")
