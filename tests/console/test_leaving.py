"""« Données et départ » in the console: operators start copies and never take them, and hold the certificate."""

import json
from datetime import timedelta

import pytest
from django.urls import NoReverseMatch, reverse

from kernel import clock
from shared_apps.audit.models import Entry
from tenants.context import in_organisation, in_registry
from tenants.leaving import certificate
from tenants.models import Departure, Domain, Export, Organisation, State, WorkState
from tests.clients import HostClient
from tests.factories.organisation import an_organisation_profile

HOME = "/console/organisations/a/depart"


@pytest.fixture(autouse=True)
def organisation(operations: Organisation) -> Organisation:
    with in_registry():
        found = Organisation.objects.get(slug="a")
    with in_organisation(found):
        an_organisation_profile()
    return found


def said(**changes: str) -> dict[str, str]:
    today = clock.now().date()
    days = {"closes_on": str(today + timedelta(days=40)), "erases_on": str(today + timedelta(days=80))}
    return {**days, "reason": "Fin du contrat", "name": "Organisation A", **changes}


def erased(organisation: Organisation) -> Departure:
    at = clock.now()
    with in_registry():
        departure = Departure.objects.create(
            organisation=organisation,
            asked_by="Une propriétaire",
            closes_on=at.date() - timedelta(days=40),
            erases_on=at.date(),
            erasing_at=at,
            erased_at=at,
            certificate={
                "begun_at": at.isoformat(),
                "begun_by": "",
                "there_was": {"tables": 59, "rows": 1234, "files": 5, "bytes": 6},
                "looked_for_names": [organisation.schema_name],
            },
        )
        nothing = {"schema": 0, "role": 0, "registry": 0, "files": 0, "cache": 0}
        departure.certificate = certificate.drawn_up(departure, nothing, at)
        departure.save()
        Domain.objects.filter(tenant=organisation).delete()
        Organisation.objects.filter(pk=organisation.pk).update(state=State.ERASED)
    return departure


def test_it_is_for_operators(visitor: HostClient) -> None:
    assert visitor.get(HOME).status_code == 302
    assert HostClient("a.localhost").get(HOME).status_code == 404


def test_an_operator_asks_for_a_copy_and_sees_how_big_it_is(operator: HostClient, organisation: Organisation) -> None:
    assert operator.post(f"{HOME}/copie").status_code == 302
    with in_registry():
        Export.objects.update(state=WorkState.DONE, size=5_242_880, path="exports/1.zip")

    page = operator.get(HOME).content.decode().replace("\xa0", " ")

    assert "5,0" in page and "Terminé" in page
    assert Entry.objects.filter(action="organisations.export_asked", subject_id=organisation.pk).count() == 1


def test_and_has_no_way_to_take_it(operator: HostClient, organisation: Organisation) -> None:
    operator.post(f"{HOME}/copie")
    with in_registry():
        [export] = Export.objects.all()

    assert f"{export.pk}" not in operator.get(HOME).content.decode()
    assert operator.get(f"/gestion/reglages/depart/export/{export.pk}.zip").status_code == 404
    with pytest.raises(NoReverseMatch):
        reverse("office:export_file", args=[export.pk], urlconf="config.urls.operations")


def test_an_operator_announces_a_departure_and_takes_it_back(operator: HostClient, organisation: Organisation) -> None:
    assert operator.post(HOME, said()).status_code == 302
    assert "Fin du contrat" in operator.get(HOME).content.decode()
    assert operator.post(f"{HOME}/annuler").status_code == 302

    with in_registry():
        [departure] = Departure.objects.filter(organisation=organisation)
    assert departure.cancelled_at is not None
    actions = Entry.objects.filter(subject_id=organisation.pk).order_by("at").values_list("action", flat=True)
    assert list(actions) == ["organisations.departure_announced", "organisations.departure_cancelled"]


@pytest.mark.parametrize("field", ["name", "closes_on", "erases_on"])
def test_what_is_wrong_is_told_at_its_field(field: str, operator: HostClient) -> None:
    answer = operator.post(HOME, said(**{field: "2020-01-01"}))

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert "Fin du contrat" in answer.content.decode()


def test_the_certificate_stays_where_the_organisation_was(operator: HostClient, organisation: Organisation) -> None:
    departure = erased(organisation)

    page = operator.get(HOME)
    paper, data = operator.get(f"{HOME}/certificat.pdf"), operator.get(f"{HOME}/certificat.json")

    assert "Certificat d’effacement" in page.content.decode()
    assert paper.content.startswith(b"%PDF") and "effacement-a.pdf" in paper["Content-Disposition"]
    assert json.loads(data.content) == departure.certificate
    assert operator.get("/console/organisations/a").status_code == 200


def test_without_an_erasure_there_is_no_certificate(operator: HostClient) -> None:
    assert operator.get(f"{HOME}/certificat.pdf").status_code == 404


@pytest.mark.parametrize("path", ["copie", "annuler"])
def test_what_does_something_is_posted(path: str, operator: HostClient) -> None:
    assert operator.get(f"{HOME}/{path}").status_code == 405
