"""The catalogue as the table that an import reads: one row for each option, the offering's columns repeated."""

from collections.abc import Iterable, Iterator
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from tenant_apps.catalog import places
from tenant_apps.catalog.importing import columns
from tenant_apps.catalog.importing.cells import NEW_LINE
from tenant_apps.catalog.models import Offering, Option


def head(language: str) -> list[str]:
    named = [columns.heading(column, language) for column in columns.COLUMNS]
    return [*named, columns.STATUS[1] if language == "en" else columns.STATUS[0]]


def rows(found: QuerySet[Offering], *, zone: ZoneInfo, decimal_mark: str) -> Iterator[list[str]]:
    """In a constant number of questions. Texts on one line: NEW_LINE stands for the breaks."""
    options = Prefetch("options", queryset=Option.objects.order_by("position", "starts_on", "name"))
    every = list(
        found.select_related("category", "season", "payee").prefetch_related(options, "establishments", "levels")
    )
    capacities = places.of(option.pk for offering in every for option in offering.options.all())
    for offering in every:
        of_offering = _of_offering(offering, zone)
        of_options = [_of_option(option, capacities, decimal_mark) for option in offering.options.all()]
        for of_option in of_options or [{}]:
            said = {**of_offering, **of_option}
            told = [_one_line(said.get(column.name, "")) for column in columns.COLUMNS]
            yield [*told, str(offering.get_status_display())]


def _of_offering(offering: Offering, zone: ZoneInfo) -> dict[str, str]:
    opens_at = offering.opens_at.astimezone(zone) if offering.opens_at else None
    return {
        "slug": offering.slug,
        "title": offering.title,
        "nature": str(offering.get_nature_display()),
        "category": offering.category.name if offering.category else "",
        "season": offering.season.name if offering.season else "",
        "summary": offering.summary,
        "presentation": offering.presentation,
        "refund_policy": offering.refund_policy,
        "establishments": _listed(each.name for each in offering.establishments.all()),
        "levels": _listed(each.name for each in offering.levels.all()),
        "tags": _listed(offering.tags),
        "payee": offering.payee.name,
        "accounting_code": str(offering.accounting.get("code", "")),
        "fund": str(offering.accounting.get("fund", "")),
        "selection": str(offering.get_selection_display()),
        "starts_on": _day(offering.starts_on),
        "ends_on": _day(offering.ends_on),
        "opens_at": f"{opens_at:%Y-%m-%d %H:%M}" if opens_at else "",
        "deadline_on": _day(offering.deadline_on),
    }


def _of_option(option: Option, capacities: places.Capacities, decimal_mark: str) -> dict[str, str]:
    capacity = capacities.get(option.pk)
    whole, hundredths = divmod(option.price_cents, 100)
    return {
        "code": option.code,
        "name": option.name,
        "description": option.description,
        "option_starts_on": _day(option.starts_on),
        "option_ends_on": _day(option.ends_on),
        "price_cents": f"{whole}{decimal_mark}{hundredths:02}",
        "capacity": _("illimité") if capacity is None else str(capacity),
        "minimum_quantity": str(option.minimum_quantity),
        "maximum_quantity": str(option.maximum_quantity),
        "is_voluntary": _yes_no(option.is_voluntary),
        "is_offered": _yes_no(option.is_offered),
    }


def _day(day: Any) -> str:
    return day.isoformat() if day else ""


def _yes_no(said: bool) -> str:
    return _("oui") if said else _("non")


def _listed(names: Iterable[str]) -> str:
    return "; ".join(names)


def _one_line(text: str) -> str:
    return text.replace("\r\n", "\n").strip().replace("\n", NEW_LINE)
