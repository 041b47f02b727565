"""One choice at a time: in the whole offering, or in each of its weeks (S4-27)."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.words import with_translations
from tenant_apps.catalog.models import Option
from tenant_apps.catalog.reasons import Code, Reason
from tenant_apps.catalog.rules.kind import Case, Circle, Kind, Rule
from tenant_apps.registrations.rules import taken
from tenant_apps.registrations.rules.taken import Facts


class OneChoice(Kind):
    """Of the offering's `selection`; nobody writes it as a rule."""

    key = "one"
    title = gettext_lazy("Un seul choix")
    counts = True
    code: ClassVar[Code] = Code.CHOSEN_ALREADY

    def explain(self, rule: Rule) -> str:
        return _("Un seul choix par personne.")

    def is_of_option(self, rule: Rule) -> bool:
        return True

    def gather(self, rules: Iterable[Rule], circle: Circle) -> Facts:
        return Facts(list(taken.of_participants(circle)), circle.replacing)

    def judge(self, rule: Rule, case: Case, known: Facts) -> Reason | None:
        if case.option is None or case.option.is_voluntary:
            return None
        for other in known.others_of(case):
            # What one gives of one's own will stands beside the choice.
            if other.option.is_voluntary or other.option.offering_id != case.offering.id:
                continue
            if self.excludes(case.option, other.option):
                name = with_translations(other.option.name, other.option.translations, "name")
                return Reason(self.code, {"first_name": case.participant.shown_name, "option": name})
        return None

    def excludes(self, one: Option, other: Option) -> bool:
        return True


class OnePerWeek(OneChoice):
    key = "per_week"
    title = gettext_lazy("Un choix par semaine")
    code = Code.WEEK_CHOSEN_ALREADY

    def explain(self, rule: Rule) -> str:
        return _("Un seul choix par semaine et par personne.")

    def excludes(self, one: Option, other: Option) -> bool:
        if one.starts_on is None or other.starts_on is None:
            return False
        # What lasts two weeks is in the second of them as well.
        meet = one.starts_on <= (other.ends_on or other.starts_on) and other.starts_on <= (one.ends_on or one.starts_on)
        return meet or _monday(one.starts_on) == _monday(other.starts_on)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
