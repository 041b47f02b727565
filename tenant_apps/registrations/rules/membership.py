"""A membership that was confirmed, and is valid on the day that counts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.words import Words, in_language, with_translations
from tenant_apps.catalog.models import Nature, Offering, Option
from tenant_apps.catalog.reasons import Code, Reason
from tenant_apps.catalog.rules import days
from tenant_apps.catalog.rules.kind import Case, Circle, Kind, Rule, RuleForm
from tenant_apps.registrations.models import Registration, Status
from tenant_apps.registrations.rules import taken, taken_by_each

PARTICIPANT, FAMILY = "participant", "family"
_WHO = [
    (PARTICIPANT, gettext_lazy("La personne inscrite")),
    (FAMILY, gettext_lazy("Quelqu’un de la famille")),
]


@dataclass(frozen=True, slots=True)
class Facts:
    taken: Sequence[Registration] = ()
    names: Mapping[str, Words] = field(default_factory=dict)


class MembershipForm(days.DayFields, RuleForm):
    offering = forms.ChoiceField(label=gettext_lazy("Adhésion"))
    who = forms.ChoiceField(label=gettext_lazy("Qui doit l’avoir"), choices=_WHO, initial=PARTICIPANT, required=False)

    field_order = ("offering", "who", "on", "day")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every = Offering.objects.filter(nature=Nature.MEMBERSHIP).order_by("title")
        self.fields["offering"].choices = [(each.slug, str(each)) for each in every]  # type: ignore[attr-defined]


class Membership(Kind):
    """{"offering": slug, "who": "participant" | "family", "on": …, "day": day}"""

    key = "membership"
    title = gettext_lazy("Adhésion")
    form = MembershipForm

    def explain(self, rule: Rule) -> str:
        slug: str = rule["offering"]
        name = {"membership": in_language(_names([rule]).get(slug, slug))}
        if rule.get("who") == FAMILY:
            return _("Quelqu’un de la famille doit avoir l’adhésion «\u202f%(membership)s\u202f».") % name
        return _("Il faut avoir l’adhésion «\u202f%(membership)s\u202f».") % name

    def is_of_option(self, rule: Rule) -> bool:
        return days.is_of_option(rule)

    def gather(self, rules: Iterable[Rule], circle: Circle) -> Facts:
        asked = list(rules)
        slugs = {rule["offering"] for rule in asked}
        return Facts(list(taken.confirmed_or_in_basket(circle).filter(option__offering__slug__in=slugs)), _names(asked))

    def gather_each(self, rules: Sequence[Rule], circles: Sequence[Circle]) -> list[Facts]:
        names, slugs = _names(rules), {rule["offering"] for rule in rules}
        among = Q(option__offering__slug__in=slugs)
        return [Facts(rows, names) for rows in taken_by_each.confirmed_or_in_basket(circles, among)]

    def copied(self, rule: Rule, copies: Mapping[str, str]) -> Rule:
        return {**rule, "offering": copies.get(rule["offering"], rule["offering"])}

    def judge(self, rule: Rule, case: Case, known: Facts) -> Reason | None:
        on = days.day_of(rule, case)
        is_for_all = rule.get("who") == FAMILY
        counting = [each for each in known.taken if is_for_all or each.participant_id == case.participant.id]
        statuses = {each.status for each in counting if _answers(rule, each.option, on)}
        if Status.CONFIRMED in statuses:
            return None
        where = known.names.get(rule["offering"], rule["offering"])
        if statuses:
            return Reason(Code.MEMBERSHIP_UNPAID, {"where": where})
        return Reason(Code.NOT_MEMBER, {"where": where, "on": on, "offering_slug": rule["offering"]})


def _answers(rule: Rule, membership: Option, on: date) -> bool:
    return membership.offering.slug == rule["offering"] and is_valid(membership, on)


def is_valid(membership: Option, on: date) -> bool:
    """From its first day to its last, both included; what has none has no end."""
    dated = membership if membership.starts_on else membership.offering
    return (dated.starts_on is None or dated.starts_on <= on) and (dated.ends_on is None or on <= dated.ends_on)


def _names(rules: Sequence[Rule]) -> dict[str, Words]:
    found = Offering.objects.filter(slug__in={rule["offering"] for rule in rules})
    return {each.slug: with_translations(each.title, each.translations, "title") for each in found}
