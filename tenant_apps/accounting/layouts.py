"""The form of the journal's file: its columns, and how numbers, days and letters are written in it."""

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kernel.spreadsheets import amount, safe
from tenant_apps.accounting.lines import Line

# What a column may hold, by the name it has in the data of the layout.
FIELDS: Mapping[str, Promise] = {
    "date": _("Date de l’écriture"),
    "number": _("Numéro de la pièce"),
    "code": _("Code du compte"),
    "account": _("Nom du compte"),
    "segment": _("Segment"),
    "fund": _("Fonds"),
    "payee": _("Compte de paiement"),
    "offering": _("Activité"),
    "order": _("Commande"),
    "label": _("Libellé"),
    "debit": _("Débit"),
    "credit": _("Crédit"),
    "amount": _("Montant, négatif au crédit"),
    "absolute": _("Montant sans signe"),
    "side": _("Sens\u202f: D ou C"),
    "currency": _("Devise"),
    "reference": _("Référence unique de l’écriture"),
}
SEPARATORS = {"semicolon": ";", "comma": ",", "tab": "\t", "bar": "|"}
DECIMALS = {"comma": ",", "point": "."}
DATES = {"iso": "%Y-%m-%d", "day_first": "%d/%m/%Y", "month_first": "%m/%d/%Y", "compact": "%Y%m%d"}
ENCODINGS = {"utf-8-sig": "utf-8", "utf-8": "utf-8", "cp1252": "windows-1252"}
# One line for each side of each row of the ledger; or by day, account, fund and payee.
EACH, BY_DAY = "each", "day"
_USUAL = ("date", "number", "code", "account", "segment", "fund", "label", "debit", "credit", "reference")


@dataclass(frozen=True, slots=True)
class Layout:
    """`columns` are heading and field; one without words is called as the field is."""

    columns: tuple[tuple[str, str], ...] = tuple(("", name) for name in _USUAL)
    separator: str = "semicolon"
    decimal: str = "comma"
    dates: str = "iso"
    has_head: bool = True
    encoding: str = "utf-8-sig"
    detail: str = EACH


def read(data: Mapping[str, Any]) -> Layout:
    """Raises KeyError, TypeError or ValueError for what no file could be written by."""
    usual = Layout()
    layout = Layout(
        columns=tuple((str(each.get("name", "")), str(each["field"])) for each in data.get("columns", []))
        or usual.columns,
        separator=str(data.get("separator", usual.separator)),
        decimal=str(data.get("decimal", usual.decimal)),
        dates=str(data.get("dates", usual.dates)),
        has_head=bool(data.get("has_head", usual.has_head)),
        encoding=str(data.get("encoding", usual.encoding)),
        detail=str(data.get("detail", usual.detail)),
    )
    known = zip(
        (layout.separator, layout.decimal, layout.dates, layout.encoding, layout.detail),
        (SEPARATORS, DECIMALS, DATES, ENCODINGS, (EACH, BY_DAY)),
        strict=True,
    )
    if any(said not in choices for said, choices in known) or any(name not in FIELDS for _head, name in layout.columns):
        raise ValueError("a layout says only what there is")
    return layout


def says_amounts(fields: Iterable[str]) -> bool:
    """Does whoever reads these columns know what was debited and what was credited?"""
    known = set(fields)
    return {"debit", "credit"} <= known or "amount" in known or {"absolute", "side"} <= known


def written(layout: Layout, lines: Iterable[Line]) -> bytes:
    """The file. A letter that its encoding lacks is a question mark."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=SEPARATORS[layout.separator], lineterminator="\r\n")
    if layout.has_head:
        writer.writerow([safe(name or FIELDS[field]) for name, field in layout.columns])
    cells = [_CELLS[field] for _name, field in layout.columns]
    writer.writerows([safe(cell(line, layout)) for cell in cells] for line in lines)
    return text.getvalue().encode(layout.encoding, errors="replace")


def _day(on: date, layout: Layout) -> str:
    return on.strftime(DATES[layout.dates])


def _amount(cents: int, layout: Layout) -> str:
    return amount(cents, DECIMALS[layout.decimal])


_CELLS: Mapping[str, Callable[[Line, Layout], object]] = {
    "date": lambda line, layout: _day(line.on, layout),
    "number": lambda line, _layout: line.number,
    "code": lambda line, _layout: line.code,
    "account": lambda line, _layout: line.account.label,
    "segment": lambda line, _layout: line.segment,
    "fund": lambda line, _layout: line.fund,
    "payee": lambda line, _layout: line.payee,
    "offering": lambda line, _layout: line.offering,
    "order": lambda line, _layout: line.order,
    "label": lambda line, _layout: line.label,
    "debit": lambda line, layout: _amount(line.debit, layout) if line.debit else "",
    "credit": lambda line, layout: _amount(line.credit, layout) if line.credit else "",
    "amount": lambda line, layout: _amount(line.debit - line.credit, layout),
    "absolute": lambda line, layout: _amount(abs(line.debit - line.credit), layout),
    "side": lambda line, _layout: "C" if line.credit else "D",
    "currency": lambda line, _layout: line.currency.upper(),
    "reference": lambda line, _layout: line.reference,
}
