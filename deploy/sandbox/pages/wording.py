"""How a page speaks: its language, its words, its amounts."""

from decimal import Decimal

from babel import Locale
from babel.numbers import format_currency
from flask import Request

from deploy.sandbox.errors import Json
from deploy.sandbox.pages.texts import LANGUAGES

_REGIONS = {
    "fr": {"cad": "CA", "eur": "BE", "usd": "CA", "chf": "CH", "gbp": "BE"},
    "en": {"cad": "CA", "eur": "IE", "usd": "US", "chf": "CH", "gbp": "GB"},
}


class Wording:
    """The words of one language, with the amounts of one currency."""

    def __init__(self, language: str, currency: str | None = None) -> None:
        self.language = language
        self._currency = currency or "cad"
        self._texts = LANGUAGES[language]
        self._locale = Locale.parse(f"{language}_{_REGIONS[language][self._currency]}")

    def __call__(self, name: str, **values: object) -> str:
        """Return a text with its values filled in."""
        return self._texts[name].format(**values)

    def has(self, name: str) -> bool:
        """Whether there is such a text."""
        return name in self._texts

    def money(self, amount: int) -> str:
        """Return an amount as this language writes it, with its no-break space."""
        written: str = format_currency(Decimal(amount) / 100, self._currency.upper(), locale=self._locale)
        return written

    def countries(self) -> list[tuple[str, str]]:
        """Return all countries, by name."""
        found = [
            (code, name)
            for code, name in self._locale.territories.items()
            if len(code) == 2 and code.isalpha() and code not in ("EU", "EZ", "UN", "XA", "XB", "ZZ")
        ]
        return sorted(found, key=lambda pair: _folded(pair[1]))

    def provinces(self) -> list[tuple[str, str]]:
        """Return the provinces and territories of Canada, by name."""
        names = _PROVINCES[self.language]
        return sorted(names.items(), key=lambda pair: _folded(pair[1]))


def of_request(request: Request, session: Json | None = None) -> Wording:
    """Choose the language: the session's, else the browser's, else French."""
    wanted = ((session or {}).get("locale") or "auto").partition("-")[0]
    if wanted not in LANGUAGES:
        wanted = request.accept_languages.best_match(["fr", "en"], default="fr")
    return Wording(wanted, (session or {}).get("currency"))


def _folded(name: str) -> str:
    return name.translate(str.maketrans("ÀÂÉÈÊÎÔÅÇ", "AAEEEIOAC")).casefold()


_PROVINCES = {
    "fr": {
        "AB": "Alberta",
        "BC": "Colombie-Britannique",
        "MB": "Manitoba",
        "NB": "Nouveau-Brunswick",
        "NL": "Terre-Neuve-et-Labrador",
        "NS": "Nouvelle-Écosse",
        "NT": "Territoires du Nord-Ouest",
        "NU": "Nunavut",
        "ON": "Ontario",
        "PE": "Île-du-Prince-Édouard",
        "QC": "Québec",
        "SK": "Saskatchewan",
        "YT": "Yukon",
    },
    "en": {
        "AB": "Alberta",
        "BC": "British Columbia",
        "MB": "Manitoba",
        "NB": "New Brunswick",
        "NL": "Newfoundland and Labrador",
        "NS": "Nova Scotia",
        "NT": "Northwest Territories",
        "NU": "Nunavut",
        "ON": "Ontario",
        "PE": "Prince Edward Island",
        "QC": "Quebec",
        "SK": "Saskatchewan",
        "YT": "Yukon",
    },
}
