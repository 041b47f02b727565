"""Asking, and answering: one request at a time, one decision each, and nothing said in the trail."""

from datetime import date, timedelta

import pytest

from kernel import ids
from shared_apps.audit.actors import SYSTEM
from shared_apps.audit.models import Entry
from shared_apps.outbox.models import Event
from tenant_apps.entitlements import errors, telling, terms
from tenant_apps.entitlements.models import Entitlement, Kind, Status
from tenant_apps.entitlements.operations import asking, deciding
from tenant_apps.entitlements.operations.deciding import Granted
from tenant_apps.entitlements.telling import Said
from tenant_apps.families.models import Guardian, Guardianship, Participant
from tenant_apps.organisation.prices import Residence
from tests.factories.catalog import an_offering, an_option
from tests.factories.entitlements import a_grant, a_request
from tests.factories.families import a_child, a_guardian
from tests.factories.moments import NOON

TODAY = NOON.date()
A_YEAR = Granted(from_on=TODAY, until_on=date(2027, 9, 15), key="resident", answer="Bienvenue.")


def ask(guardian: Guardian, *children: Participant, kind: Kind = Kind.RESIDENCE, **said: object) -> list[Entitlement]:
    people = [child.id for child in children] or [None]
    return asking.ask(guardian_id=guardian.id, kind=kind, participant_ids=people, actor=SYSTEM, at=NOON, **said)


def actions() -> list[str]:
    return list(Entry.objects.filter(subject="entitlement").order_by("id").values_list("action", flat=True))


@pytest.mark.line("O-08")
def test_a_family_asks_once_for_the_household_and_for_each_child() -> None:
    mother = a_guardian()
    child = a_child(of=mother)
    proof = ids.uuid7()

    [household] = ask(mother, key="resident", words="Nous avons déménagé.", upload_ids=[proof])
    [own] = ask(mother, child, kind=Kind.SUBSIDY, key="first")

    assert (household.status, household.participant_id, household.uploads) == (Status.ASKED, None, [str(proof)])
    assert telling.said(household) == Said(words="Nous avons déménagé.")
    assert (own.participant_id, own.key) == (child.id, "first")
    assert actions() == ["entitlements.asked", "entitlements.asked"]
    assert [event.kind for event in Event.objects.all()] == ["entitlements.asked"] * 2


def test_the_same_is_not_asked_twice_while_it_is_studied() -> None:
    mother = a_guardian()
    ask(mother)

    with pytest.raises(errors.AlreadyAsked) as refused:
        ask(mother)

    assert refused.value.values == {"names": "Preuve de résidence"}
    assert Entitlement.objects.count() == 1


def test_nobody_asks_for_a_child_whom_they_may_not_enrol_or_do_not_know() -> None:
    mother, stranger, relative = a_guardian(), a_guardian(), a_guardian()
    child = a_child(of=mother)
    Guardianship.objects.create(guardian=relative, participant=child, may_enrol=False)

    for guardian in (stranger, relative):
        with pytest.raises(errors.MayNotAsk):
            ask(guardian, child)

    assert Entitlement.objects.count() == 0


@pytest.mark.line("O-08")
def test_what_is_accepted_has_its_days_its_answer_and_who_decided() -> None:
    [request] = ask(a_guardian(), words="Voici le bail.")

    [accepted] = deciding.accept(entitlement_ids=[request.id], granted=A_YEAR, actor=SYSTEM, at=NOON)

    assert (accepted.status, accepted.key) == (Status.GRANTED, "resident")
    assert (accepted.valid_from_on, accepted.valid_until_on) == (TODAY, date(2027, 9, 15))
    assert accepted.decided_at == NOON
    assert telling.said(accepted) == Said(words="Voici le bail.", answer="Bienvenue.")
    assert [event.kind for event in Event.objects.order_by("id")] == ["entitlements.asked", "entitlements.decided"]


def test_a_refusal_says_why_or_is_none() -> None:
    [request] = ask(a_guardian())

    with pytest.raises(errors.ReasonMissing):
        deciding.refuse(entitlement_ids=[request.id], answer="  ", actor=SYSTEM, at=NOON)
    [refused] = deciding.refuse(entitlement_ids=[request.id], answer="Le bail est expiré.", actor=SYSTEM, at=NOON)

    assert refused.status == Status.REFUSED
    assert telling.said(refused).answer == "Le bail est expiré."


def test_who_decides_second_is_told_and_changes_nothing() -> None:
    [request] = ask(a_guardian())
    deciding.refuse(entitlement_ids=[request.id], answer="Non.", actor=SYSTEM, at=NOON)

    with pytest.raises(errors.AlreadyDecided) as refused:
        deciding.accept(entitlement_ids=[request.id], granted=A_YEAR, actor=SYSTEM, at=NOON)

    assert refused.value.values == {"now": "Refusée"}
    request.refresh_from_db()
    assert (request.status, request.valid_until_on, telling.said(request).answer) == (Status.REFUSED, None, "Non.")


def test_of_several_requests_all_are_answered_or_none() -> None:
    mother = a_guardian()
    first, second = ask(mother, a_child("Ada", of=mother), a_child("Bo", of=mother))
    asking.withdraw(entitlement_id=second.id, guardian_id=mother.id, actor=SYSTEM, at=NOON)

    with pytest.raises(errors.AlreadyDecided):
        deciding.accept(entitlement_ids=[first.id, second.id], granted=A_YEAR, actor=SYSTEM, at=NOON)

    first.refresh_from_db()
    assert first.status == Status.ASKED


def test_days_that_end_before_they_begin_are_refused() -> None:
    [request] = ask(a_guardian())

    with pytest.raises(errors.DaysRefused):
        deciding.accept(
            entitlement_ids=[request.id],
            granted=Granted(from_on=TODAY, until_on=TODAY - timedelta(days=1)),
            actor=SYSTEM,
            at=NOON,
        )


def test_a_family_takes_back_its_own_request_while_it_waits_and_nobody_elses() -> None:
    mother, other = a_guardian(), a_guardian()
    [request] = ask(mother)

    with pytest.raises(Entitlement.DoesNotExist):
        asking.withdraw(entitlement_id=request.id, guardian_id=other.id, actor=SYSTEM, at=NOON)
    withdrawn = asking.withdraw(entitlement_id=request.id, guardian_id=mother.id, actor=SYSTEM, at=NOON)
    with pytest.raises(errors.AlreadyDecided):
        asking.withdraw(entitlement_id=request.id, guardian_id=mother.id, actor=SYSTEM, at=NOON)

    assert withdrawn.status == Status.WITHDRAWN
    assert len(ask(mother)) == 1


def test_what_holds_can_be_ended_early_and_only_earlier() -> None:
    grant = a_grant(a_guardian(), until=date(2026, 12, 31))

    ended = deciding.end(entitlement_id=grant.id, until_on=TODAY, actor=SYSTEM, at=NOON)
    for day in (TODAY, date(2026, 12, 31), date(2026, 9, 1)):
        with pytest.raises(errors.NotInForce):
            deciding.end(entitlement_id=grant.id, until_on=day, actor=SYSTEM, at=NOON)

    assert ended.valid_until_on == TODAY
    assert actions() == ["entitlements.ended"]


def test_a_decision_is_taken_back_and_the_request_waits_again() -> None:
    mother = a_guardian()
    [request] = ask(mother)
    deciding.accept(entitlement_ids=[request.id], granted=A_YEAR, actor=SYSTEM, at=NOON)

    reopened = deciding.reopen(entitlement_id=request.id, actor=SYSTEM, at=NOON)

    assert (reopened.status, reopened.valid_until_on, reopened.decided_at) == (Status.ASKED, None, None)
    with pytest.raises(errors.AlreadyDecided):
        deciding.reopen(entitlement_id=request.id, actor=SYSTEM, at=NOON)


def test_a_decision_is_not_taken_back_once_the_family_has_asked_again() -> None:
    mother = a_guardian()
    refused = a_request(mother, status=Status.REFUSED)
    a_request(mother)

    with pytest.raises(errors.AlreadyAsked):
        deciding.reopen(entitlement_id=refused.id, actor=SYSTEM, at=NOON)


def test_the_trail_tells_who_decided_and_nothing_of_what_was_said() -> None:
    [request] = ask(a_guardian(), kind=Kind.SUPPORT, words="Ada est diabétique.")
    deciding.accept(entitlement_ids=[request.id], granted=A_YEAR, actor=SYSTEM, at=NOON)

    told = [(entry.action, entry.details) for entry in Entry.objects.filter(subject="entitlement").order_by("id")]

    assert told == [
        ("entitlements.asked", {"kind": "support"}),
        ("entitlements.accepted", {"kind": "support", "until_on": "2027-09-15"}),
    ]


@pytest.mark.parametrize(
    ("from_on", "months", "last"),
    [
        (date(2026, 3, 15), 12, date(2027, 3, 14)),
        (date(2026, 1, 1), 12, date(2026, 12, 31)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 9, 30), 5, date(2027, 2, 28)),
        (date(2026, 12, 15), 1, date(2027, 1, 14)),
    ],
)
def test_a_term_of_months_ends_the_day_before_or_with_the_month(from_on: date, months: int, last: date) -> None:
    assert terms.last_of(from_on, months) == last


def test_a_proof_has_the_organisations_term_and_an_approval_that_of_what_it_is_for() -> None:
    rule = Residence(proof_months=24)
    offering = an_offering(starts_on=date(2027, 7, 5), ends_on=date(2027, 7, 30))
    week = an_option(offering=offering, starts_on=date(2027, 7, 5), ends_on=date(2027, 7, 9))

    assert terms.last_day(Kind.RESIDENCE, from_on=TODAY, rule=rule) == date(2028, 9, 15)
    assert terms.last_day(Kind.INCOME, from_on=TODAY, rule=rule) == date(2027, 9, 15)
    assert terms.last_day(Kind.APPROVAL, from_on=TODAY, rule=rule, offering=offering) == date(2027, 7, 30)
    assert terms.last_day(Kind.SUPPORT, from_on=TODAY, rule=rule, offering=offering, option=week) == date(2027, 7, 9)
    assert terms.last_day(Kind.APPROVAL, from_on=TODAY, rule=rule, offering=an_offering()) is None
