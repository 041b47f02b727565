"""The trail of an offering in words: what was done, by whom, and what each thing was before."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shared_apps.audit.models import Entry
from tenant_apps.office.editor import wording
from tenant_apps.organisation.models import Profile

WORDS: Mapping[str, str | Promise] = {
    "offering.created": _("Activité créée"),
    "offering.copied": _("Copie d’une autre activité"),
    "offering.changed": _("Activité modifiée"),
    "offering.published": _("Activité publiée"),
    "offering.draft": _("Remise en brouillon"),
    "offering.archived": _("Activité archivée"),
    "option.created": _("Choix ajouté"),
    "option.changed": _("Choix modifié"),
    "option.moved": _("Choix déplacé"),
    "option.removed": _("Choix effacé"),
    "offering.quotas": _("Places partagées dites"),
    "registrations.shared": _("Choix qui partage des places"),
    "registrations.capacity_set": _("Nombre de places fixé"),
}


@dataclass(frozen=True, slots=True)
class Moment:
    """`about` names the option where it is one's; `changes` are label, before and after."""

    at: datetime
    by: str
    title: str | Promise
    about: str
    changes: list[tuple[str, str, str]]


def moments(entries: Iterable[Entry], options: Mapping[str, str], profile: Profile) -> list[Moment]:
    """In the order given; `options` names those that there still are."""
    return [_moment(entry, options, profile) for entry in entries]


def _moment(entry: Entry, options: Mapping[str, str], profile: Profile) -> Moment:
    changes = entry.details.get("changes", {})
    about = entry.details.get("name", "")
    if entry.subject == "option":
        about = options.get(str(entry.subject_id), "")
        changes = {"capacity": [None, entry.details.get("capacity")]}
    return Moment(
        at=entry.at,
        by=entry.actor_label,
        title=WORDS.get(entry.action, entry.action),
        about=about,
        changes=wording.changes(changes, profile),
    )
