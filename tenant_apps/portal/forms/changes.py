"""What a family says when it changes a registration: the reason, a document, the new choice or the other child."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tenant_apps.changes.policy import Decision, Policy
from tenant_apps.changes.quotes import Quote
from tenant_apps.families.models import Guardian
from tenant_apps.forms.attachments import upload_of
from tenant_apps.portal.forms.entitlements import RequestForm


class ChangeForm(RequestForm):
    """One document where the policy asks for it, if there is one; and no words where nobody would read them."""

    def __init__(self, data: Mapping[str, Any] | None, files: Any, *, guardian: Guardian, policy: Policy) -> None:
        super().__init__(data, files, guardian=guardian, needs_proof=False)
        self.fields["proof"].label = _("Document, s’il y a lieu")
        words = self.fields["words"]
        words.label, words.required = _("Votre raison"), policy.asks_reason
        words.error_messages["required"] = _("Dites-nous pourquoi\u202f: quelques mots suffisent.")
        for name in ("proof_2", "proof_3") if policy.asks_proof else ("proof", "proof_2", "proof_3"):
            del self.fields[name]
        if not (policy.asks_reason or policy.asks_proof or policy.decision == Decision.STAFF):
            del self.fields["words"]

    @property
    def said(self) -> str:
        return str(self.cleaned_data.get("words", ""))

    @property
    def upload_ids(self) -> list[UUID]:
        upload = upload_of(self.cleaned_data.get("proof"))
        return [UUID(upload)] if upload else []


class WithdrawalForm(ChangeForm):
    """`quoted` is what the page showed: another amount since is shown again before anything is done."""

    quoted = forms.CharField(widget=forms.HiddenInput, required=False, max_length=60)

    @property
    def expected(self) -> tuple[int, int, int]:
        return amounts(self.cleaned_data["quoted"])


class ChoiceForm(ChangeForm):
    """The new choice, or the other child, each with the amounts that the page showed."""

    choice = forms.ChoiceField(
        label=gettext_lazy("Votre choix"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choisissez dans la liste."),
            "invalid_choice": gettext_lazy(
                "Ce choix, ou son montant, a changé depuis que cette page est ouverte. Choisissez de nouveau."
            ),
        },
    )
    field_order = ("choice", "words", "proof")

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        files: Any,
        *,
        guardian: Guardian,
        policy: Policy,
        choices: Sequence[tuple[str, Quote, str]],
    ) -> None:
        """`choices`: who or what it is, its amounts, and its words."""
        super().__init__(data, files, guardian=guardian, policy=policy)
        self.fields["choice"].choices = [(f"{key}:{quoted(quote)}", label) for key, quote, label in choices]  # type: ignore[attr-defined]
        self.order_fields(self.field_order)

    def choose(self, key: str) -> None:
        """Before anything is sent: whom or what the visitor comes back for."""
        field: forms.ChoiceField = self.fields["choice"]  # type: ignore[assignment]
        field.initial = next((value for value, _label in field.choices if key and value.startswith(f"{key}:")), None)  # type: ignore[misc,union-attr]

    @property
    def chosen_id(self) -> UUID:
        return UUID(self.cleaned_data["choice"].partition(":")[0])

    @property
    def expected(self) -> tuple[int, int, int]:
        return amounts(self.cleaned_data["choice"].partition(":")[2])


def quoted(quote: Quote) -> str:
    """« 500-1500-0 »: the fee, the refund and what is still due, in cents."""
    return "-".join(str(cents) for cents in quote.shown)


def amounts(said: str) -> tuple[int, int, int]:
    """What no page of ours showed is no amount at all."""
    parts = said.split("-")
    if len(parts) != 3 or not all(part.isdecimal() and len(part) < 12 for part in parts):
        return -1, -1, -1
    fee, refund, due = (int(part) for part in parts)
    return fee, refund, due
