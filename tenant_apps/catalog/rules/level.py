"""The school level: of the offering's own list, or as a rule of one option."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tenant_apps.catalog.reasons import Code, Reason, listed
from tenant_apps.catalog.rules.kind import Case, Circle, KindForAll, Rule, RuleForm
from tenant_apps.catalog.rules.own_words import LEVEL, OwnWords
from tenant_apps.families.models import Participant
from tenant_apps.organisation.models import Level


class LevelForm(RuleForm):
    levels = forms.MultipleChoiceField(label=gettext_lazy("Niveaux"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["levels"].choices = [(level.code, str(level)) for level in Level.objects.all()]  # type: ignore[attr-defined]


class LevelKind(KindForAll):
    """{"levels": [code]}"""

    key = "level"
    title = LEVEL
    form = LevelForm

    def explain(self, rule: Rule) -> str:
        return _("Pour ces niveaux\u202f: %(levels)s.") % {"levels": listed(map(str, _found(rule["levels"])))}

    def gather(self, rules: Iterable[Rule], circle: Circle) -> Mapping[str, Level]:
        return {level.code: level for level in _found(code for rule in rules for code in rule["levels"])}

    def judge(self, rule: Rule, case: Case, known: Mapping[str, Level]) -> Reason | None:
        return against([known[code] for code in rule["levels"] if code in known], case.participant, case.words)


def against(levels: Sequence[Level], participant: Participant, words: OwnWords) -> Reason | None:
    if participant.level_id in {level.id for level in levels}:
        return None
    if participant.level_id is None:
        return Reason(Code.LEVEL_UNKNOWN, {"first_name": participant.shown_name, "label": words.level})
    return Reason(Code.WRONG_LEVEL, {"levels": [str(level) for level in levels]})


def _found(codes: Iterable[str]) -> list[Level]:
    return list(Level.objects.filter(code__in=set(codes)))
