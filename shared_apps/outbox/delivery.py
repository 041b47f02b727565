"""Hands events to their listeners and messages to the mail server, each row claimed by one worker at a time."""

from datetime import datetime
from email.utils import formataddr

import structlog
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.mail import EmailMultiAlternatives
from django.db import transaction

from kernel.leases import claimed, next_try
from shared_apps.outbox.listeners import LISTENERS
from shared_apps.outbox.models import Event, Message, MessageStatus

log = structlog.get_logger(__name__)

LAST_ATTEMPT = 12


def handle_events(*, at: datetime) -> None:
    for event in claimed(Event.objects.filter(handled_at=None), at=at):
        try:
            _handle(event, at)
        except Exception as error:
            log.exception("outbox.event_failed", kind=event.kind, row=str(event.id))
            Event.objects.filter(pk=event.pk).update(
                due_at=next_try(event.attempts, at=at), last_error=repr(error)[:2000]
            )


def send_messages(*, at: datetime) -> None:
    for message in claimed(Message.objects.filter(status=MessageStatus.QUEUED), at=at):
        try:
            _send(message)
        except Exception as error:
            log.warning("outbox.message_failed", message=str(message.id), error=error)
            is_last = message.attempts >= LAST_ATTEMPT
            Message.objects.filter(pk=message.pk).update(
                status=MessageStatus.FAILED if is_last else MessageStatus.QUEUED,
                due_at=next_try(message.attempts, at=at),
                last_error=repr(error)[:2000],
            )
        else:
            Message.objects.filter(pk=message.pk).update(status=MessageStatus.SENT, sent_at=at, last_error="")


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
        from_email=formataddr((message.sender_name, settings.DEFAULT_FROM_EMAIL)),
        reply_to=[message.reply_to] if message.reply_to else None,
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
