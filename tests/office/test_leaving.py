"""« Données et départ »: the owner takes everything, says when the organisation leaves, and stays after all."""

import io
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from pytest_django import Settings

from kernel import clock
from shared_apps.audit.models import Entry
from tenant_apps.organisation.models import Role
from tenants.context import in_organisation, in_registry
from tenants.leaving import sealed
from tenants.models import Departure, Export, Organisation, SuspendedFor, WorkState
from tenants.operations.suspend import suspend
from tests.clients import HostClient
from tests.office.conftest import SignIn

HOME = "/gestion/reglages/depart"
CONTENT = b"PK and the rest"


@pytest.fixture(autouse=True)
def files(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def an_export(organisation: Organisation, *, days: float = 7) -> Export:
    """One that is ready, and kept for so many days more."""
    at = clock.now()
    with in_registry():
        export = Export.objects.create(
            organisation=organisation,
            state=WorkState.DONE,
            asked_by="Une propriétaire",
            path="exports/1.zip",
            size=len(CONTENT),
            finished_at=at,
            expires_at=at + timedelta(days=days),
        )
    with in_organisation(organisation):
        whole = io.BytesIO()
        sealing = sealed.Sealing(whole, export.pk)
        sealing.write(CONTENT)
        sealing.finish()
        default_storage.save("exports/1.zip", ContentFile(whole.getvalue()))
    return export


def said(**changes: str) -> dict[str, str]:
    today = clock.now().date()
    days = {"closes_on": str(today + timedelta(days=40)), "erases_on": str(today + timedelta(days=80))}
    return {**days, "reason": "Fusion", "name": "Organisation A", **changes}


@pytest.mark.parametrize(
    ("role", "status"), [("owner", 200), ("administrator", 200), ("finance", 403), ("secretary", 403)]
)
@pytest.mark.parametrize("address", [HOME, f"{HOME}/export"])
def test_it_is_for_who_answers_for_the_organisation(role: str, status: int, address: str, as_staff: SignIn) -> None:
    assert as_staff(role).get(address).status_code == status


@pytest.mark.parametrize("address", [f"{HOME}/annoncer", f"{HOME}/annuler", f"{HOME}/export/demander"])
def test_only_an_owner_acts(address: str, as_staff: SignIn) -> None:
    assert as_staff(Role.ADMINISTRATOR).post(address, said()).status_code == 403


def test_an_owner_asks_for_a_copy_once(as_staff: SignIn, organisation_a: Organisation) -> None:
    owner = as_staff(Role.OWNER)

    owner.post(f"{HOME}/export/demander")
    again = owner.post(f"{HOME}/export/demander", follow=True)

    assert "Une copie complète est déjà en préparation." in again.content.decode()
    with in_registry():
        [export] = Export.objects.filter(organisation=organisation_a)
    assert export.state == WorkState.WAITING
    assert Entry.objects.filter(action="leaving.export_asked").count() == 1


def test_the_page_says_how_far_it_is_and_asks_again(as_staff: SignIn, organisation_a: Organisation) -> None:
    with in_registry():
        Export.objects.create(
            organisation=organisation_a, state=WorkState.RUNNING, asked_by="x", step="tables", done=12, total=73
        )

    page = as_staff(Role.OWNER).get(f"{HOME}/export").content.decode()

    assert 'value="12" max="73"' in page and "Les tables" in page and "hx-get" in page


def test_its_owner_downloads_it_and_that_is_noted(as_staff: SignIn, organisation_a: Organisation) -> None:
    export = an_export(organisation_a)

    answer = as_staff(Role.OWNER).get(f"{HOME}/export/{export.pk}.zip")

    assert b"".join(answer.streaming_content) == CONTENT
    assert (answer["Content-Length"], answer["Cache-Control"]) == (str(len(CONTENT)), "private, no-store")
    assert Entry.objects.filter(action="leaving.export_taken", subject_id=export.pk).count() == 1


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.FINANCE, Role.AUDITOR, Role.GROUP_LEADER])
def test_nobody_else_does(role: str, as_staff: SignIn, organisation_a: Organisation) -> None:
    export = an_export(organisation_a)

    assert as_staff(role).get(f"{HOME}/export/{export.pk}.zip").status_code == 403
    assert HostClient("a.localhost").get(f"{HOME}/export/{export.pk}.zip").status_code == 302


def test_nor_the_owner_of_another(as_staff: SignIn, organisation_b: Organisation) -> None:
    export = an_export(organisation_b)

    assert as_staff(Role.OWNER).get(f"{HOME}/export/{export.pk}.zip").status_code == 404


def test_after_a_week_it_is_gone(as_staff: SignIn, organisation_a: Organisation) -> None:
    export = an_export(organisation_a, days=-0.001)
    owner = as_staff(Role.OWNER)

    assert owner.get(f"{HOME}/export/{export.pk}.zip").status_code == 404
    assert "Télécharger" not in owner.get(f"{HOME}/export").content.decode()


def test_an_owner_announces_and_takes_it_back(as_staff: SignIn, organisation_a: Organisation) -> None:
    owner = as_staff(Role.OWNER)

    assert owner.post(f"{HOME}/annoncer", said()).status_code == 302
    assert "Le départ est annoncé" in owner.get(HOME).content.decode()
    assert owner.post(f"{HOME}/annuler").status_code == 302

    with in_registry():
        assert Departure.objects.filter(organisation=organisation_a, cancelled_at=None).count() == 0
    assert set(Entry.objects.filter(action__startswith="leaving.").values_list("action", flat=True)) == {
        "leaving.announced",
        "leaving.cancelled",
    }


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", "Autre chose"), ("closes_on", "2020-01-01"), ("erases_on", "2020-01-01"), ("closes_on", "demain")],
)
def test_what_is_wrong_is_told_at_its_field_and_nothing_typed_is_lost(
    field: str, value: str, as_staff: SignIn, organisation_a: Organisation
) -> None:
    answer = as_staff(Role.OWNER).post(f"{HOME}/annoncer", said(**{field: value}))

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert "Fusion" in answer.content.decode()
    with in_registry():
        assert not Departure.objects.exists()


def test_a_suspended_organisation_still_takes_its_data_and_leaves(
    as_staff: SignIn, organisation_a: Organisation
) -> None:
    owner = as_staff(Role.OWNER)
    with in_registry():
        suspend(organisation_id=organisation_a.pk, reason=SuspendedFor.UNPAID, at=clock.now())

    assert owner.post(f"{HOME}/export/demander").status_code == 302
    assert owner.post(f"{HOME}/annoncer", said()).status_code == 302
    assert owner.post(f"{HOME}/annuler").status_code == 302
    with in_registry():
        assert (Export.objects.count(), Departure.objects.count()) == (1, 1)


def test_who_confirmed_too_long_ago_is_asked_again(organisation_a: Organisation, as_staff: SignIn) -> None:
    export = an_export(organisation_a)
    owner = as_staff(Role.OWNER)
    session = owner.session
    session["confirmed_at"] = clock.now().timestamp() - 16 * 60
    session.save()

    assert owner.get(f"{HOME}/export/{export.pk}.zip")["Location"].startswith("/compte/")
