"""Lets go, four times a day, of what has outlived its purpose; how many of what is kept in the trail."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from django.db.models import F, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kernel.inventory import DataClass
from kernel.transactions import operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import SYSTEM
from shared_apps.vault import sealing
from tenant_apps.changes import forgetting as changes
from tenant_apps.entitlements import forgetting as requests
from tenant_apps.families import queries as families
from tenant_apps.families.matching import NATIONAL_NUMBER
from tenant_apps.families.models import Participant
from tenant_apps.families.operations.forgetting import forget_participants
from tenant_apps.forms import definitions
from tenant_apps.forms.forgetting import delete_uploads, forget_answers
from tenant_apps.forms.models import FormVersion, Sealed, Upload
from tenant_apps.imports import tidying
from tenant_apps.privacy import terms
from tenant_apps.privacy.forgetting import forget, people_of
from tenant_apps.privacy.terms import Terms

logger = structlog.get_logger(__name__)

PURGED = "retention.purged"


@dataclass(frozen=True, slots=True)
class Rule:
    """`found` are the rows that are let go, `purge` lets them go and says how many."""

    label: str | Promise
    found: Callable[[Terms], QuerySet[Any]]
    purge: Callable[[QuerySet[Any], Terms], int]


def due(at: datetime) -> dict[str, int]:
    """How many rows each rule would let go; nothing is touched."""
    now = terms.terms_of(at)
    return {name: rule.found(now).count() for name, rule in RULES.items()}


def purge(*, at: datetime) -> dict[str, int]:
    """Each rule by itself, so that one that fails keeps none of the others. Returns how many rows were let go."""
    now, counts = terms.terms_of(at), {}
    for name, rule in RULES.items():
        try:
            counts[name] = _purge(rule, now)
        except Exception:
            logger.exception("retention.failed", rule=name)
    done = {name: count for name, count in counts.items() if count}
    if done:
        audit.record(action=PURGED, subject="retention", subject_id=None, actor=SYSTEM, at=at, details=done)
    return counts


def labelled(counts: Mapping[str, int]) -> list[tuple[str | Promise, int]]:
    """Counts as a page lists them; a rule that is no more goes by its code."""
    return [(RULES[name].label if name in RULES else name, count) for name, count in counts.items()]


@operation
def _purge(rule: Rule, now: Terms) -> int:
    return rule.purge(rule.found(now), now)


def _delete(found: QuerySet[Any], now: Terms) -> int:
    return found.delete()[0]


def _purge_health(found: QuerySet[Participant], now: Terms) -> int:
    """All that is about health, of these children; the national number has a term of its own."""
    ids = list(found.values_list("pk", flat=True))
    # Locked, then asked again: of whom a family writes at this moment nothing goes.
    Participant.objects.filter(pk__in=ids).update(id=F("id"))
    ids = list(found.filter(pk__in=ids).values_list("pk", flat=True))
    Sealed.objects.filter(submission__participant__in=ids).delete()
    delete_uploads(Upload.objects.filter(participant__in=ids, is_health=True))
    kept_keys = _keys_of_numbers()
    for child in Participant.objects.filter(pk__in=ids).exclude(sealed=None):
        kept = {key: value for key, value in families.sealed_answers(child).items() if key in kept_keys}
        child.sealed = sealing.seal(kept, place=families.SEALED, row_id=child.id)
        child.save(update_fields=["sealed"])
    return len(ids)


def _keys_of_numbers() -> set[str]:
    """Of the questions, in any version, whose answer is a national number."""
    return {
        question.key
        for version in FormVersion.objects.all()
        for question in definitions.questions(definitions.read(version.definition))
        if question.data_class == DataClass.NATIONAL_NUMBER
    } | {NATIONAL_NUMBER}


def _purge_participants(found: QuerySet[Participant], now: Terms) -> int:
    ids = list(found.values_list("pk", flat=True))
    forget_answers(participant_ids=ids)
    requests.forget(guardian_ids=[], participant_ids=ids)
    changes.forget(guardian_ids=[], participant_ids=ids)
    forget_participants(participant_ids=ids, at=now.at)
    return len(ids)


def _purge_guests(found: QuerySet[Any], now: Terms) -> int:
    ids = list(found.values_list("pk", flat=True))
    if ids:
        forget(people_of(ids), at=now.at)
    return len(ids)


RULES: dict[str, Rule] = {
    "health": Rule(_("Réponses sur la santé, par personne"), terms.outlived_health, _purge_health),
    "records": Rule(_("Fiches expirées et remplacées"), terms.superseded_records, _delete),
    "files": Rule(
        _("Documents jamais joints à une fiche"), terms.unclaimed_uploads, lambda found, now: delete_uploads(found)
    ),
    "proofs": Rule(
        _("Preuves jointes aux demandes, une fois la réponse donnée"),
        terms.decided_proofs,
        lambda found, now: requests.drop_proofs(found),
    ),
    "requests_said": Rule(
        _("Ce que les familles ont dit dans leurs demandes"),
        terms.ended_requests_with_words,
        lambda found, now: requests.drop_words(found),
    ),
    "requests": Rule(_("Demandes terminées"), terms.ended_requests, lambda found, now: requests.forget_requests(found)),
    "change_proofs": Rule(
        _("Documents joints aux demandes de changement, une fois la réponse donnée"),
        terms.decided_change_proofs,
        lambda found, now: changes.drop_proofs(found),
    ),
    "changes_said": Rule(
        _("Raisons données dans les demandes de changement"),
        terms.ended_changes_with_words,
        lambda found, now: changes.drop_words(found),
    ),
    "changes": Rule(
        _("Demandes de changement terminées"),
        terms.ended_changes,
        lambda found, now: changes.forget_requests(found),
    ),
    "messages": Rule(_("Messages envoyés"), terms.old_messages, _delete),
    "events": Rule(_("Tâches terminées"), terms.old_events, _delete),
    "links": Rule(_("Demandes de rattachement terminées"), terms.old_link_requests, _delete),
    "imports": Rule(_("Fichiers importés"), terms.old_imports, lambda found, now: tidying.forget_details(runs=found)),
    "participants": Rule(_("Personnes retirées, devenues anonymes"), terms.former_participants, _purge_participants),
    "guests": Rule(_("Personnes sans compte, devenues anonymes"), terms.former_guests, _purge_guests),
}
