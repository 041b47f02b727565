"""How the list of changes is narrowed, and what the member of staff sees of it."""

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from kernel import folding
from tenant_apps.changes import queries
from tenant_apps.changes.models import ChangeRequest, Kind, Status
from tenant_apps.office.scope import Scope
from tenant_apps.organisation.models import Establishment


class ChangeFilters(forms.Form):
    q = forms.CharField(label=_("Nom"), required=False, max_length=100, strip=True)
    kind = forms.ChoiceField(label=_("Demande"), required=False, choices=[("", _("Toutes")), *Kind.choices])
    establishment = forms.ModelChoiceField(
        Establishment.objects.none(), label=_("Établissement"), required=False, empty_label=_("Tous")
    )
    status = forms.ChoiceField(
        label=_("État"),
        required=False,
        choices=[("", _("À traiter")), *((value, label) for value, label in Status.choices if value != Status.ASKED)],
    )

    def __init__(self, *args: object, scope: Scope, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        known = Establishment.objects.all()
        if scope.establishments is not None:
            known = known.filter(pk__in=scope.establishments)
        self.fields["establishment"].queryset = known  # type: ignore[attr-defined]


def narrowed(found: QuerySet[ChangeRequest], form: ChangeFilters) -> QuerySet[ChangeRequest]:
    """By what is valid in the form; who has waited longest comes first, and of what is answered the latest."""
    form.is_valid()
    wanted = form.cleaned_data
    status = wanted.get("status") or Status.ASKED
    found = found.filter(status=status)
    if kind := wanted.get("kind"):
        found = found.filter(kind=kind)
    if establishment := wanted.get("establishment"):
        found = found.filter(registration__participant__establishment=establishment)
    for word in folding.words(wanted.get("q") or ""):
        found = found.filter(
            Q(guardian__search_text__contains=word) | Q(registration__participant__search_text__contains=word)
        )
    order = ["asked_at", "id"] if status == Status.ASKED else ["-decided_at", "-id"]
    return queries.with_names(found).order_by(*order)
