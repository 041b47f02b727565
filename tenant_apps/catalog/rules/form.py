"""A form to be filled in first: a record that is still valid, or the profile (S4-24, S4-25)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tenant_apps.catalog.reasons import Code, Reason
from tenant_apps.catalog.rules.kind import Case, Circle, KindForAll, Rule, RuleForm
from tenant_apps.forms import building
from tenant_apps.forms import queries as records
from tenant_apps.forms.models import Form, FormVersion, Purpose
from tenant_apps.forms.queries import Standing, State


@dataclass(frozen=True, slots=True)
class Facts:
    forms: Mapping[str, Form] = field(default_factory=dict)
    standings: Mapping[tuple[UUID, UUID], Standing] = field(default_factory=dict)
    profile: FormVersion | None = None


class FormForm(RuleForm):
    form = forms.ChoiceField(label=gettext_lazy("Fiche"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = Form.objects.filter(purpose__in=[Purpose.RECORD, Purpose.PROFILE]).order_by("position", "title")
        self.fields["form"].choices = [(form.key, form.shown_title) for form in asked]  # type: ignore[attr-defined]


class FormKind(KindForAll):
    """{"form": key}"""

    key = "form"
    title = gettext_lazy("Fiche à jour")
    form = FormForm

    def explain(self, rule: Rule) -> str:
        found = Form.objects.filter(key=rule["form"]).first()
        title = found.shown_title if found else rule["form"]
        return _("«\u202f%(form)s\u202f» doit être remplie et à jour.") % {"form": title}

    def gather(self, rules: Iterable[Rule], circle: Circle) -> Facts:
        """In three queries at most, however many there are."""
        found = {form.key: form for form in Form.objects.filter(key__in={rule["form"] for rule in rules})}
        asked = [form.id for form in found.values() if form.purpose == Purpose.RECORD]
        people = [participant.id for participant in circle.participants]
        asks_profile = any(form.purpose == Purpose.PROFILE for form in found.values())
        return Facts(
            forms=found,
            standings=records.standing(people, asked, at=circle.at, zone=circle.zone) if asked else {},
            profile=records.profile_form() if asks_profile else None,
        )

    def judge(self, rule: Rule, case: Case, known: Facts) -> Reason | None:
        form = known.forms.get(rule["form"])
        if form is None:
            return None
        values = {"first_name": case.participant.shown_name, "form": form.shown_title, "form_key": form.key}
        if form.purpose == Purpose.PROFILE:
            is_complete = known.profile is None or not building.gaps_of(known.profile, case.participant)
            return None if is_complete else Reason(Code.FORM_MISSING, values)
        standing = known.standings[(case.participant.id, form.id)]
        if standing.state is State.EXPIRED:
            return Reason(Code.FORM_EXPIRED, {**values, "until": standing.until})
        return Reason(Code.FORM_MISSING, values) if standing.state is State.MISSING else None
