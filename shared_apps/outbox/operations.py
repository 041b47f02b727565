"""Writes what must be told or sent, in the transaction of its cause, and wakes the worker after the commit."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from shared_apps.outbox import tasks
from shared_apps.outbox.models import Event, Message, MessageStatus


def tell(*, kind: str, payload: dict[str, Any], at: datetime) -> None:
    """Something happened; whoever listens to `kind` hears of it, once, after the commit."""
    Event.objects.create(kind=kind, payload=payload, created_at=at, due_at=at)
    tasks.wake()


def tell_all(*, kind: str, payloads: Iterable[dict[str, Any]], at: datetime) -> None:
    """The same for many at once, each heard on its own, in one statement."""
    Event.objects.bulk_create([Event(kind=kind, payload=payload, created_at=at, due_at=at) for payload in payloads])
    tasks.wake()


def queue_message(
    *,
    unique_key: str,
    recipient: str,
    language: str,
    subject: str,
    text: str,
    at: datetime,
    html: str = "",
    sender_name: str = "",
    reply_to: str = "",
    attachments: Sequence[dict[str, str]] = (),
) -> None:
    """Queue an e-mail. A second call with the same `unique_key` changes nothing.

    It comes from the platform's own address, under the sender's name; what is answered goes to `reply_to`.
    """
    message = Message(
        unique_key=unique_key,
        recipient=recipient,
        sender_name=sender_name,
        reply_to=reply_to,
        language=language,
        subject=" ".join(subject.splitlines()),  # not split(): French has spaces that must not break
        text=text,
        html=html,
        attachments=list(attachments),
        created_at=at,
        due_at=at,
    )
    Message.objects.bulk_create([message], ignore_conflicts=True)
    tasks.wake()


def send_failed_again(*, at: datetime) -> int:
    """Put back in line the messages that failed, as if nobody had tried. Returns how many."""
    failed = Message.objects.filter(status=MessageStatus.FAILED)
    number = failed.update(status=MessageStatus.QUEUED, attempts=0, due_at=at, last_error="")
    if number:
        tasks.wake()
    return number
