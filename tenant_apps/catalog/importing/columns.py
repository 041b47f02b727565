"""The columns of the table of a catalogue: their headings, and what each becomes. One row is one option."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tenant_apps.catalog.importing import cells
from tenant_apps.imports.headers import plain


@dataclass(frozen=True, slots=True)
class Column:
    """`french` and `english` are the headings of the model; `others` are understood too. `read` makes the value."""

    name: str
    french: str
    english: str
    read: Callable[[str], Any]
    others: tuple[str, ...] = ()
    is_option: bool = False


def _of_offering(name: str, french: str, english: str, read: Callable[[str], Any], *others: str) -> Column:
    return Column(name, french, english, read, others)


def _of_option(name: str, french: str, english: str, read: Callable[[str], Any], *others: str) -> Column:
    return Column(name, french, english, read, others, is_option=True)


COLUMNS = (
    _of_offering("slug", "Adresse", "Address", cells.address, "slug", "identifiant", "identifier"),
    _of_offering("title", "Titre", "Title", cells.line(200), "activité", "activity"),
    _of_offering("nature", "Genre", "Kind", cells.nature, "nature"),
    _of_offering("category", "Catégorie", "Category", cells.line(100)),
    _of_offering("season", "Saison", "Season", cells.line(100)),
    _of_offering("summary", "Résumé", "Summary", cells.line(300)),
    _of_offering("presentation", "Texte aux familles", "Text for families", cells.text(20_000), "texte", "text"),
    _of_offering("refund_policy", "Remboursement", "Refunds", cells.text(5_000)),
    _of_offering("establishments", "Établissements", "Establishments", cells.names, "écoles", "lieux", "schools"),
    _of_offering("levels", "Niveaux", "Levels", cells.names),
    _of_offering("tags", "Mots-clés", "Tags", cells.keywords),
    _of_offering("payee", "Compte de paiement", "Payment account", cells.line(200)),
    _of_offering("accounting_code", "Code comptable", "Ledger code", cells.line(40), "code du grand livre"),
    _of_offering("fund", "Fonds", "Fund", cells.line(80), "fonds à destination spéciale"),
    _of_offering("selection", "Manière de choisir", "How options are taken", cells.selection),
    _of_offering("starts_on", "Premier jour", "First day", cells.day),
    _of_offering("ends_on", "Dernier jour", "Last day", cells.day),
    _of_offering("opens_at", "Ouverture des inscriptions", "Registration opens", cells.moment, "ouverture"),
    _of_offering("deadline_on", "Date limite", "Deadline", cells.day),
    _of_option("code", "Code", "Code", cells.line(20)),
    _of_option("name", "Choix", "Option", cells.line(120), "nom du choix"),
    _of_option("description", "Description du choix", "Option description", cells.line(200)),
    _of_option("option_starts_on", "Début du choix", "Option starts", cells.day, "date du choix", "option date"),
    _of_option("option_ends_on", "Fin du choix", "Option ends", cells.day),
    _of_option("price_cents", "Prix", "Price", cells.amount),
    _of_option("capacity", "Places", "Places", cells.capacity),
    _of_option("minimum_quantity", "Quantité minimale", "Minimum quantity", cells.quantity),
    _of_option("maximum_quantity", "Quantité maximale", "Maximum quantity", cells.quantity),
    _of_option("is_voluntary", "Contribution volontaire", "Voluntary", cells.yes_no),
    _of_option("is_offered", "Offert", "Offered", cells.yes_no),
)
BY_NAME: Mapping[str, Column] = {column.name: column for column in COLUMNS}
# Written by the export for who reads it, and understood as saying nothing.
STATUS = ("État", "Status")
_HEADINGS = {
    plain(heading): column for column in COLUMNS for heading in (column.french, column.english, *column.others)
}
_UNREAD = {plain(heading) for heading in STATUS}


def meaning(heading: str) -> Column | None:
    return _HEADINGS.get(plain(heading))


def is_unread(heading: str) -> bool:
    """Empty, or only there for the reader."""
    return plain(heading) in {"", *_UNREAD}


def heading(column: Column, language: str) -> str:
    return column.english if language == "en" else column.french
