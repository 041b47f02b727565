"""What the form of an opening lets choose: each offering with its places and whether families see it."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tenant_apps.catalog.models import Offering, Option
from tenant_apps.office import rosters
from tenant_apps.office.openings.forms import OpeningForm
from tenant_apps.office.rosters import OptionPlaces


def offer(form: OpeningForm, offered: QuerySet[Offering], *, at: datetime) -> None:
    """Reads the places of all of them at once."""
    rows = defaultdict[object, list[OptionPlaces]](list)
    for row in rosters.with_places(Option.objects.filter(offering__in=offered, is_offered=True), at=at):
        rows[row.option.offering_id].append(row)
    field = form.fields["offerings"]
    field.queryset = offered  # type: ignore[attr-defined]
    field.label_from_instance = lambda offering: _words(offering, rows[offering.pk])  # type: ignore[attr-defined]


def _words(offering: Offering, rows: Sequence[OptionPlaces]) -> str:
    told = {"title": offering.title, "places": _places(rows), "state": offering.get_status_display()}
    return _("%(title)s (%(places)s\u202f; %(state)s)") % told


def _places(rows: Sequence[OptionPlaces]) -> str:
    if not rows:
        return _("aucun choix")
    if any(row.capacity is None for row in rows):
        return _("places illimitées")
    count = sum(row.capacity or 0 for row in rows)
    return ngettext("%(count)s place", "%(count)s places", count) % {"count": count}
