"""« Résumé des informations »: what was answered and chosen, to be checked before paying (S1-40)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from tenant_apps.forms import definitions
from tenant_apps.forms.definitions import Question, in_language
from tenant_apps.forms.models import Decision, Submission
from tenant_apps.orders.models import Order, Status
from tenant_apps.portal.baskets import Part
from tenant_apps.registrations.models import Basket, Registration

# What the summary shows of the participant itself comes from its record, in this order.
_IDENTITY = {"last_name", "first_name", "birth_date", "establishment", "level"}
# Answers for those who care for the child, not for a page that may be read over a shoulder (S1-40, S1-22).
_UNSHOWN = ("allerg", "medical", "health", "insurance", "assurance")


@dataclass(frozen=True)
class Row:
    label: str
    value: str
    href: str = ""
    what: str = ""


@dataclass(frozen=True)
class Summary:
    part: Part
    rows: list[Row]
    edit_url: str


def of(parts: list[Part]) -> list[Summary]:
    return [_summary(part) for part in parts]


def settled_orders(basket: Basket | None) -> list[Order]:
    """The payees of this basket that are paid already, when there are several."""
    if basket is None:
        return []
    return list(Order.objects.filter(basket=basket, status=Status.SETTLED).select_related("payee"))


def _summary(part: Part) -> Summary:
    edit = reverse("register", args=[part.offering.slug]) + f"?enfant={part.participant.id}"
    rows = [Row(label, value) for label, value in _facts(part) if value]
    return Summary(part=part, rows=rows, edit_url=edit)


def _facts(part: Part) -> Iterator[tuple[str, str]]:
    participant, first = part.participant, part.lines[0]
    yield _("Nom et prénom de l’élève"), str(participant)
    yield from _answers(first.submission)
    yield _("Niveau scolaire"), participant.level.name if participant.level else ""
    yield _("École"), participant.establishment.name if participant.establishment else ""
    yield _("Date de naissance"), participant.birth_date.isoformat() if participant.birth_date else ""
    yield _("Autorisation parentale"), _consent(first)
    yield _("Confirmation envoyée à"), first.contact_email


def _answers(submission: Submission | None) -> Iterator[tuple[str, str]]:
    if submission is None:
        return
    for question in definitions.questions(definitions.read(submission.version.definition)):
        hidden = question.key in _IDENTITY or question.key == "contact_email"
        if hidden or any(part in question.key for part in _UNSHOWN):
            continue
        yield in_language(question.label), _written(question, submission.answers.get(question.key))


def _written(question: Question, answer: Any) -> str:
    if answer in (None, "", False):
        return ""
    if answer is True:
        return _("Oui")
    words = {"yes": _("Oui"), "no": _("Non")} if question.kind == "yes_no" else {}
    words |= {choice.value: in_language(choice.label) for choice in question.choices}
    return words.get(str(answer), str(answer))


def _consent(line: Registration) -> str:
    if line.consent is None:
        return ""
    signed = {"decision": Decision(line.consent.decision).label, "name": line.consent.signed_name}
    return _("%(decision)s, signé par %(name)s") % signed
