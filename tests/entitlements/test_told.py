"""What is written of requests: who is told, once, and nothing of what was said."""

from datetime import date, datetime, timedelta

import pytest

from shared_apps.audit.actors import SYSTEM
from shared_apps.outbox.models import Event, Message
from tenant_apps.entitlements.models import Entitlement, Kind, Status
from tenant_apps.entitlements.operations import asking, deciding
from tenant_apps.entitlements.operations.deciding import Granted
from tenant_apps.families.models import Guardian, Guardianship
from tenant_apps.notifications import entitlements as letters
from tenant_apps.organisation import operations as organisation
from tenant_apps.registrations import support
from tests.factories.catalog import an_offering, an_option
from tests.factories.entitlements import a_grant, a_request
from tests.factories.families import a_child, a_guardian
from tests.factories.forms import a_consent
from tests.factories.moments import NOON, TORONTO

UNTIL = date(2027, 9, 15)
GRANTED = Granted(from_on=NOON.date(), until_on=UNTIL, ratio=1, answer="Une accompagnatrice.")
DAY = datetime(2026, 9, 16, 10, 0, tzinfo=TORONTO)


def hear() -> list[Message]:
    """What the worker does with what happened, in the order of the outbox."""
    for event in Event.objects.filter(kind__in=letters.LISTENERS).order_by("id"):
        letters.LISTENERS[event.kind](event.payload)
    return list(Message.objects.order_by("id"))


@pytest.mark.line("O-08")
def test_staff_hear_that_somebody_asks_and_the_family_that_it_was_answered() -> None:
    organisation.describe(contact_email="accueil@example.org")
    mother = a_guardian()
    [request] = asking.ask(
        guardian_id=mother.id, kind=Kind.INCOME, participant_ids=[None], words="Perte d’emploi", actor=SYSTEM, at=NOON
    )
    [told] = hear()
    assert (told.recipient, told.subject) == ("accueil@example.org", "Demande d’une famille à traiter")

    deciding.refuse(entitlement_ids=[request.id], answer="Avis trop ancien.", actor=SYSTEM, at=NOON)
    _staff, refused = hear()

    assert (refused.recipient, refused.subject) == (mother.email, "Réponse à votre demande")
    assert f"/mon-dossier/preuves/{request.id}" in refused.text
    for message in (told, refused):
        assert "emploi" not in message.text
        assert "trop ancien" not in message.text
        assert "revenu" not in message.text.lower()


@pytest.mark.line("O-08")
def test_what_is_accepted_says_until_when_and_is_told_once() -> None:
    mother = a_guardian()
    request = a_request(mother)
    deciding.accept(entitlement_ids=[request.id], granted=GRANTED, actor=SYSTEM, at=NOON)
    hear()

    [message] = hear()

    assert message.subject == "Votre demande est acceptée"
    assert "15 septembre 2027" in message.text


@pytest.mark.line("O-11")
@pytest.mark.parametrize("has_form", [False, True])
def test_who_was_granted_support_is_told_where_to_finish_and_until_when(has_form: bool) -> None:
    mother = a_guardian()
    child = a_child(of=mother)
    form = a_consent().form if has_form else None
    camp = an_offering(support={"keep_days": 10}, opens_at=NOON + timedelta(days=30), consent_form=form)
    [request] = support.ask(
        guardian_id=mother.id,
        participant_id=child.id,
        option_ids=[an_option(offering=camp, places=1).id],
        words="Diabète.",
        actor=SYSTEM,
        at=NOON,
    )
    support.accept(entitlement_id=request.id, granted=GRANTED, actor=SYSTEM, at=NOON)

    [message] = hear()

    assert "21 septembre 2026" in message.text
    page = f"/activites/{camp.slug}/inscription?enfant={child.id}" if has_form else "/panier"
    assert page in message.text
    assert "accompagnatrice" not in message.text
    assert "Diabète" not in message.text


def test_who_is_kept_away_from_the_child_is_told_nothing() -> None:
    mother = a_guardian()
    request = a_request(mother, Kind.APPROVAL, participant=a_child(of=mother), offering=an_offering())
    Guardianship.objects.update(is_blocked=True)
    deciding.accept(entitlement_ids=[request.id], granted=GRANTED, actor=SYSTEM, at=NOON)

    assert hear() == []


def test_what_ends_early_is_told() -> None:
    grant = a_grant(a_guardian(), until=UNTIL)
    deciding.end(entitlement_id=grant.id, until_on=NOON.date(), actor=SYSTEM, at=NOON)

    [message] = hear()
    assert message.subject == "Ce qui vous était accordé prend fin"


@pytest.mark.line("O-08")
@pytest.mark.parametrize(
    ("days_left", "is_told"), [(-1, False), (0, True), (30, True), (31, False)], ids=["over", "last day", "30", "31"]
)
def test_a_proof_that_runs_out_within_a_month_is_asked_again_once(days_left: int, is_told: bool) -> None:
    a_grant(a_guardian(), until=DAY.date() + timedelta(days=days_left), valid_from_on=DAY.date() - timedelta(days=300))
    for _time in range(2):
        letters.remind_before_the_end(at=DAY)

    assert Message.objects.count() == (1 if is_told else 0)


def an_ending_grant(guardian: Guardian, kind: Kind = Kind.RESIDENCE) -> Entitlement:
    until = DAY.date() + timedelta(days=10)
    return a_grant(guardian, kind, until=until, valid_from_on=DAY.date() - timedelta(days=300))


@pytest.mark.parametrize(
    "renewal",
    [
        {"status": Status.ASKED},
        {"status": Status.GRANTED, "valid_until_on": UNTIL},
        {"status": Status.GRANTED, "valid_until_on": None},
    ],
)
def test_who_has_asked_again_is_left_in_peace(renewal: dict[str, object]) -> None:
    mother = a_guardian()
    an_ending_grant(mother)
    a_request(mother, **renewal)

    assert letters.remind_before_the_end(at=DAY) == 0


def test_an_approval_is_not_asked_again_nor_is_anything_in_the_night() -> None:
    mother = a_guardian()
    an_ending_grant(mother, Kind.APPROVAL)
    an_ending_grant(mother)

    assert letters.remind_before_the_end(at=DAY.replace(hour=7)) == 0
    assert letters.remind_before_the_end(at=DAY) == 1
