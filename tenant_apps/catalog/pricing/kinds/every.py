"""All the kinds of price rules that there are, registered at start-up."""

from tenant_apps.catalog.pricing.kind import PRICE_KINDS, PriceKind
from tenant_apps.catalog.pricing.kinds.days import EarlyKind, LateKind
from tenant_apps.catalog.pricing.kinds.income import IncomeKind
from tenant_apps.catalog.pricing.kinds.promotion import PromotionKind
from tenant_apps.catalog.pricing.kinds.residence import ResidenceKind
from tenant_apps.catalog.pricing.kinds.subsidy import SubsidyKind

# In the order that staff are offered them.
_KINDS: tuple[type[PriceKind], ...] = (
    ResidenceKind,
    EarlyKind,
    LateKind,
    IncomeKind,
    SubsidyKind,
    PromotionKind,
)


def register() -> None:
    for kind in _KINDS:
        if PRICE_KINDS.get(kind.key) is None:
            PRICE_KINDS.register(kind.key, kind())
