"""What a message says, apart from how it is laid out: one layout serves them all, in plain text and in HTML."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.template.loader import render_to_string

from kernel import clock
from shared_apps.design.brand import text_on
from shared_apps.outbox import operations as outbox
from tenant_apps.organisation.models import Profile


@dataclass(frozen=True, slots=True)
class Letter:
    """`facts` are pairs of a name and a value; `action` is the one thing to do: its label and its address."""

    subject: str
    paragraphs: Sequence[str]
    facts: Sequence[tuple[str, str]] = ()
    action: tuple[str, str] | None = None
    notes: Sequence[str] = field(default_factory=tuple)


def laid_out(letter: Letter, profile: Profile, language: str) -> tuple[str, str]:
    """The letter as plain text and as HTML."""
    brand = profile.brand_colour
    context = {"letter": letter, "profile": profile, "language": language, "on_brand": text_on(brand)}
    return render_to_string("emails/letter.txt", context), render_to_string("emails/letter.html", context)


def staff_language(profile: Profile) -> str:
    """What the organisation's own people are written in."""
    return str(profile.languages[0]) if profile.languages else "fr"


def send(
    letter: Letter,
    *,
    key: str,
    recipient: str,
    language: str,
    profile: Profile,
    attachments: Iterable[dict[str, str]] = (),
    at: datetime | None = None,
) -> None:
    """From the organisation, which receives what is answered. The same `key` again sends nothing.

    A family that was served at the counter may have no address: it is told there.
    """
    if not recipient:
        return
    text, html = laid_out(letter, profile, language)
    outbox.queue_message(
        unique_key=key,
        recipient=recipient,
        language=language,
        subject=letter.subject,
        text=text,
        html=html,
        sender_name=profile.name,
        reply_to=profile.contact_email,
        attachments=list(attachments),
        at=at or clock.now(),
    )
