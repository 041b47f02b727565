"""What is read while persons are hidden says nothing of them, by whatever query it was asked for."""

from datetime import date

import pytest
from django.db.models import CharField, F, Func, OuterRef, Subquery, Value
from django.db.models.functions import Concat, Lower

from kernel import ids, masking
from tenant_apps.families.models import Guardian, Participant
from tenant_apps.orders.models import Order
from tenants.models import Organisation
from tests.clients import HostClient
from tests.factories.families import a_child
from tests.factories.organisation import an_organisation_profile
from tests.portal.people import Parent, a_parent

pytestmark = pytest.mark.django_db
HIDDEN = masking.HIDDEN


@pytest.fixture
def parent(organisation_a: Organisation) -> Parent:
    an_organisation_profile()
    parent = a_parent(HostClient("a.localhost"))
    a_child("Zéphyrine", of=parent.guardian, last_name="Canariole", birth_date=date(2019, 6, 12))
    return parent


@pytest.mark.usefixtures("parent")
def test_a_column_is_hidden_however_it_is_asked_for() -> None:
    children = Participant.objects.annotate(
        full=Concat("first_name", Value(" "), "last_name"),
        low=Lower("first_name"),
        other=F("last_name"),
        inner=Subquery(Participant.objects.filter(pk=OuterRef("pk")).values("first_name")[:1]),
        unknown=Func(Value("Zéphyrine"), function="md5", output_field=CharField()),
    )
    names = ("first_name", "full", "low", "other", "inner")
    with masking.hiding(masking.EVERYTHING):
        child = children.get()
        [row] = children.values_list(*names)
        shown = [getattr(child, name) for name in names]

    assert shown == list(row) == [HIDDEN] * len(names)
    assert child.birth_date == date(2019, 1, 1)
    assert child.pk == Participant.objects.get().pk


@pytest.mark.usefixtures("parent")
def test_what_the_organisation_shows_is_shown_and_nothing_of_health() -> None:
    with masking.hiding(masking.NEVER_SHOWN):
        assert Participant.objects.get().first_name == "Zéphyrine"
        assert bytes(Participant.objects.get().sealed or b"") == b""


def test_once_it_is_left_all_is_as_before(parent: Parent) -> None:
    with masking.hiding(masking.EVERYTHING):
        assert Guardian.objects.get(pk=parent.guardian.pk).email == HIDDEN

    assert Guardian.objects.get(pk=parent.guardian.pk).email == parent.guardian.email


def test_identifiers_numbers_and_kinds_say_nothing_and_stay() -> None:
    row = ids.uuid7()

    assert masking.concealed({"children": [str(row)], "places": 2, "late": True, "said": "Zéphyrine"}) == {
        "children": [str(row)],
        "places": 2,
        "late": True,
        "said": HIDDEN,
    }
    assert masking._class_of(Order._meta.get_field("status")).value == "technical"
