"""What was done to an opening, and by whom."""

from django.utils.translation import gettext_lazy as _

from shared_apps.audit.models import Entry
from shared_apps.audit.trails import Words, told
from tenant_apps.openings.models import Opening

_MOST = 50
_WORDS: Words = {
    "opening.created": _("Ouverture préparée"),
    "opening.changed": _("Ouverture modifiée"),
    "opening.paced": _("Rythme des appels changé"),
    "opening.draw_asked": _("Tirage demandé"),
    "opening.draw_failed": _("Tirage non abouti"),
    "opening.drawn": _("Places tirées au sort"),
    "opening.ordered": _("Ordre tiré au sort"),
    "opening.ended": _("Ouverte à tous"),
}


def of(opening: Opening) -> list[dict[str, object]]:
    """What staff did, newest first: what families wish there is theirs."""
    done = Entry.objects.filter(subject="opening", subject_id=opening.pk, action__in=_WORDS)
    entries = done.order_by("-at", "-pk")
    return told(entries[:_MOST], _WORDS)
