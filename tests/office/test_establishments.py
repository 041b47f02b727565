"""« Établissements »: added, changed, ordered, and taken away once nothing names them."""

from typing import Any

import pytest
from django.urls import reverse

from billing import plans, subscriptions
from kernel import clock
from shared_apps.audit.models import Entry
from tenant_apps.organisation.models import Establishment, Role
from tenants.context import in_registry
from tenants.models import Organisation
from tests.factories.catalog import an_offering
from tests.factories.families import a_child
from tests.factories.organisation import a_payee, a_staff_member, an_establishment
from tests.office.conftest import SignIn

MANAGERS = {Role.OWNER, Role.ADMINISTRATOR}


def url(name: str, *args: object) -> str:
    return reverse(f"office:{name}", urlconf="config.urls.organisation", args=args)


def sent(**more: Any) -> dict[str, Any]:
    return {"name": "École du Boisé", "email": "", "phone": "", "address": "", "help_text": "", "payee": "", **more}


@pytest.mark.parametrize("role", Role.values)
def test_owners_and_administrators_alone_change_them(as_staff: SignIn, role: str) -> None:
    school, allowed = an_establishment(), role in MANAGERS
    client = as_staff(role)

    assert client.get(url("establishments")).status_code == 200
    for name, arguments in (
        ("establishment_add", []),
        ("establishment_edit", [school.pk]),
        ("establishment_remove", [school.pk]),
    ):
        assert client.get(url(name, *arguments)).status_code == (200 if allowed else 403), name
        assert (client.post(url(name, *arguments), sent()).status_code == 403) != allowed, name
    assert Establishment.objects.filter(pk=school.pk).exists() != allowed


def test_an_added_one_is_last_with_a_code_of_its_own(as_staff: SignIn) -> None:
    client = as_staff(Role.OWNER)
    Establishment.objects.create(code="ecole-du-boise", name="École du Boisé (ancienne)", position=7)
    payee = a_payee()

    client.post(url("establishment_add"), sent(payee=str(payee.pk)))

    made = Establishment.objects.get(name="École du Boisé")
    assert (made.code, made.position, made.payee) == ("ecole-du-boise-2", 8, payee)
    assert Entry.objects.get(action="establishment.added").details == {"name": "École du Boisé"}


@pytest.mark.parametrize("name", ["École du Boisé", "école du boisé"])
def test_two_of_one_name_are_refused_at_the_field(as_staff: SignIn, name: str) -> None:
    client = as_staff(Role.OWNER)
    client.post(url("establishment_add"), sent())

    page = client.post(url("establishment_add"), sent(name=name, phone="819 555-0100"))
    assert (page.status_code, list(page.context["form"].errors)) == (422, ["name"])
    assert page.context["form"]["phone"].value() == "819 555-0100"
    other = an_establishment()
    assert client.post(url("establishment_edit", other.pk), sent(name=name)).status_code == 422


@pytest.mark.line("S3-10")
def test_its_page_has_an_address_that_does_not_change_with_its_name(as_staff: SignIn) -> None:
    client, school = as_staff(Role.OWNER), an_establishment("École du Parc", code="ecole-du-parc")

    client.post(url("establishment_edit", school.pk), sent(name="École de la Rivière"))

    page = client.get(url("establishment_edit", school.pk))
    assert page.context["address"].endswith("/ecoles/ecole-du-parc")
    assert page.context["address"] in page.content.decode()
    changes = Entry.objects.get(action="establishment.changed").details["changes"]
    assert changes == {"name": ["École du Parc", "École de la Rivière"]}


def test_they_go_up_and_down_and_stop_at_the_ends(as_staff: SignIn) -> None:
    client = as_staff(Role.OWNER)
    first, second, third = (an_establishment(name) for name in "ABC")

    def order() -> list[str]:
        return list(Establishment.objects.values_list("name", flat=True))

    client.post(url("establishment_move", third.pk), {"to": "up"})
    assert order() == ["A", "C", "B"]
    client.post(url("establishment_move", first.pk), {"to": "up"})
    client.post(url("establishment_move", second.pk), {"to": "down"})
    assert order() == ["A", "C", "B"]
    client.post(url("establishment_move", first.pk), {"to": "down"})
    assert order() == ["C", "A", "B"]


def test_one_that_is_named_stays_and_says_by_what(as_staff: SignIn) -> None:
    client, school = as_staff(Role.OWNER), an_establishment(code="du-parc")
    a_child(establishment=school)
    a_staff_member(Role.SECRETARY, establishments=[school])
    an_offering(requirements=[{"kind": "establishment", "establishments": ["du-parc"]}])

    page = client.post(url("establishment_remove", school.pk))
    assert Establishment.objects.filter(pk=school.pk).exists()
    assert sorted(page.context["uses"]) == [
        "1 activité le nomme",
        "1 membre du personnel y travaille",
        "1 participant y est rattaché",
    ]


@pytest.mark.parametrize("use", ["participants", "offerings", "rules", "staff"])
def test_each_use_alone_keeps_it(as_staff: SignIn, use: str) -> None:
    client, school = as_staff(Role.OWNER), an_establishment(code="du-parc")
    {
        "participants": lambda: a_child(establishment=school),
        "offerings": lambda: an_offering().establishments.add(school),
        "rules": lambda: an_offering(requirements=[{"kind": "establishment", "establishments": ["du-parc"]}]),
        "staff": lambda: a_staff_member(Role.SECRETARY, establishments=[school]),
    }[use]()

    client.post(url("establishment_remove", school.pk))
    assert Establishment.objects.filter(pk=school.pk).exists()


def test_one_that_nothing_names_goes(as_staff: SignIn) -> None:
    client, school = as_staff(Role.OWNER), an_establishment(code="du-parc")
    an_offering(requirements=[{"kind": "establishment", "establishments": ["du-parc-nord"]}])

    client.post(url("establishment_remove", school.pk))
    assert not Establishment.objects.filter(pk=school.pk).exists()


def test_the_plan_says_how_many(as_staff: SignIn, organisation_a: Organisation) -> None:
    client = as_staff(Role.OWNER)
    with in_registry():
        plans.sync()
    subscriptions.begin_trial(organisation_id=organisation_a.pk, plan="essentiel", at=clock.now())
    for name in ("A", "B", "C"):
        assert client.post(url("establishment_add"), sent(name=name)).status_code == 302

    page = client.post(url("establishment_add"), sent(name="D"))
    assert (page.status_code, Establishment.objects.count()) == (422, 3)
    assert "comprend 3 établissements" in str(page.context["form"].non_field_errors())


def test_texts_are_never_markup(as_staff: SignIn) -> None:
    client = as_staff(Role.OWNER)
    client.post(url("establishment_add"), sent(name="<script>alert(1)</script>"))

    assert "<script>alert" not in client.get(url("establishments")).content.decode()
