"""Hands events to their listeners and messages to the mail server, each row claimed by one worker at a time.

A claim is a lease: it moves `due_at` ahead, so that a worker that dies leaves its row to be found again.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TypeVar

import structlog
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import F, QuerySet

from shared_apps.outbox.listeners import LISTENERS
from shared_apps.outbox.models import Event, Message, MessageStatus

log = structlog.get_logger(__name__)

LEASE = timedelta(minutes=5)
BATCH = 200
LAST_ATTEMPT = 12
LONGEST_WAIT = timedelta(hours=6)

Claimed = TypeVar("Claimed", Event, Message)


def handle_events(*, at: datetime) -> None:
    for event in _claimed(Event.objects.filter(handled_at=None, due_at__lte=at), at):
        try:
            _handle(event, at)
        except Exception as error:
            log.exception("outbox.event_failed", kind=event.kind, row=str(event.id))
            Event.objects.filter(pk=event.pk).update(due_at=at + _wait(event.attempts), last_error=repr(error)[:2000])


def send_messages(*, at: datetime) -> None:
    waiting = Message.objects.filter(status__in=[MessageStatus.QUEUED, MessageStatus.SENDING], due_at__lte=at)
    for message in _claimed(waiting, at):
        try:
            _send(message)
        except Exception as error:
            log.warning("outbox.message_failed", message=str(message.id), error=repr(error))
            is_last = message.attempts >= LAST_ATTEMPT
            Message.objects.filter(pk=message.pk).update(
                status=MessageStatus.FAILED if is_last else MessageStatus.QUEUED,
                due_at=at + _wait(message.attempts),
                last_error=repr(error)[:2000],
            )
        else:
            Message.objects.filter(pk=message.pk).update(status=MessageStatus.SENT, sent_at=at, last_error="")


def _claimed(due: QuerySet[Claimed], at: datetime) -> Iterator[Claimed]:
    for row in due.order_by("due_at")[:BATCH]:
        # The old due_at in the condition is the claim: of two workers that read the same row, one updates it.
        claim = due.filter(pk=row.pk, due_at=row.due_at).update(due_at=at + LEASE, attempts=F("attempts") + 1)
        if claim:
            row.attempts += 1
            yield row


@transaction.atomic
def _handle(event: Event, at: datetime) -> None:
    listener = LISTENERS.get(event.kind)
    if listener is not None:
        listener(event.payload)
    Event.objects.filter(pk=event.pk).update(handled_at=at, last_error="")


def _send(message: Message) -> None:
    mail = EmailMultiAlternatives(
        subject=message.subject,
        body=message.text,
        to=[message.recipient],
        # The same row always has the same identifier: a mail server that sees it twice may drop the second.
        headers={"Message-ID": f"<{message.id}@{settings.PLATFORM_DOMAIN}>", "Content-Language": message.language},
    )
    if message.html:
        mail.attach_alternative(message.html, "text/html")
    for attachment in message.attachments:
        with default_storage.open(attachment["path"]) as file:
            mail.attach(attachment["name"], file.read(), attachment["type"])
    mail.send()


def _wait(attempts: int) -> timedelta:
    return min(timedelta(seconds=15 * 2.0**attempts), LONGEST_WAIT)
