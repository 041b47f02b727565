"""Makes of the rows of a table the offerings and options that they ask for, against what the catalogue holds."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from tenant_apps.catalog import places
from tenant_apps.catalog.importing.matching import Names
from tenant_apps.catalog.importing.reading import Line, Table
from tenant_apps.catalog.models import Nature, Offering, Option
from tenant_apps.catalog.natures import USUAL
from tenant_apps.catalog.operations.wanted import Wanted, WantedOption

# What says which offering a row is of, and so is no column to write.
_KEYS = {"slug"}
_LISTS = ("establishments", "levels")
# Kept together in one column of the offering.
_OF_BOOKS = {"accounting_code": "code", "fund": "fund"}
_OF_OPTION = {"option_starts_on": "starts_on", "option_ends_on": "ends_on"}


def plan(table: Table, *, zone: ZoneInfo) -> list[Wanted]:
    """In a constant number of questions. What does not fit is added to the table's faults."""
    names, known = Names.read(), _offerings(table.lines)
    capacities = places.of(option.pk for offering in known.values() for option in offering.options.all())
    planner = _Planner(table, names, capacities, zone)
    groups: dict[str, list[Line]] = {}
    for line in table.lines:
        if key := _key(line):
            groups.setdefault(key, []).append(line)
        else:
            table.blame(line.row, "title", _("Dites de quelle activité il s’agit\u202f: son titre, ou son adresse."))
    return [planner.offering(known.get(lines[0].offering.get("slug", "")), lines) for lines in groups.values()]


class _Planner:
    def __init__(self, table: Table, names: Names, capacities: places.Capacities, zone: ZoneInfo) -> None:
        self._table, self._names, self._capacities, self._zone = table, names, capacities, zone

    def offering(self, known: Offering | None, lines: Sequence[Line]) -> Wanted:
        """Of all its rows: what one leaves empty another may say, but two may not disagree."""
        first = lines[0]
        if known is None and "slug" in first.offering:
            self._table.blame(
                first.row, "slug", _("Aucune activité n’a cette adresse. Laissez vide pour en créer une.")
            )
        said = self._said(lines)
        title = said.get("title") or (known.title if known else "")
        wanted = Wanted(first.row, title, known)
        columns = _in_books(known, self._resolved(first.row, said))
        lists = {name: columns.pop(name) for name in _LISTS if name in columns}
        wanted.lists = {
            name: rows for name, rows in lists.items() if known is None or {*rows} != {*getattr(known, name).all()}
        }
        wanted.columns = self._begun(first.row, columns) if known is None else _different(known, columns)
        wanted.options = self._options(known, lines, wanted)
        return wanted

    def _said(self, lines: Sequence[Line]) -> dict[str, Any]:
        said: dict[str, Any] = {}
        for line in lines:
            for name, value in line.offering.items():
                if name not in _KEYS and said.setdefault(name, value) != value:
                    told = _("Cette ligne dit autre chose de la même activité que la ligne %(row)s.")
                    told %= {"row": lines[0].row}
                    self._table.blame(line.row, name, told)
        return said

    def _resolved(self, row: int, said: Mapping[str, Any]) -> dict[str, Any]:
        """Names become what they name, and hours those of the organisation's zone."""
        columns: dict[str, Any] = {}
        for name, value in said.items():
            found, unknown = self._names.resolve(name, value)
            if unknown:
                told = _("«\u202f%s\u202f» n’existe pas dans votre organisation.") % unknown
                self._table.blame(row, name, told)
            columns[name] = found.replace(tzinfo=self._zone) if isinstance(found, datetime) else found
        return columns

    def _begun(self, row: int, columns: dict[str, Any]) -> dict[str, Any]:
        """A new offering: what it must have, and what is usual of its kind."""
        if "title" not in columns:
            self._table.blame(row, "title", _("Une nouvelle activité a besoin d’un titre."))
        if "nature" not in columns:
            self._table.blame(row, "nature", _("Une nouvelle activité a besoin d’un genre."))
            return columns
        if "payee" not in columns and self._names.only_payee is None:
            self._table.blame(row, "payee", _("Dites à quel compte de paiement elle est payée."))
        usual = USUAL[Nature(columns["nature"])]
        return {"selection": usual.selection, "payee": self._names.only_payee, **columns}

    def _options(self, known: Offering | None, lines: Sequence[Line], wanted: Wanted) -> list[WantedOption]:
        existing = list(known.options.all()) if known else []
        nature = wanted.columns.get("nature") or (known.nature if known else "")
        begun = USUAL[Nature(nature)].option if nature else {}
        options: list[WantedOption] = []
        seen: dict[Any, int] = {}
        for line in (line for line in lines if line.option):
            columns = {_OF_OPTION.get(name, name): value for name, value in line.option.items()}
            if (key := _option_key(columns)) in seen:
                told = _("Ce choix est déjà à la ligne %(row)s. Donnez-leur des codes différents.") % {"row": seen[key]}
                self._table.blame(line.row, "code" if "code" in columns else "name", told)
                continue
            seen[key] = line.row
            options.append(self._option(line.row, columns, _same(existing, columns), begun))
        return options

    def _option(self, row: int, said: dict[str, Any], known: Option | None, begun: Mapping[str, Any]) -> WantedOption:
        columns = {name: value for name, value in said.items() if name != "capacity"}
        if known is None and not columns.get("name"):
            self._table.blame(row, "name", _("Un nouveau choix a besoin d’un nom."))
        wanted = WantedOption(row, columns.get("name") or (known.name if known else ""), known)
        wanted.columns = _different(known, columns) if known else {**begun, **columns}
        if "capacity" in said and not (known and self._capacities.get(known.pk) == said["capacity"]):
            wanted.capacity = said["capacity"]
            wanted.capacity_before = self._capacities.get(known.pk) if known else None
        elif known is None:
            wanted.capacity = None
        self._check_option(row, {**_of(known), **begun, **columns} if known is None else {**_of(known), **columns})
        return wanted

    def _check_option(self, row: int, columns: Mapping[str, Any]) -> None:
        first, last = columns.get("starts_on"), columns.get("ends_on")
        if first and last and last < first:
            self._table.blame(row, "option_ends_on", _("La fin vient avant le début."))
        if columns.get("maximum_quantity", 1) < columns.get("minimum_quantity", 1):
            self._table.blame(row, "maximum_quantity", _("Le maximum est plus petit que le minimum."))


def _offerings(lines: Iterable[Line]) -> dict[str, Offering]:
    """Those that the rows name by their address, with all that is compared."""
    wanted = {line.offering["slug"] for line in lines if "slug" in line.offering}
    options = Prefetch("options", queryset=Option.objects.order_by("position", "starts_on", "name"))
    found = Offering.objects.filter(slug__in=wanted).select_related("category", "season", "payee")
    return {each.slug: each for each in found.prefetch_related(options, "establishments", "levels")}


def _key(line: Line) -> str:
    """The same for the rows of one offering: its address, else its title."""
    if slug := line.offering.get("slug"):
        return f"slug:{slug}"
    return f"title:{line.offering['title'].casefold()}" if line.offering.get("title") else ""


def _option_key(columns: Mapping[str, Any]) -> Any:
    if columns.get("code"):
        return columns["code"]
    return columns.get("name"), columns.get("starts_on")


def _same(existing: Sequence[Option], columns: Mapping[str, Any]) -> Option | None:
    """By its code; else by its name, and its first day where the name alone is not enough."""
    if code := columns.get("code"):
        return next((each for each in existing if each.code == code), None)
    named = [each for each in existing if each.name == columns.get("name")]
    if len(named) > 1:
        named = [each for each in named if each.starts_on == columns.get("starts_on")]
    return named[0] if len(named) == 1 else None


def _different(row: Offering | Option, columns: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in columns.items() if _bare(getattr(row, name)) != value}


def _in_books(known: Offering | None, columns: dict[str, Any]) -> dict[str, Any]:
    """What the table does not say of its accounting stays as it was."""
    said = {_OF_BOOKS[name]: columns.pop(name) for name in list(columns) if name in _OF_BOOKS}
    if not said:
        return columns
    return {**columns, "accounting": {**(known.accounting if known else {}), **said}}


def _bare(value: Any) -> Any:
    """A text as a cell of the table has it."""
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else value


def _of(option: Option | None) -> dict[str, Any]:
    names = ("starts_on", "ends_on", "minimum_quantity", "maximum_quantity")
    return {name: getattr(option, name) for name in names} if option else {}
