"""Events reach their listener and messages the mail server: once, even when something fails on the way."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from kernel import leases
from shared_apps.outbox import delivery, operations
from shared_apps.outbox.listeners import LISTENERS
from shared_apps.outbox.models import Event, Message, MessageStatus
from tests.factories.moments import NOON


@pytest.fixture
def heard(organisation_a, monkeypatch):
    """What the listener of `test.happened` heard; it fails on {"fails": True}."""
    payloads = []

    def listener(payload):
        payloads.append(payload)
        if payload.get("fails"):
            raise RuntimeError("not this time")

    monkeypatch.setitem(LISTENERS._entries, "test.happened", listener)
    return payloads


def queue(**more):
    operations.queue_message(
        **{
            "unique_key": "order:1",
            "recipient": "parent@example.org",
            "language": "fr",
            "subject": "Inscription confirmée",
            "text": "Bonjour",
            "at": NOON,
            **more,
        }
    )


def test_an_event_is_heard_once(heard):
    operations.tell(kind="test.happened", payload={"order": "1"}, at=NOON)

    delivery.handle_events(at=NOON)
    delivery.handle_events(at=NOON + timedelta(hours=1))

    assert heard == [{"order": "1"}]


def test_an_event_whose_listener_fails_is_heard_again_later(heard):
    operations.tell(kind="test.happened", payload={"fails": True}, at=NOON)

    delivery.handle_events(at=NOON)
    delivery.handle_events(at=NOON + timedelta(seconds=1))
    assert len(heard) == 1
    delivery.handle_events(at=NOON + timedelta(minutes=10))

    assert len(heard) == 2
    assert Event.objects.get().last_error == "RuntimeError('not this time')"


def test_a_failing_event_does_not_hold_up_the_next(heard):
    operations.tell(kind="test.happened", payload={"fails": True}, at=NOON)
    operations.tell(kind="test.happened", payload={"order": "2"}, at=NOON)

    delivery.handle_events(at=NOON)

    assert {"order": "2"} in heard


def test_the_same_cause_sends_one_message(organisation_a):
    queue()
    queue(text="Bonjour encore")

    delivery.send_messages(at=NOON)
    delivery.send_messages(at=NOON + timedelta(days=1))

    assert [message.body for message in mail.outbox] == ["Bonjour"]
    assert Message.objects.get().status == MessageStatus.SENT


def test_a_message_carries_its_two_parts_and_its_attachment(organisation_a, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    path = default_storage.save("receipts/1.pdf", ContentFile(b"%PDF-"))
    queue(html="<p>Bonjour</p>", attachments=[{"name": "recu.pdf", "path": path, "type": "application/pdf"}])

    delivery.send_messages(at=NOON)

    [message] = mail.outbox
    assert message.alternatives == [("<p>Bonjour</p>", "text/html")]
    assert message.attachments == [("recu.pdf", b"%PDF-", "application/pdf")]


def test_a_subject_cannot_add_a_header(organisation_a):
    queue(subject="Bonjour\nBcc: everyone@example.org")

    delivery.send_messages(at=NOON)

    assert mail.outbox[0].subject == "Bonjour Bcc: everyone@example.org"
    assert mail.outbox[0].recipients() == ["parent@example.org"]


def test_a_mail_server_that_is_down_delays_and_then_gives_up(organisation_a, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    queue()
    moment = NOON

    delivery.send_messages(at=moment)
    assert Message.objects.get().status == MessageStatus.QUEUED
    for _ in range(delivery.LAST_ATTEMPT):
        moment += leases.LONGEST_WAIT
        delivery.send_messages(at=moment)

    message = Message.objects.get()
    assert (message.status, message.attempts) == (MessageStatus.FAILED, delivery.LAST_ATTEMPT)
    assert "refused" in message.last_error


def test_a_row_left_by_a_worker_that_died_is_found_again(organisation_a):
    queue()
    [claimed] = leases.claimed(Message.objects.all(), at=NOON)

    delivery.send_messages(at=NOON + timedelta(minutes=1))
    assert mail.outbox == []
    delivery.send_messages(at=NOON + leases.LEASE)

    assert len(mail.outbox) == 1
    assert claimed.attempts == 1
