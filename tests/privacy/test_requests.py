"""Proofs go once they have served, words soon after, and the requests themselves in the end."""

from datetime import date, datetime, timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from tenant_apps.entitlements import telling
from tenant_apps.entitlements.models import Entitlement, Kind, Status
from tenant_apps.entitlements.telling import Said
from tenant_apps.families.models import Guardian
from tenant_apps.forms.models import Upload
from tenant_apps.privacy import dossier, retention
from tests.factories.entitlements import a_grant, a_request
from tests.factories.families import a_child, a_guardian
from tests.factories.moments import NOON

pytestmark = pytest.mark.django_db


def after(days: float) -> datetime:
    return NOON + timedelta(days=days)


def due(days: float) -> dict[str, int]:
    found = retention.due(after(days))
    return {rule: found[rule] for rule in ("files", "proofs", "requests_said", "requests") if found[rule]}


def a_proof(guardian: Guardian) -> Upload:
    upload = Upload(name="bail.pdf", content_type="application/pdf", size_bytes=4, given_by=guardian, created_at=NOON)
    upload.path = default_storage.save(f"uploads/{upload.id}", ContentFile(b"bail"))
    upload.save()
    return upload


def said(request: Entitlement) -> Entitlement:
    request.sealed = telling.seal(Said(words="Merci."), request)
    request.save()
    return request


@pytest.mark.line("O-08")
def test_a_proof_stays_while_its_request_is_studied_and_goes_ninety_days_after_the_answer() -> None:
    mother = a_guardian()
    proof = a_proof(mother)
    request = a_request(mother, uploads=[str(proof.id)])
    assert due(400) == {}

    Entitlement.objects.filter(pk=request.pk).update(status=Status.GRANTED, decided_at=after(10))
    assert due(100) == {}
    assert due(101) == {"proofs": 1}
    retention.purge(at=after(101))

    request.refresh_from_db()
    assert (request.status, request.uploads, Upload.objects.count()) == (Status.GRANTED, [], 0)


def test_a_file_that_was_sent_and_never_asked_with_goes_after_a_day() -> None:
    a_proof(a_guardian())

    assert due(2) == {"files": 1}


def test_a_proof_of_two_children_stays_until_both_are_answered() -> None:
    mother = a_guardian()
    proof = a_proof(mother)
    for name, answered in (("Ada", NOON), ("Bo", None)):
        a_request(
            mother,
            participant=a_child(name, of=mother),
            uploads=[str(proof.id)],
            status=Status.REFUSED if answered else Status.ASKED,
            decided_at=answered,
        )
    retention.purge(at=after(91))

    assert sorted(len(request.uploads) for request in Entitlement.objects.all()) == [0, 1]
    assert Upload.objects.count() == 1


def test_what_was_said_goes_thirty_days_after_the_end_and_the_request_two_years_after() -> None:
    mother = a_guardian()
    said(a_grant(mother, Kind.SUPPORT, until=date(2026, 10, 16)))
    said(a_grant(mother, Kind.APPROVAL))
    said(a_request(mother, status=Status.REFUSED, decided_at=NOON))
    waiting = said(a_request(mother))

    assert due(30) == {}
    assert due(31) == {"requests_said": 1}
    assert due(30 + 31) == {"requests_said": 2}
    assert due(730 + 31)["requests"] == 2
    retention.purge(at=after(730 + 31))

    assert {request.kind for request in Entitlement.objects.all()} == {Kind.APPROVAL, Kind.RESIDENCE}
    waiting.refresh_from_db()
    assert telling.said(waiting) == Said(words="Merci.")


def test_what_another_adult_of_the_household_asked_is_not_in_the_copy_of_ones_data() -> None:
    mother, partner = a_guardian(), a_guardian()
    Guardian.objects.filter(id=partner.id).update(household=mother.household)
    a_request(partner, Kind.INCOME)
    partner.refresh_from_db()

    assert dossier.all_rows(mother)["entitlements.Entitlement"] == []
    assert len(dossier.all_rows(partner)["entitlements.Entitlement"]) == 1
