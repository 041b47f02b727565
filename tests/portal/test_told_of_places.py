"""What families are told of places: before a hold ends, when one is offered to them, and when an offer ran out."""

from datetime import datetime, timedelta

import pytest

from shared_apps.audit.actors import SYSTEM
from shared_apps.outbox.models import Event, Message
from tenant_apps.catalog.models import Option
from tenant_apps.families.models import Guardian, Guardianship
from tenant_apps.notifications import holds, waiting
from tenant_apps.registrations import operations as registrations
from tenant_apps.registrations import waiting as lists
from tenant_apps.registrations.models import Registration, RequestStatus
from tests.clients import HostClient
from tests.factories.catalog import an_offering, an_option
from tests.factories.families import a_child, a_guardian, a_guest
from tests.factories.moments import NOON, TORONTO
from tests.factories.registrations import a_basket, a_claim, a_hold
from tests.portal.people import words

LISTENERS = {**holds.LISTENERS, **waiting.LISTENERS}
MORNING = datetime(2026, 9, 16, 10, 0, tzinfo=TORONTO)
NIGHT = datetime(2026, 9, 16, 23, 0, tzinfo=TORONTO)


def hear() -> list[Message]:
    """What the worker does with what happened, in the order of the outbox."""
    for event in Event.objects.filter(kind__in=LISTENERS, handled_at=None).order_by("id"):
        LISTENERS[event.kind](event.payload)
        Event.objects.filter(id=event.id).update(handled_at=NOON)
    return list(Message.objects.order_by("id"))


def a_held(
    mother: Guardian, *, at: datetime, minutes: int = 4320, child: str = "Lucie", **columns: object
) -> Registration:
    camp = an_offering("Plaine", hold_minutes=minutes, holding={"remind_hours": 24}, **columns)
    week = an_option("Semaine 1", offering=camp, places=3)
    return a_hold(week, basket=a_basket(mother), child=a_child(child, of=mother), at=at)


def a_listed(places: int = 1, on_refusal: str = "keep") -> Option:
    terms = {"mode": "automatic", "offer_hours": 24, "on_refusal": on_refusal}
    return an_option("Semaine 1", offering=an_offering("Plaine", waiting=terms), places=places)


def an_offer(mother: Guardian, week: Option, child: str = "Lucie") -> str:
    """Another family gives up the place that this one waits for. The identifier of the request."""
    taken = a_hold(week)
    claim = a_claim(a_child(child, of=mother), week)
    [request] = lists.ask(guardian_id=mother.id, claims=[claim], together=False, actor=SYSTEM, at=NOON)
    registrations.release(basket_id=taken.basket_id, registration_ids=[taken.id], actor=SYSTEM, at=NOON)
    return str(request.id)


@pytest.mark.line("S4-34")
def test_a_family_is_reminded_once_a_day_before_its_places_are_lost() -> None:
    mother = a_guardian()
    a_held(mother, at=MORNING)

    early = holds.remind(at=MORNING + timedelta(days=1))
    due = holds.remind(at=MORNING + timedelta(days=2))
    again = holds.remind(at=MORNING + timedelta(days=2, hours=1))
    [message] = hear()

    assert (early, due, again) == (0, 1, 0)
    assert message.recipient == mother.email
    assert "samedi 19 septembre 2026 à 10\u202fh" in message.subject.replace("\u00a0", "\u202f")
    assert "Plaine" in message.text
    assert "Semaine 1" in message.text
    assert "/panier/finaliser" in message.text


def test_what_was_paid_or_given_up_before_the_mail_left_is_not_named() -> None:
    mother = a_guardian()
    first = a_held(mother, at=MORNING)
    a_held(mother, at=MORNING, child="Hugo")
    holds.remind(at=MORNING + timedelta(days=2))
    registrations.confirm(registration_id=first.id, at=MORNING)

    [message] = hear()

    assert "Hugo" in message.text
    assert "Lucie" not in message.text


def test_nobody_is_written_to_when_nothing_is_left() -> None:
    first = a_held(a_guardian(), at=MORNING)
    holds.remind(at=MORNING + timedelta(days=2))
    registrations.confirm(registration_id=first.id, at=MORNING)

    assert hear() == []


def test_in_the_night_only_those_are_reminded_for_whom_the_morning_is_too_late() -> None:
    late, soon = a_guardian(), a_guardian()
    a_held(late, at=NIGHT - timedelta(days=2), minutes=3 * 24 * 60 - 11 * 60)
    a_held(soon, at=NIGHT - timedelta(days=2), minutes=2 * 24 * 60 + 6 * 60)

    in_the_night = holds.remind(at=NIGHT)
    told = [message.recipient for message in hear()]
    in_the_morning = holds.remind(at=NIGHT + timedelta(hours=9, minutes=1))

    assert (in_the_night, told, in_the_morning) == (1, [soon.email], 1)


def test_a_guest_is_led_to_the_basket_by_a_link(client: HostClient) -> None:
    guest = a_guest()
    a_held(guest, at=MORNING)
    holds.remind(at=MORNING + timedelta(days=2))

    [message] = hear()

    assert "/panier/lien/" in message.text


def test_a_child_from_whom_one_is_kept_away_is_not_named() -> None:
    mother = a_guardian()
    line = a_held(mother, at=MORNING)
    holds.remind(at=MORNING + timedelta(days=2))
    Guardianship.objects.filter(guardian=mother, participant=line.participant).update(is_blocked=True)

    assert hear() == []


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("keep", "vous gardez votre rang"),
        ("lose", "vous passez à la fin de la liste"),
        ("leave", "vous quittez la liste"),
    ],
)
def test_an_offer_is_told_with_its_deadline_and_what_a_refusal_does(rule: str, told: str) -> None:
    mother = a_guardian()
    an_offer(mother, a_listed(on_refusal=rule))

    hear()
    [message] = hear()

    assert message.recipient == mother.email
    assert message.subject == "Une place vous est proposée\u202f: Plaine"
    assert "jeudi 17 septembre 2026" in message.text
    assert told in message.text
    assert "/listes-d-attente" in message.text


@pytest.mark.parametrize("rules", [("keep", "leave"), ("leave", "keep")])
def test_what_is_offered_together_is_told_by_the_strictest_rule_and_goes_by_it(rules: tuple[str, str]) -> None:
    mother, weeks = a_guardian(), [a_listed(on_refusal=rule) for rule in rules]
    taken = [a_hold(week) for week in weeks]
    child = a_child(of=mother)
    claims = [a_claim(child, week) for week in weeks]
    [request] = lists.ask(guardian_id=mother.id, claims=claims, together=True, actor=SYSTEM, at=NOON)
    for line in taken:
        registrations.release(basket_id=line.basket_id, registration_ids=[line.id], actor=SYSTEM, at=NOON)

    [letter] = hear()
    lists.refuse(request_id=request.id, guardian_id=mother.id, actor=SYSTEM, at=NOON)

    request.refresh_from_db()
    assert ("vous quittez la liste" in letter.text, request.status) == (True, RequestStatus.REFUSED)


def test_an_offer_answered_before_the_mail_left_is_not_told() -> None:
    mother = a_guardian()
    request = an_offer(mother, a_listed(on_refusal="leave"))
    lists.refuse(request_id=request, guardian_id=mother.id, actor=SYSTEM, at=NOON)

    assert hear() == []


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("keep", "Vous gardez votre rang sur la liste d’attente."),
        ("lose", "Vous êtes maintenant à la fin de la liste d’attente."),
        ("leave", "Vous n’êtes plus sur la liste d’attente."),
    ],
)
def test_who_did_not_answer_learns_what_becomes_of_the_rank(rule: str, told: str) -> None:
    mother = a_guardian()
    an_offer(mother, a_listed(on_refusal=rule))
    hear()
    registrations.sweep(at=NOON + timedelta(days=2))

    messages = hear()

    lapsed = next(message for message in messages if message.subject == "La place proposée n’est plus gardée")
    assert told in lapsed.text
    assert lapsed.recipient == mother.email


def test_the_link_of_a_guests_mail_opens_the_offer_and_nothing_else(client: HostClient) -> None:
    guest = a_guest()
    an_offer(guest, a_listed())
    hear()
    [message] = hear()
    address = "/listes-d-attente/lien/" + message.text.split("/listes-d-attente/lien/")[1].split()[0]

    shown = words(client.get(address))
    before = client.get("/listes-d-attente").status_code
    after = words(client.post(address, follow=True))

    assert "Une place vous est proposée" in shown
    assert "Lucie, Plaine – Semaine 1" in shown
    assert before == 302
    assert "Prendre la place" in after


def test_a_link_that_was_changed_opens_nothing(client: HostClient) -> None:
    an_offer(a_guest(), a_listed())

    assert client.get("/listes-d-attente/lien/abc").status_code == 404
    assert client.post("/listes-d-attente/lien/abc:def").status_code == 404
