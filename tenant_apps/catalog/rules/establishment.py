"""The school or place that the participant belongs to: of the offering's own list, or as a rule of one option."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tenant_apps.catalog.reasons import Code, Reason, listed
from tenant_apps.catalog.rules.kind import Case, Circle, KindForAll, Rule, RuleForm
from tenant_apps.catalog.rules.own_words import ESTABLISHMENT, OwnWords
from tenant_apps.families.models import Participant
from tenant_apps.organisation.models import Establishment


class EstablishmentForm(RuleForm):
    establishments = forms.MultipleChoiceField(
        label=gettext_lazy("Établissements"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every = [(each.code, each.name) for each in Establishment.objects.all()]
        self.fields["establishments"].choices = every  # type: ignore[attr-defined]


class EstablishmentKind(KindForAll):
    """{"establishments": [code]}"""

    key = "establishment"
    title = ESTABLISHMENT
    form = EstablishmentForm

    def explain(self, rule: Rule) -> str:
        names = listed(each.name for each in _found(rule["establishments"]))
        return _("Pour ces établissements\u202f: %(establishments)s.") % {"establishments": names}

    def gather(self, rules: Iterable[Rule], circle: Circle) -> Mapping[str, Establishment]:
        return {each.code: each for each in _found(code for rule in rules for code in rule["establishments"])}

    def judge(self, rule: Rule, case: Case, known: Mapping[str, Establishment]) -> Reason | None:
        return against([known[code] for code in rule["establishments"] if code in known], case.participant, case.words)


def against(establishments: Sequence[Establishment], participant: Participant, words: OwnWords) -> Reason | None:
    if participant.establishment_id in {each.id for each in establishments}:
        return None
    if participant.establishment_id is None:
        return Reason(Code.ESTABLISHMENT_UNKNOWN, {"first_name": participant.shown_name, "label": words.establishment})
    return Reason(Code.WRONG_ESTABLISHMENT, {"establishments": [each.name for each in establishments]})


def _found(codes: Iterable[str]) -> list[Establishment]:
    return list(Establishment.objects.filter(code__in=set(codes)))
