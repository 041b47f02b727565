"""What was done by a support leave, in words for the organisation that gave it."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shared_apps.audit.models import Entry

_WORDS: dict[str, str | Promise] = {
    "support.granted": _("Accès donné"),
    "support.ended": _("Accès terminé"),
    "support.begun": _("Entrée dans l’espace de travail"),
}


def page_words(entry: Entry) -> str:
    """What an entry tells; of a page that was looked at, its address."""
    return str(_WORDS.get(entry.action) or entry.details.get("address", ""))
