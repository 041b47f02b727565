"""How the board is narrowed: by words, by state, by plan, by what is wrong."""

from typing import Any

from django import forms
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from billing.models import ConnectedAccount, Plan
from billing.plans import name_of
from kernel import folding
from tenant_apps.console.board import TROUBLES
from tenants.models import Domain, Organisation, State


class BoardFilters(forms.Form):
    q = forms.CharField(
        label=_("Nom, adresse, domaine ou compte de paiement"), required=False, max_length=100, strip=True
    )
    etat = forms.ChoiceField(label=_("État"), required=False, choices=[("", _("Tous")), *State.choices])
    offre = forms.ChoiceField(label=_("Forfait"), required=False)
    souci = forms.ChoiceField(
        label=_("À surveiller"),
        required=False,
        choices=[("", _("Toutes")), *((name, trouble.label) for name, trouble in TROUBLES.items())],
    )

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        plans = [(plan.code, name_of(plan)) for plan in Plan.objects.all()]
        self.fields["offre"].choices = [  # type: ignore[attr-defined]
            ("", _("Tous")),
            *plans,
            ("aucune", _("Sans abonnement")),
        ]


def narrowed(organisations: QuerySet[Organisation], form: BoardFilters) -> QuerySet[Organisation]:
    """By what is valid in the form; a field in error narrows nothing, and says so on the page."""
    form.is_valid()
    wanted = form.cleaned_data
    if state := wanted.get("etat"):
        organisations = organisations.filter(state=state)
    if plan := wanted.get("offre"):
        organisations = organisations.filter(Q(subscription=None) if plan == "aucune" else Q(subscription__plan=plan))
    if trouble := wanted.get("souci"):
        organisations = organisations.filter(TROUBLES[trouble].what)
    return _named(organisations, wanted.get("q") or "")


def _named(organisations: QuerySet[Organisation], text: str) -> QuerySet[Organisation]:
    """Every word is in the name, in the address, in a domain or in an account's identifier."""
    if not text:
        return organisations
    organisations = organisations.annotate(folded_name=folding.folded(Cast("name", TextField())))
    for word in folding.words(text):
        domains = Domain.objects.filter(tenant=OuterRef("pk"), domain__contains=word)
        accounts = ConnectedAccount.objects.annotate(known_as=Cast("processor_id", CharField())).filter(
            organisation=OuterRef("pk"), known_as__icontains=word
        )
        organisations = organisations.filter(
            Q(folded_name__contains=word) | Q(slug__contains=word) | Exists(domains) | Exists(accounts)
        )
    return organisations
