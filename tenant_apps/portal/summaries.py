"""« Résumé des informations »: what was answered and chosen, to be checked before paying (S1-40)."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kernel.kept import kept
from kernel.words import in_language
from shared_apps.design import formats
from tenant_apps.families.models import Participant
from tenant_apps.forms import definitions, wording
from tenant_apps.forms.definitions import DETAILS, Question
from tenant_apps.forms.models import Decision, Submission
from tenant_apps.orders import ledger
from tenant_apps.orders.models import Order, Status
from tenant_apps.organisation import rules
from tenant_apps.organisation.models import Profile
from tenant_apps.portal.baskets import Part
from tenant_apps.registrations.models import Basket, Registration

_NAMES = {"last_name", "first_name"}


@dataclass(frozen=True)
class Row:
    label: str
    value: str


@dataclass(frozen=True)
class Summary:
    part: Part
    rows: list[Row]
    edit_url: str


def of(parts: list[Part], profile: Profile) -> list[Summary]:
    return [_summary(part, profile) for part in parts]


@dataclass(frozen=True)
class Done:
    """An order that is settled, and what of it is paid: it may be less."""

    order: Order
    paid_cents: int


def settled_orders(basket: Basket | None) -> list[Done]:
    """What is done already of this basket, where it has several payees."""
    orders = _settled(basket.id) if basket else []
    owed = ledger.balances_of_orders([order.id for order in orders]) if orders else {}
    return [Done(order, order.total_cents - max(owed[order.id], 0)) for order in orders]


@kept
def _settled(basket_id: UUID) -> QuerySet[Order]:
    return Order.objects.filter(basket_id=basket_id, status=Status.SETTLED).select_related("payee")


def _summary(part: Part, profile: Profile) -> Summary:
    edit = reverse("register", args=[part.offering.slug]) + f"?enfant={part.participant.id}"
    rows = [Row(label, value) for label, value in _facts(part, profile) if value]
    return Summary(part=part, rows=rows, edit_url=edit)


def _facts(part: Part, profile: Profile) -> Iterator[tuple[str, str]]:
    first = part.lines[0]
    name = rules.read(profile.rules).label("participant_name", _("Nom et prénom de l’élève"))
    yield name, str(part.participant)
    if first.submission is not None:
        yield from _answers(first.submission, part.participant, profile)
    yield _("Autorisation parentale"), _consent(first)
    yield _("Confirmation envoyée à"), first.contact_email


def _answers(submission: Submission, participant: Participant, profile: Profile) -> Iterator[tuple[str, str]]:
    for question in definitions.questions(definitions.read(submission.version.definition)):
        if question.key in _NAMES or question.key == "contact_email":
            continue
        # Those are for who cares for the child, not for a page that may be read over a shoulder (S1-40).
        if not question.is_sealed:
            yield in_language(question.label), _written(question, submission, participant, profile)


def _written(question: Question, submission: Submission, participant: Participant, profile: Profile) -> str:
    match question.key:
        case "level":
            return str(participant.level or "")
        case "establishment":
            return str(participant.establishment or "")
        case "student_number" | "used_name":
            return str(getattr(participant, question.key))
        case "birth_date":
            locale = formats.locale_for(get_language() or "fr", profile.territory)
            return formats.date_words(participant.birth_date, locale, length="long") if participant.birth_date else ""
    details = submission.answers.get(question.key + DETAILS)
    answer = submission.answers.get(question.key)
    # A box left alone says nothing that has to be checked before paying.
    return "" if answer is False else wording.written(question, answer, profile.territory, details)


def _consent(line: Registration) -> str:
    if line.consent is None:
        return ""
    signed = {"decision": Decision(line.consent.decision).label, "name": line.consent.signed_name}
    return _("%(decision)s, signé par %(name)s") % signed
