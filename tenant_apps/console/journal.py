"""What operators did, all organisations together: searched by who, by what and by which organisation."""

from collections.abc import Iterable
from dataclasses import dataclass

from django import forms
from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shared_apps.audit.models import Entry
from tenant_apps.console.trails import WORDS
from tenants.context import in_registry
from tenants.models import Organisation, SignUp


class JournalFilters(forms.Form):
    q = forms.CharField(label=_("Qui, quelle organisation ou quels mots"), required=False, max_length=100, strip=True)
    geste = forms.ChoiceField(label=_("Geste"), required=False, choices=[("", _("Tous")), *WORDS.items()])
    du = forms.DateField(label=_("Depuis le"), required=False, widget=forms.DateInput(attrs={"type": "date"}))


@dataclass(frozen=True, slots=True)
class Deed:
    """About an organisation, a request to open one, or neither; also of those that are no more it is neither."""

    entry: Entry
    words: str | Promise
    organisation: Organisation | None
    asked: SignUp | None

    @property
    def why(self) -> str:
        return str(self.entry.details.get("words", ""))


def narrowed(form: JournalFilters) -> QuerySet[Entry]:
    """By what is valid in the form, the most recent first; a field in error narrows nothing."""
    form.is_valid()
    wanted = form.cleaned_data
    entries = Entry.objects.filter(actor_kind="operator").order_by("-at", "-id")
    if deed := wanted.get("geste"):
        entries = entries.filter(action=deed)
    if since := wanted.get("du"):
        entries = entries.filter(at__date__gte=since)
    if text := (wanted.get("q") or "").replace("\0", " "):
        with in_registry():
            named = Organisation.objects.filter(Q(name__icontains=text) | Q(slug__icontains=text))
            asked = SignUp.objects.filter(Q(name__icontains=text) | Q(slug__icontains=text))
            about = [*named.values_list("pk", flat=True), *asked.values_list("pk", flat=True)]
        entries = entries.filter(
            Q(actor_label__icontains=text) | Q(details__words__icontains=text) | Q(subject_id__in=about)
        )
    return entries


def told(entries: Iterable[Entry]) -> list[Deed]:
    """With what each is about, in two more queries."""
    found = list(entries)
    subjects = {entry.subject_id for entry in found}
    with in_registry():
        organisations, requests = Organisation.objects.in_bulk(subjects), SignUp.objects.in_bulk(subjects)
    return [
        Deed(
            entry=entry,
            words=WORDS.get(entry.action, entry.action),
            organisation=organisations.get(entry.subject_id),
            asked=requests.get(entry.subject_id),
        )
        for entry in found
    ]
