"""The figures that each organisation's own task leaves for operators."""

from datetime import timedelta

import pytest

from kernel import clock
from shared_apps.outbox.models import Message, MessageStatus
from tenant_apps.registrations.models import Registration
from tenants.context import in_organisation, in_registry
from tenants.models import Organisation, Pulse
from tenants.watching import pulse
from tenants.watching.pulse import FIGURES
from tests.factories.catalog import an_option
from tests.factories.families import a_child, a_guardian
from tests.factories.registrations import a_hold

pytestmark = pytest.mark.django_db


def a_message(key: str, *, status: MessageStatus = MessageStatus.QUEUED, minutes_ago: int = 0) -> None:
    at = clock.now() - timedelta(minutes=minutes_ago)
    Message.objects.create(
        unique_key=key,
        recipient="family@example.org",
        language="fr",
        subject="s",
        text="t",
        status=status,
        created_at=at,
        sent_at=at if status == MessageStatus.SENT else None,
    )


def test_the_mail_that_waits_failed_and_went_is_counted(organisation_a: Organisation) -> None:
    a_message("new")
    a_message("old", minutes_ago=10)
    a_message("failed", status=MessageStatus.FAILED)
    a_message("failed long ago", status=MessageStatus.FAILED, minutes_ago=60 * 24 * 8)
    a_message("sent", status=MessageStatus.SENT)

    figures = pulse.take(at=clock.now())

    assert {name: value for name, value in figures.items() if name.startswith("mail_") and "oldest" not in name} == {
        "mail_waiting": 2,
        "mail_failed": 2,
        "mail_failed_week": 1,
        "mail_sent_week": 1,
    }
    assert 600 <= figures["mail_oldest_seconds"] < 700


def test_a_hold_that_ends_within_the_hour_is_counted(organisation_a: Organisation) -> None:
    assert pulse.take(at=clock.now())["holds_ending"] == 0

    held = a_hold(an_option(places=5))
    Registration.objects.filter(pk=held.pk).update(held_until=clock.now() + timedelta(minutes=30))

    figures = pulse.take(at=clock.now())
    assert (figures["holds"], figures["holds_ending"], figures["confirmed_today"]) == (1, 1, 0)


def test_each_organisation_has_its_own_and_only_the_last_ones_are_kept(
    organisation_a: Organisation, organisation_b: Organisation
) -> None:
    a_child("Ada", of=a_guardian())
    pulse.take(at=clock.now())
    pulse.take(at=clock.now())
    with in_organisation(organisation_b):
        pulse.take(at=clock.now())

    with in_registry():
        kept = {row.organisation.slug: row.figures["participants"] for row in Pulse.objects.all()}
    assert kept == {"a": 1, "b": 0}


def test_all_that_is_kept_is_numbers(organisation_a: Organisation) -> None:
    figures = pulse.take(at=clock.now())

    assert {type(value) for value in figures.values()} == {int}


@pytest.mark.parametrize("wrong", ["Ada Lovelace", None, True, ["a"]])
def test_what_is_no_number_is_not_kept_and_the_other_rooms_are_heard(
    organisation_a: Organisation, monkeypatch: pytest.MonkeyPatch, wrong: object
) -> None:
    monkeypatch.setitem(FIGURES._entries, "curious", lambda: {"name": wrong})  # type: ignore[dict-item,return-value]

    figures = pulse.take(at=clock.now())

    assert "name" not in figures
    assert figures["participants"] == 0


def test_a_room_that_fails_in_the_database_keeps_nobody_from_answering(
    organisation_a: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import connection

    def broken() -> dict[str, float]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT nothing FROM nowhere")
        return {}

    monkeypatch.setattr(FIGURES, "_entries", {"broken": broken, **dict(FIGURES)})

    assert pulse.take(at=clock.now())["participants"] == 0
