"""Every field of every table says what it holds about people, why, and for how long."""

from collections.abc import Iterator

from django.apps import apps
from django.conf import settings
from django.db.models import BinaryField, Field, ForeignObjectRel

from kernel.inventory import DataClass, declared
from shared_apps.vault.places import PLACES
from tenant_apps.privacy import documentation
from tenant_apps.privacy.management.commands.data_inventory import PATH

SEALED = (DataClass.HEALTH, DataClass.NATIONAL_NUMBER)


def fields() -> Iterator[tuple[str, "Field[object, object]"]]:
    for app in apps.get_app_configs():
        if app.name in {*settings.TENANT_APPS, *settings.SHARED_APPS}:
            for model in app.get_models():
                for field in model._meta.get_fields():
                    if not isinstance(field, ForeignObjectRel):
                        yield f"{app.label}.{model.__name__}.{field.name}", field


def test_every_field_is_declared_and_nothing_else_is() -> None:
    there = {name for name, _ in fields()}

    assert sorted(there - declared().keys()) == []
    assert sorted(declared().keys() - there) == []


def test_every_field_says_why_it_is_held() -> None:
    assert [name for name, held in declared().items() if not str(held.purpose).strip()] == []


def test_what_is_of_health_or_a_national_number_is_sealed() -> None:
    kinds = dict(fields())
    open_to_all = [
        name
        for name, held in declared().items()
        if held.data in SEALED and not (isinstance(kinds[name], BinaryField) and PLACES.get(name))
    ]

    assert open_to_all == []


def test_the_written_inventory_is_the_code_s_own() -> None:
    """`manage.py data_inventory` writes it anew."""
    assert PATH.read_text() == documentation.inventory()
