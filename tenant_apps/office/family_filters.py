"""How the lists of families are narrowed. What the address says wrongly is told at the field."""

from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from kernel import folding
from tenant_apps.families.models import Guardian, Guardianship, Participant
from tenant_apps.office import lookalikes
from tenant_apps.office.scope import Scope
from tenant_apps.organisation.models import Establishment, Level

PARTICIPANT_STATES = [
    ("", _("Tous")),
    ("no_guardian", _("Sans parent rattaché")),
    ("no_account", _("Sans parent qui a un compte")),
    ("alike", _("Doublons possibles")),
    ("blocked", _("Avec un accès bloqué")),
    ("removed", _("Retirés par la famille")),
]
GUARDIAN_STATES = [
    ("", _("Tous")),
    ("no_account", _("Sans compte")),
    ("no_participant", _("Sans participant")),
    ("alike", _("Doublons possibles")),
    ("disabled", _("Compte désactivé")),
]


class ParticipantFilters(forms.Form):
    q = forms.CharField(label=_("Nom, courriel ou numéro"), required=False, max_length=100, strip=True)
    establishment = forms.ModelChoiceField(
        Establishment.objects.none(),
        label=_("Établissement"),
        required=False,
        empty_label=_("Tous"),
        to_field_name="code",
    )
    level = forms.ModelChoiceField(
        Level.objects.all(), label=_("Niveau"), required=False, empty_label=_("Tous"), to_field_name="code"
    )
    state = forms.ChoiceField(label=_("Situation"), required=False, choices=PARTICIPANT_STATES)

    def __init__(self, data: Any, *, scope: Scope) -> None:
        super().__init__(data)
        establishments = Establishment.objects.all()
        if scope.establishments is not None:
            establishments = establishments.filter(pk__in=scope.establishments)
        self.fields["establishment"].queryset = establishments  # type: ignore[attr-defined]


class GuardianFilters(forms.Form):
    q = forms.CharField(label=_("Nom, courriel ou numéro"), required=False, max_length=100, strip=True)
    state = forms.ChoiceField(label=_("Situation"), required=False, choices=GUARDIAN_STATES)


def narrowed(participants: QuerySet[Participant], form: ParticipantFilters) -> QuerySet[Participant]:
    """By what is valid in the form; a field in error narrows nothing, and says so on the page."""
    form.is_valid()
    wanted = form.cleaned_data
    known = participants
    for word in folding.words(wanted.get("q") or ""):
        of_guardian = Guardianship.objects.filter(guardian__search_text__contains=word).values("participant_id")
        participants = participants.filter(Q(search_text__contains=word) | Q(pk__in=of_guardian))
    if establishment := wanted.get("establishment"):
        participants = participants.filter(establishment=establishment)
    if level := wanted.get("level"):
        participants = participants.filter(level=level)
    state = wanted.get("state") or ""
    return _in_state(participants.filter(removed_at__isnull=state != "removed"), known, state)


def narrowed_guardians(guardians: QuerySet[Guardian], form: GuardianFilters) -> QuerySet[Guardian]:
    form.is_valid()
    wanted, known = form.cleaned_data, guardians
    for word in folding.words(wanted.get("q") or ""):
        guardians = guardians.filter(search_text__contains=word)
    match wanted.get("state"):
        case "no_account":
            return guardians.filter(user=None)
        case "disabled":
            return guardians.filter(user__is_active=False)
        case "no_participant":
            return guardians.filter(~Exists(Guardianship.objects.filter(guardian=OuterRef("pk"))))
        case "alike":
            return guardians.filter(pk__in=lookalikes.ids(lookalikes.of_guardians(known)))
    return guardians


def _in_state(participants: QuerySet[Participant], known: QuerySet[Participant], state: str) -> QuerySet[Participant]:
    links = Guardianship.objects.filter(participant=OuterRef("pk"))
    match state:
        case "no_guardian":
            return participants.filter(~Exists(links.filter(is_blocked=False)))
        case "no_account":
            return participants.filter(~Exists(links.filter(is_blocked=False, guardian__user__isnull=False)))
        case "blocked":
            return participants.filter(Exists(links.filter(is_blocked=True)))
        case "alike":
            return participants.filter(pk__in=lookalikes.ids(lookalikes.of_participants(known)))
    return participants
