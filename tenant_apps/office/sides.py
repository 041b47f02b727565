"""A balance as people read it: an amount that is never below zero, and the word for its side."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from tenant_apps.orders.models import Account


@dataclass(frozen=True, slots=True)
class Side:
    """`cents` is debits less credits."""

    account: Account
    cents: int

    @property
    def label(self) -> str:
        return str(self.account.label)

    @property
    def amount(self) -> int:
        return abs(self.cents)

    @property
    def words(self) -> str:
        """Nothing to say of an account that is even."""
        if self.cents == 0:
            return ""
        return _("au débit") if self.cents > 0 else _("au crédit")
