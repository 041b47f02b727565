"""Changes in the workplace: who sees them and decides, who changes the fee; the counter; a choice that is cancelled."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from kernel import clock
from kernel.database import connection
from shared_apps.audit.models import Entry
from shared_apps.outbox import delivery
from shared_apps.outbox.models import Message
from shared_apps.vault.sealing import seal_bytes
from tenant_apps.changes.models import ChangeRequest, Kind, Status
from tenant_apps.forms.models import Upload
from tenant_apps.organisation import operations as organisation
from tenant_apps.organisation.models import Role
from tenant_apps.payments.models import Refund
from tenant_apps.privacy.readings import READ
from tenant_apps.registrations.models import Registration
from tenant_apps.registrations.models import Status as Registered
from tests.factories.catalog import an_offering, an_option
from tests.factories.changes import a_paid, ask, practice
from tests.factories.families import a_child, a_guardian
from tests.factories.organisation import an_establishment
from tests.office.conftest import SignIn
from tests.portal.people import words

OFFICE = "config.urls.organisation"
DECIDES = [Role.OWNER, Role.ADMINISTRATOR, Role.PROGRAMME_MANAGER, Role.SECRETARY]
STUDIED = {"allowed": True, "decision": "staff", "fees": [{"cents": 2000}]}


@pytest.fixture(autouse=True)
def studied(profile: Any, settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    practice(withdrawal=STUDIED)


def url(name: str, *args: object) -> str:
    return reverse(f"office:{name}", urlconf=OFFICE, args=args)


def a_registration(first_name: str = "Ada", **child: Any) -> Registration:
    guardian = a_guardian()
    option = child.pop("option", None) or an_option("Semaine 1", price=10000, places=5)
    own = a_child(first_name, of=guardian, **child)
    return a_paid(option, child=own, guardian=guardian, at=clock.now())


def asked(registration: Registration, **more: Any) -> ChangeRequest:
    return ask(registration, Kind.WITHDRAWAL, (2000, 8000, 0), at=clock.now(), words="Nous déménageons.", **more)


def a_proof(registration: Registration) -> Upload:
    upload = Upload(
        name="certificat.pdf", content_type="application/pdf", size_bytes=3, given_by=registration.basket.guardian
    )
    sealed = seal_bytes(b"pdf", place="forms.Upload.content", row_id=upload.id)
    upload.path = default_storage.save("proofs/x", ContentFile(sealed))
    upload.save()
    return upload


def refunds() -> list[int]:
    return list(Refund.objects.values_list("amount_cents", flat=True))


@pytest.mark.parametrize("role", DECIDES)
def test_who_answers_families_accepts(as_staff: SignIn, role: Role) -> None:
    change = asked(a_registration(establishment=(school := an_establishment())))
    staff = as_staff(role, school)

    listed = words(staff.get(url("change_requests")))
    answer = staff.post(
        url("change_request", change.id), {"decision": "accept", "answer": "Bien reçu.", "fee": "20,00"}
    )

    assert "Désinscription" in listed
    assert (answer.status_code, refunds()) == (302, [8000])


@pytest.mark.parametrize("role", sorted(set(Role.values) - set(DECIDES)))
def test_nobody_else_sees_them(as_staff: SignIn, role: str) -> None:
    registration = a_registration()
    change, staff = asked(registration), as_staff(role)

    for address in (
        url("change_requests"),
        url("change_request", change.id),
        url("registration_change", registration.id),
    ):
        assert staff.get(address).status_code == 403


def test_another_school_s_requests_do_not_exist(as_staff: SignIn) -> None:
    registration = a_registration(establishment=an_establishment())
    change, staff = asked(registration), as_staff(Role.SECRETARY, an_establishment())

    assert "Aucune demande n’attend" in words(staff.get(url("change_requests")))
    assert staff.get(url("change_request", change.id)).status_code == 404
    assert staff.post(url("change_request", change.id), {"decision": "accept"}).status_code == 404
    assert staff.get(url("registration_change", registration.id)).status_code == 404


def test_only_who_sets_prices_changes_the_fee(as_staff: SignIn) -> None:
    school = an_establishment()
    first, second = (asked(a_registration(name, establishment=school)) for name in ("Ada", "Bo"))
    told = {"decision": "accept", "fee": "0"}

    as_staff(Role.SECRETARY, school).post(url("change_request", first.id), told)
    as_staff(Role.ADMINISTRATOR).post(url("change_request", second.id), told)

    assert refunds() == [8000, 10000]


def test_a_refusal_says_why_and_keeps_what_was_typed(as_staff: SignIn) -> None:
    change, staff = asked(a_registration()), as_staff(Role.OWNER)

    bare = staff.post(url("change_request", change.id), {"decision": "refuse", "answer": "", "fee": "abc"})
    done = staff.post(url("change_request", change.id), {"decision": "refuse", "answer": "Trop tard.", "fee": ""})

    assert (bare.status_code, "Dites à la famille pourquoi." in words(bare)) == (422, True)
    change.refresh_from_db()
    assert (done.status_code, change.status, refunds()) == (302, Status.REFUSED, [])


def test_a_fee_above_what_was_paid_is_refused_at_its_field(as_staff: SignIn) -> None:
    change, staff = asked(a_registration()), as_staff(Role.OWNER)

    for typed in ("100,01", "-5", "beaucoup"):
        answer = staff.post(url("change_request", change.id), {"decision": "accept", "fee": typed})
        assert answer.status_code == 422
        assert 'id="id_fee_error"' in answer.content.decode()

    assert refunds() == []


def test_the_second_of_two_clerks_is_told_what_happened(as_staff: SignIn) -> None:
    change, staff = asked(a_registration()), as_staff(Role.OWNER)
    told = {"decision": "accept", "fee": "20"}
    staff.post(url("change_request", change.id), told)

    again = staff.post(url("change_request", change.id), told)

    assert (again.status_code, "Cette demande a changé entre-temps" in words(again)) == (422, True)
    assert refunds() == [8000]


def test_who_reads_the_reason_or_opens_the_proof_is_in_the_trail(as_staff: SignIn) -> None:
    registration = a_registration()
    proof = a_proof(registration)
    change, staff = asked(registration, upload_ids=[proof.id]), as_staff(Role.OWNER)

    staff.get(url("change_request", change.id))
    opened = staff.get(url("change_proof", change.id, proof.id))

    assert opened.status_code == 200
    read = Entry.objects.filter(subject="change", action__endswith="read").order_by("at", "id")
    assert list(read.values_list("action", flat=True)) == [READ, "changes.proof_read"]
    told = read.get(action=READ).details
    assert (told["children"], told["reason"]) == ([str(registration.participant_id)], "change")
    assert staff.get(url("change_proof", change.id, registration.id)).status_code == 404


def test_the_queue_asks_as_many_queries_for_one_request_as_for_three(as_staff: SignIn) -> None:
    asked(a_registration())
    staff = as_staff(Role.OWNER)
    staff.get(url("change_requests"))
    with CaptureQueriesContext(connection) as for_one:
        staff.get(url("change_requests"))
    for name in ("Bo", "Cleo"):
        asked(a_registration(name))
    with CaptureQueriesContext(connection) as for_three:
        staff.get(url("change_requests"))

    assert len(for_three) == len(for_one)


def test_filters_narrow_the_queue(as_staff: SignIn) -> None:
    school = an_establishment()
    asked(a_registration("Ada", last_name="Tremblay", establishment=school))
    asked(a_registration("Bo", last_name="Roy"))
    staff, address = as_staff(Role.OWNER), url("change_requests")

    for query, shown in (({"q": "tremblay"}, "Ada"), ({"establishment": str(school.id)}, "Ada"), ({"q": "roy"}, "Bo")):
        listed = words(staff.get(address, query))
        assert "1 demande" in listed and shown in listed
    assert "Aucune demande" in words(staff.get(address, {"kind": "swap"}))
    assert staff.get(address, {"kind": "x", "status": "x", "establishment": "x"}).status_code == 200


class TestTheCounter:
    def test_staff_withdraw_for_the_family_at_the_fee_of_the_policy(self, as_staff: SignIn) -> None:
        registration = a_registration()

        done = as_staff(Role.OWNER).post(url("registration_change", registration.id), {"action": "withdraw"})

        assert (done.status_code, refunds()) == (302, [8000])

    def test_the_organisation_cancels_with_its_reason_and_gives_all_of_it_back(self, as_staff: SignIn) -> None:
        registration, staff = a_registration(), as_staff(Role.PROGRAMME_MANAGER)
        address = url("registration_change", registration.id)

        bare = staff.post(address, {"action": "cancel"})
        staff.post(address, {"action": "cancel", "answer": "La piscine est fermée."})

        registration.refresh_from_db()
        assert (bare.status_code, registration.status, refunds()) == (422, Registered.CANCELLED, [10000])

    def test_another_choice_and_another_child(self, as_staff: SignIn) -> None:
        registration, staff = a_registration(), as_staff(Role.OWNER)
        other = an_option("Semaine 2", price=10000, offering=registration.option.offering)
        bo = a_child("Bo", of=registration.basket.guardian)
        address = url("registration_change", registration.id)

        bare = staff.post(address, {"action": "swap", "fee": "0"})
        staff.post(address, {"action": "swap", "option": str(other.id), "fee": "0"})
        staff.post(address, {"action": "transfer", "participant": str(bo.id), "fee": "0"})

        registration.refresh_from_db()
        assert (bare.status_code, registration.option_id, registration.participant_id) == (422, other.id, bo.id)

    def test_nonsense_changes_nothing(self, as_staff: SignIn) -> None:
        registration, staff = a_registration(), as_staff(Role.OWNER)

        for told in (
            {},
            {"action": "x"},
            {"action": "transfer", "participant": "x"},
            {"action": "swap", "option": "1"},
        ):
            assert staff.post(url("registration_change", registration.id), told).status_code == 422


class TestCancellingAChoice:
    def test_everybody_is_paid_back_and_told_once_and_nobody_else_takes_it(self, as_staff: SignIn) -> None:
        week = an_option("Semaine 1", price=10000, places=30, offering=an_offering())
        kept = a_registration("Zoé", option=an_option("Semaine 2", price=10000, offering=week.offering))
        for number in range(3):
            a_registration(f"Ada {number}", option=week)
        address, staff = url("close_options", week.offering.slug), as_staff(Role.OWNER)
        told = {"options": [str(week.id)], "answer": "La piscine est fermée.", "sure": "on"}

        unsure = staff.post(address, {**told, "sure": ""})
        for _ in range(2):
            staff.post(address, told)
            for _ in range(3):
                delivery.handle_events(at=clock.now())

        assert unsure.status_code == 422
        states = Registration.objects.filter(option=week).values_list("status", flat=True)
        assert set(states) == {Registered.CANCELLED}
        assert refunds() == [10000] * 3
        week.refresh_from_db()
        kept.refresh_from_db()
        assert (week.is_offered, kept.status) == (False, Registered.CONFIRMED)
        letters = Message.objects.filter(unique_key__startswith="change:")
        assert letters.count() == 3
        assert all("La piscine est fermée." in each.text and "100,00" in each.text for each in letters)

    def test_it_is_for_who_changes_the_catalogue(self, as_staff: SignIn) -> None:
        offering = an_option().offering

        assert as_staff(Role.SECRETARY, an_establishment()).get(url("close_options", offering.slug)).status_code == 403


def test_the_family_and_the_staff_are_written_to(as_staff: SignIn) -> None:
    organisation.describe(contact_email="accueil@example.org")
    change = asked(a_registration())
    delivery.handle_events(at=clock.now())
    as_staff(Role.OWNER).post(url("change_request", change.id), {"decision": "accept", "fee": "20"})
    delivery.handle_events(at=clock.now())

    written = {each.unique_key: each for each in Message.objects.filter(unique_key__startswith="change:")}
    assert set(written) == {f"change:{change.id}:staff", f"change:{change.id}:decided"}
    letter = written[f"change:{change.id}:decided"]
    assert "80,00" in letter.text and "20,00" in letter.text
    assert "déménageons" not in letter.text + written[f"change:{change.id}:staff"].text
    assert not Message.objects.filter(unique_key__startswith="refund:").exists()
