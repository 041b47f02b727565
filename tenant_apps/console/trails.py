"""What operators did to an organisation, in words."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shared_apps.audit.models import Entry

WORDS: dict[str, str | Promise] = {
    "organisations.created": _("Organisation ouverte"),
    "organisations.prepared_again": _("Préparation redemandée"),
    "organisations.suspended": _("Organisation suspendue"),
    "organisations.resumed": _("Organisation remise en service"),
}


def events(entries: Iterable[Entry]) -> list[dict[str, object]]:
    return [
        {"at": entry.at, "title": WORDS.get(entry.action, entry.action), "text": entry.actor_label} for entry in entries
    ]
