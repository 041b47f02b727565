"""What a family may change of a registration: each kind with its terms, or why not and whom to write to."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.errors import Refusal
from tenant_apps.catalog.models import Option, Selection
from tenant_apps.catalog.reasons import Reason
from tenant_apps.changes import checking, money, quotes, wording
from tenant_apps.changes.errors import FormsMissing
from tenant_apps.changes.models import Kind
from tenant_apps.changes.policy import Policy, policy_of
from tenant_apps.changes.quotes import Quote
from tenant_apps.families import queries as families
from tenant_apps.families.models import Participant
from tenant_apps.forms.models import Form
from tenant_apps.organisation import queries as organisation
from tenant_apps.portal.templatetags.portal import period, says_only
from tenant_apps.registrations.errors import AlreadyRegistered
from tenant_apps.registrations.models import Registration

TITLES = {
    Kind.WITHDRAWAL: gettext_lazy("Se désinscrire"),
    Kind.SWAP: gettext_lazy("Changer de semaine ou de groupe"),
    Kind.TRANSFER: gettext_lazy("Transférer à un autre enfant"),
}
_PAGES = {
    Kind.WITHDRAWAL: "change_withdraw",
    Kind.SWAP: "change_swap",
    Kind.TRANSFER: "change_transfer",
}


@dataclass(frozen=True, slots=True)
class Possible:
    """One kind of change. `refusal` says why not; `fees` are sentences with their days."""

    kind: Kind
    title: str
    address: str
    policy: Policy
    refusal: Refusal | None
    fees: Sequence[str]
    last_day: date | None


@dataclass(frozen=True, slots=True)
class Choice:
    """Another choice, or another child: what it costs, or what stands against it."""

    key: str
    label: str
    quote: Quote | None = None
    reasons: Sequence[Reason | Refusal] = field(default_factory=list)
    child: Participant | None = None
    missing: Sequence[Form] = ()

    @property
    def is_open(self) -> bool:
        return not self.reasons


def possible(registration: Registration, guardian_id: UUID, *, at: datetime) -> list[Possible]:
    rules = organisation.profile().rules
    found = []
    for kind in Kind:
        if kind == Kind.SWAP and not _has_others(registration):
            continue
        policy = policy_of(registration.option.offering, kind, rules)
        found.append(
            Possible(
                kind,
                str(TITLES[kind]),
                reverse(_PAGES[kind], args=[registration.id]),
                policy,
                refusal_of(registration, policy, guardian_id, at=at),
                wording.fees_of(policy, registration.option),
                policy.last_day(registration.option),
            )
        )
    return found


def refusal_of(registration: Registration, policy: Policy, guardian_id: UUID, *, at: datetime) -> Refusal | None:
    try:
        checking.standing(registration, policy, guardian_id=guardian_id, at=at)
    except Refusal as refusal:
        return refusal
    return None


def swaps(registration: Registration, policy: Policy, *, at: datetime) -> list[Choice]:
    """The choices that are left, with what each gives back or costs; those that the child may not take say why."""
    options = checking.swappable(registration)
    against = checking.reasons_against(registration, options, [registration.participant], at=at)
    shown = quotes.of_swaps(registration, options, policy, at=at) if options else {}
    country = organisation.profile().territory
    return [
        Choice(str(each.id), _named(each, country), shown[each.id], against[each.id, registration.participant_id])
        for each in options
    ]


def transfers(registration: Registration, policy: Policy, guardian_id: UUID, *, at: datetime) -> list[Choice]:
    """The other children whom the guardian may register."""
    changeable = families.changeable_by(guardian_id)
    others = [
        each
        for each in families.participants_of(guardian_id)
        if each.id in changeable and each.id != registration.participant_id
    ]
    against = checking.reasons_against(registration, [registration.option], others, at=at) if others else {}
    given = checking.given_for(registration, others, at=at) if others else {}
    quote = quotes.of_transfer(registration, policy, at=at)
    having = checking.having_it(registration, others) if others else set()
    twice = AlreadyRegistered([str(registration.option)])
    return [
        Choice(str(each.id), str(each), quote, [twice], each)
        if each.id in having
        else _child(each, quote, against[registration.option_id, each.id], given[each.id].missing)
        for each in others
    ]


def methods(registration: Registration) -> list[str]:
    """By which cards it was paid."""
    return money.methods_of(money.sources_of(registration))


def _child(child: Participant, quote: Quote, against: Sequence[Reason], missing: Sequence[Form]) -> Choice:
    """Nobody fills in a form for a place that cannot be had."""
    if not all(reason.action for reason in against):
        missing = ()
    name = child.shown_name
    to_fill = [FormsMissing(first_name=name, form=form.shown_title) for form in missing]
    return Choice(str(child.id), str(child), quote, [*against, *to_fill], child, missing)


def _has_others(registration: Registration) -> bool:
    offering = registration.option.offering
    others = offering.options.filter(is_offered=True, is_voluntary=False).exclude(pk=registration.option_id)
    return offering.selection != Selection.QUANTITIES and others.exists()


def _named(option: Option, country: str) -> str:
    name, days = option.shown("name"), period(option.starts_on, option.ends_on, country=country)
    return _("%(option)s, %(days)s") % {"option": name, "days": days} if days and not says_only(days, name) else name
