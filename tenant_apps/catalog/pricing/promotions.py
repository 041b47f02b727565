"""Whether a promotional code says anything for some offerings on a day, and if not, why."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from kernel.errors import Refusal
from tenant_apps.catalog.models import Offering
from tenant_apps.catalog.pricing.codes import fold_code
from tenant_apps.catalog.pricing.kind import PriceRule
from tenant_apps.catalog.pricing.kinds.promotion import PromotionKind, is_over, is_valid
from tenant_apps.catalog.pricing.wording import day_words
from tenant_apps.catalog.visibility import shown


class CodeUnknown(Refusal):
    code = "promotion_unknown"
    message = _("Ce code n’existe pas. Vérifiez-le\u202f: les majuscules et les espaces ne comptent pas.")


class CodeElsewhere(Refusal):
    code = "promotion_elsewhere"
    message = _("Ce code ne vaut pas pour les activités de votre panier.")


class CodeOver(Refusal):
    code = "promotion_over"
    message = _("Ce code était valable jusqu’au {day}.")


class CodeTooEarly(Refusal):
    code = "promotion_too_early"
    message = _("Ce code ne sera valable qu’à partir du {day}.")


def offerings_with_codes(*, at: datetime) -> QuerySet[Offering]:
    """Of those that families see."""
    return Offering.objects.filter(shown(at=at), pricing__rules__contains=[{"kind": PromotionKind.key}])


def check(code: str, offerings: Iterable[Offering], elsewhere: Iterable[Offering], *, days: Iterable[date]) -> None:
    """`elsewhere`: what else families see; `days`: today, and those on which the places were held.

    Raises CodeUnknown, CodeElsewhere, CodeOver or CodeTooEarly.
    """
    days = sorted(days)
    rules = list(_rules(code, offerings))
    if any(is_valid(rule, day) for rule in rules for day in days):
        return
    if not rules:
        raise CodeElsewhere if any(_rules(code, elsewhere)) else CodeUnknown
    awaited = [rule["from_on"] for rule in rules if not is_over(rule, days[-1])]
    if awaited:
        raise CodeTooEarly(day=day_words(min(awaited)))
    raise CodeOver(day=day_words(max(rule["until_on"] for rule in rules)))


def _rules(code: str, offerings: Iterable[Offering]) -> Iterator[PriceRule]:
    for offering in offerings:
        for rule in offering.pricing.get("rules", []):
            if rule["kind"] == PromotionKind.key and fold_code(rule["code"]) == fold_code(code):
                yield rule
