"""What is said of an organisation when it is entered in the registry: nothing that cannot be."""

import zoneinfo
from collections.abc import Callable, Mapping

from babel import Locale
from babel.numbers import get_currency_precision, list_currencies
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from kernel.errors import Refusal
from tenants import regions
from tenants.models import Organisation

# Babel's names for what is no country.
_NO_COUNTRIES = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})


class NotAName(Refusal):
    code = "not_a_name"
    message = _("Dites un nom, de {most} caractères au plus.")


class UnknownFact(Refusal):
    """No such time zone, currency, country or language."""

    code = "unknown_fact"
    message = _("«\u202f{said}\u202f» n’est pas connu ici.")


def check(*, name: str, facts: Mapping[str, str]) -> None:
    """Raises NotAName, UnknownFact and NotServedHere; `facts` by the columns of the registry, those that are said."""
    most = Organisation._meta.get_field("name").max_length or 0
    if not name.strip() or len(name) > most:
        raise NotAName(most=most)
    for column, is_known in _KNOWN.items():
        if column in facts and not is_known(facts[column]):
            raise UnknownFact(said=facts[column])
    regions.check(facts.get("country", Organisation().country))


def _is_country(code: str) -> bool:
    return len(code) == 2 and code.isalpha() and code in Locale("en").territories and code not in _NO_COUNTRIES


def _is_currency(code: str) -> bool:
    """In small letters, as the processor writes them; and with hundredths, as every amount here is counted."""
    return code == code.lower() and code.upper() in list_currencies() and get_currency_precision(code.upper()) == 2


_KNOWN: dict[str, Callable[[str], bool]] = {
    "time_zone": lambda name: name in zoneinfo.available_timezones(),
    "currency": _is_currency,
    "country": _is_country,
    "language": lambda code: code in dict(settings.LANGUAGES),
}
