"""What is typed about transfers: a statement's file and its columns, the orders that a transfer pays, a note."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shared_apps.design.amounts import CentsField
from tenant_apps.accounting.bank import tables
from tenant_apps.accounting.bank.assigning import Part
from tenant_apps.accounting.bank.files import MOST_BYTES
from tenant_apps.accounting.bank.proposals import Proposal
from tenant_apps.accounting.models import LineStatus
from tenant_apps.organisation import queries as organisation
from tenant_apps.organisation.models import Payee
from tenant_apps.payments.models import Payment, RefundMeans

_LABELS = {
    "booked_on": gettext_lazy("Colonne de la date"),
    "amount": gettext_lazy("Colonne du montant"),
    "communication": gettext_lazy("Colonne de la communication"),
    "counterparty": gettext_lazy("Colonne du nom de la contrepartie"),
}
_AMOUNT = "amount_"


class TransferFilters(forms.Form):
    status = forms.ChoiceField(
        label=gettext_lazy("État"),
        required=False,
        choices=[
            ("", LineStatus.OPEN.label),
            (LineStatus.MATCHED, LineStatus.MATCHED.label),
            (LineStatus.EXPLAINED, gettext_lazy("Mise de côté")),
        ],
    )
    q = forms.CharField(label=gettext_lazy("Nom, communication ou montant"), required=False, max_length=100, strip=True)


class StatementForm(forms.Form):
    """`payee` is asked where there are several: a CODA file says itself whose account it is, a table does not."""

    file = forms.FileField(
        label=gettext_lazy("Fichier de la banque"),
        widget=forms.FileInput(attrs={"accept": ".cod,.csv,.txt"}),
        help_text=gettext_lazy("Un extrait CODA, ou un tableau CSV. Au plus 1 Mo."),
        error_messages={
            "required": gettext_lazy("Choisissez le fichier que votre banque vous donne."),
            "empty": gettext_lazy("Ce fichier est vide."),
        },
    )
    payee = forms.ModelChoiceField(
        Payee.objects.none(),
        label=gettext_lazy("Compte de paiement"),
        empty_label=None,
        help_text=gettext_lazy("Pour un tableau CSV. Un extrait CODA dit lui-même de quel compte il est."),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, files: Any = None) -> None:
        super().__init__(data, files)
        payees = organisation.payees()
        self.fields["payee"].queryset = payees  # type: ignore[attr-defined]
        if len(payees) < 2:
            self.fields["payee"].required = False
            self.fields["payee"].widget = forms.HiddenInput()

    def clean_file(self) -> "UploadedFile[Any]":
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            raise forms.ValidationError(_("Ce fichier dépasse 1 Mo. Demandez à votre banque une période plus courte."))
        return file

    def clean_payee(self) -> Payee | None:
        chosen: Payee | None = self.cleaned_data.get("payee")
        return chosen or organisation.payees().first()


class ColumnsForm(forms.Form):
    """Which column of the table is which, by its place."""

    def __init__(self, data: Mapping[str, Any] | None, *, head: Sequence[str], chosen: Mapping[str, int]) -> None:
        super().__init__(data, initial={name: str(place) for name, place in chosen.items()})
        columns = [(str(place), name or str(place + 1)) for place, name in enumerate(head)]
        for name in tables.COLUMNS:
            is_required = name in tables.REQUIRED
            self.fields[name] = forms.ChoiceField(
                label=_LABELS[name],
                required=is_required,
                choices=[("", _("Choisissez une colonne") if is_required else _("Aucune")), *columns],
                error_messages={"required": _("Choisissez une colonne du tableau.")},
            )

    @property
    def places(self) -> dict[str, int]:
        return {name: int(place) for name, place in self.cleaned_data.items() if place}


class AssignForm(forms.Form):
    """An amount in front of each order that the transfer may pay, and what becomes of the rest."""

    left = forms.IntegerField(widget=forms.HiddenInput)
    rest = forms.ChoiceField(
        label=gettext_lazy("Ce qui dépasse"),
        widget=forms.RadioSelect,
        choices=[
            ("", gettext_lazy("Le laisser à attribuer")),
            (RefundMeans.CREDIT, gettext_lazy("Le garder en crédit pour la famille de la première commande")),
            (RefundMeans.TRANSFER, gettext_lazy("Le rendre par virement à la famille de la première commande")),
        ],
        required=False,
    )

    def __init__(self, data: Mapping[str, Any] | None, *, proposals: Sequence[Proposal], left: int) -> None:
        super().__init__(data, initial={"left": left, "rest": ""})
        self._proposals = proposals
        for place, each in enumerate(proposals):
            self.fields[_field_of(each)] = CentsField(
                label=_("Montant pour la commande %(reference)s") % {"reference": each.order.reference},
                required=False,
                initial=_first_amount(each, left) if place == 0 else None,
            )

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [{"proposal": each, "field": self[_field_of(each)]} for each in self._proposals]

    @property
    def parts(self) -> list[Part]:
        """Of the first order, what is beyond goes with it, where it is not left."""
        said = self.cleaned_data
        surplus = RefundMeans(said["rest"]) if said["rest"] else None
        typed = [(each.order.id, said.get(_field_of(each)) or 0) for each in self._proposals]
        parts = [Part(order_id, cents, surplus) for order_id, cents in typed if cents]
        rest = said["left"] - sum(part.cents for part in parts)
        if surplus and parts and rest > 0:
            parts[0] = Part(parts[0].order_id, parts[0].cents + rest, surplus)
        return parts


class OrderSearchForm(forms.Form):
    q = forms.CharField(
        label=gettext_lazy("Nom, enfant ou référence de la commande"), required=False, max_length=100, strip=True
    )


class NoteForm(forms.Form):
    note = forms.CharField(
        label=gettext_lazy("Pourquoi"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Par exemple\u202f: un subside, un loyer. L’argent sort alors de ces comptes-ci."),
        error_messages={"required": gettext_lazy("Dites en quelques mots pourquoi ce virement est mis de côté.")},
    )


class UndoForm(forms.Form):
    payment = forms.ChoiceField(
        label=gettext_lazy("Attribution à reprendre"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choisissez ce qui est à reprendre.")},
    )
    reason = forms.CharField(
        label=gettext_lazy("Motif"),
        max_length=200,
        help_text=gettext_lazy("Il est imprimé sur le reçu annulé, que la famille reçoit."),
        error_messages={"required": gettext_lazy("Dites pourquoi ce virement est repris.")},
    )

    def __init__(self, data: Mapping[str, Any] | None, *, payments: Sequence[Payment]) -> None:
        super().__init__(data, initial={"payment": payments[0].pk if len(payments) == 1 else None})
        self.fields["payment"].choices = [  # type: ignore[attr-defined]
            (str(each.pk), f"{each.order.reference} · {each.order.guardian}") for each in payments
        ]


def orders_named(data: Mapping[str, Any]) -> list[UUID]:
    """The orders of the amounts that a form was sent with."""
    found = []
    for name in data:
        if name.startswith(_AMOUNT) and data[name]:
            try:
                found.append(UUID(name.removeprefix(_AMOUNT)))
            except ValueError:
                continue
    return found


def _field_of(proposal: Proposal) -> str:
    return f"{_AMOUNT}{proposal.order.id.hex}"


def _first_amount(proposal: Proposal, left: int) -> int | None:
    """What is likely enough to be written already."""
    is_likely = proposal.is_named or (proposal.is_exact and proposal.is_same_name)
    return min(proposal.owed_cents, left) or None if is_likely else None
