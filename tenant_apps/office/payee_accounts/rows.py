"""The payees as the page of their accounts shows them: how each stands, what is missing, by when and from whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from billing import requirements, standing
from billing.models import ConnectedAccount
from billing.standing import Standing
from tenant_apps.organisation.models import Establishment, Payee

TO_OPEN = "to_open"
# What each standing means for families and for the organisation's money.
_MEANINGS: Mapping[str, str | Promise] = {
    TO_OPEN: _("Aucun compte n’est ouvert chez le processeur\u202f: les familles ne peuvent pas payer en ligne."),
    Standing.TO_FINISH: _("Le processeur attend des renseignements avant le premier paiement en ligne."),
    Standing.IN_SERVICE: _("Les familles paient en ligne, et l’argent vous est viré."),
    Standing.PAYMENTS_STOPPED: _("Les familles ne peuvent plus payer en ligne."),
    Standing.PAYOUTS_STOPPED: _("Les familles paient en ligne, mais l’argent ne vous est plus viré."),
    Standing.DISCONNECTED: _("Ce compte ne reçoit plus rien. Les remboursements de ce qu’il a reçu restent possibles."),
}


@dataclass(frozen=True, slots=True)
class PayeeRow:
    payee: Payee
    account: ConnectedAccount | None

    @property
    def standing(self) -> str:
        return standing.of(self.account) if self.account else TO_OPEN

    @property
    def name(self) -> str:
        return str(_("À ouvrir") if self.account is None else Standing(self.standing).label)

    @property
    def look(self) -> str:
        return standing.LOOKS.get(self.standing, "")

    @property
    def meaning(self) -> str:
        return str(_MEANINGS[self.standing])

    @property
    def asked(self) -> list[str]:
        """What somebody of the organisation has to give."""
        return requirements.all_words(standing.asked_of_us(self.account)) if self.account else []

    @property
    def is_checked(self) -> bool:
        """Whether the processor has something to look at before it goes on."""
        return self.account is not None and any(each["by"] != "user" for each in self.account.requirements)

    @property
    def is_refused(self) -> bool:
        """Whether something that was given already does not do."""
        return self.account is not None and any(each["errors"] for each in self.account.requirements)

    @property
    def until(self) -> datetime | None:
        return self.account.deadline_at if self.account and self.asked else None

    @property
    def is_open(self) -> bool:
        return self.account is not None and not self.account.is_disconnected

    @property
    def places(self) -> Sequence[Establishment]:
        return list(self.payee.establishments.all())


def every() -> list[PayeeRow]:
    """In a number of queries that does not grow."""
    payees = Payee.objects.order_by("name", "id").prefetch_related("establishments")
    accounts = {account.processor_id: account for account in ConnectedAccount.objects.all()}
    return [PayeeRow(payee, accounts.get(payee.processor_account)) for payee in payees]
