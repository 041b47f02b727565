"""What may be typed for a parent who is present, and the form that it is typed in (S3-30)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tenant_apps.families.models import Guardian, Participant
from tenant_apps.forms import consents
from tenant_apps.forms.consents import Standing, State, Wording
from tenant_apps.forms.models import Decision
from tenant_apps.office.scope import Scope
from tenant_apps.registrations import consents as registered
from tenant_apps.registrations.consents import Subject


@dataclass(frozen=True, slots=True)
class Choice:
    subject: Subject
    standing: Standing
    is_open: bool


def asked_of(child: Participant, scope: Scope, *, at: datetime, zone: ZoneInfo) -> list[Choice]:
    """What this child's family is asked, of what the member of staff may see; closed ones too."""
    visible = set(scope.offerings().values_list("pk", flat=True))
    asked = [each for each in registered.subjects() if each.offering is None or each.offering.id in visible]
    found = registered.registers(asked, Participant.objects.filter(pk=child.pk), at=at, zone=zone)
    said = consents.standings([each.subject.form.id for each in found], [child.id], at=at, zone=zone)
    return [
        Choice(each.subject, said.of(each.subject.form.id, child.id), each.subject.is_open(at=at, zone=zone))
        for each in found
        if child.id in each.verdicts
    ]


def may_say(choice: Choice) -> list[Decision]:
    """After the deadline nobody consents any more (S3-36); a « yes » is taken back at any time (S3-27)."""
    said = [Decision.YES, Decision.NO] if choice.is_open else []
    return [*said, Decision.WITHDRAWN] if choice.standing.allows else said


class AssistedForm(forms.Form):
    guardian = forms.ModelChoiceField(
        Guardian.objects.none(),
        label=gettext_lazy("Parent présent"),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": gettext_lazy("Choisissez le parent qui est devant vous.")},
    )
    decision = forms.ChoiceField(
        label=gettext_lazy("Sa décision"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Indiquez ce que le parent a décidé.")},
    )
    signed_name = forms.CharField(
        label=gettext_lazy("Prénom et nom du parent"),
        help_text=gettext_lazy("Le parent lit le texte, décide, et vous dicte son nom\u202f: cela vaut signature."),
        max_length=200,
        error_messages={"required": gettext_lazy("Écrivez le prénom et le nom du parent.")},
    )
    is_present = forms.BooleanField(
        label=gettext_lazy("Le parent est présent et j’ai vérifié son identité"),
        error_messages={"required": gettext_lazy("Sans le parent présent, rien ne peut être saisi.")},
    )
    overrules = forms.BooleanField(
        label=gettext_lazy("Remplacer la réponse de l’autre parent"),
        required=False,
    )
    note = forms.CharField(
        label=gettext_lazy("Précision utile"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("Par exemple\u202f: pièce d’identité vue, interprète présent."),
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        child: Participant,
        decisions: Sequence[Decision],
        standing: Standing,
        wording: Wording,
    ) -> None:
        """`wording` is the text that the parent reads beside the form."""
        super().__init__(data)
        self.text_sha256 = wording.sha256
        holders = consents.holders().filter(participant=child).values("guardian_id")
        self._standing = standing
        people = Guardian.objects.filter(pk__in=holders).order_by("search_text")
        self.fields["guardian"].queryset = people  # type: ignore[attr-defined]
        self.fields["decision"].choices = [(each.value, each.label) for each in decisions]  # type: ignore[attr-defined]
        self.has_holders = people.exists()
        if not self._is_refused:
            del self.fields["overrules"]

    @property
    def _is_refused(self) -> bool:
        return self._standing.state in (State.NO, State.WITHDRAWN)

    def clean(self) -> dict[str, Any]:
        """Another parent's « no » is not replaced by inadvertence: it is ticked, and the note says why."""
        told: dict[str, Any] = super().clean() or self.cleaned_data
        if self.data.get("text", self.text_sha256) != self.text_sha256:
            self.add_error("decision", _("Ce texte n’est plus celui que le parent a lu. Relisez-le avec lui."))
        guardian = told.get("guardian")
        is_of_another = guardian is not None and self._standing.refusal_of_another(guardian.pk) is not None
        if self._is_refused and is_of_another and told.get("decision") == Decision.YES:
            if not told.get("overrules"):
                self.add_error("overrules", _("L’autre parent a répondu non\u202f: cochez pour remplacer sa réponse."))
            if not told.get("note"):
                self.add_error("note", _("Dites pourquoi la réponse de l’autre parent est remplacée."))
        return told
