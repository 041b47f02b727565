"""A row as the copy of somebody's data holds it: its identifier, and each field that the inventory gives out."""

from collections.abc import Callable
from typing import Any

from django.db import models

from kernel.inventory import given_out

# What an identifier alone would not tell; of people, identifiers are all that is told.
_NAMES: dict[str, Callable[[Any], str]] = {
    "organisation.Establishment": str,
    "organisation.Level": str,
    "catalog.Offering": str,
    "catalog.Option": lambda option: f"{option.offering.title} – {option.name}",
    "forms.FormVersion": lambda version: f"{version.form.shown_title} ({version.number})",
}


def label(model: type[models.Model]) -> str:
    return f"{model._meta.app_label}.{model.__name__}"


def row(instance: models.Model) -> dict[str, Any]:
    """Sealed columns are left to who may open them."""
    told: dict[str, Any] = {"id": instance.pk}
    for name in given_out(label(type(instance))):
        field = instance._meta.get_field(name)
        if not isinstance(field, models.BinaryField | models.ManyToManyField):
            told[name] = _value(instance, field)
    return told


def _value(instance: models.Model, field: Any) -> Any:
    value = getattr(instance, field.attname)
    if not field.is_relation or value is None:
        return value
    naming = _NAMES.get(label(field.related_model))
    return naming(getattr(instance, field.name)) if naming else value
