"""The families among whom a member of staff looks for the one that is before them."""

from django.db.models import Prefetch, Q, QuerySet

from kernel import folding
from tenant_apps.families.models import Guardian
from tenant_apps.office import acquaintance
from tenant_apps.office.counter import standing
from tenant_apps.office.scope import Scope

MOST_SHOWN = 20


def search(scope: Scope, wanted: str) -> QuerySet[Guardian]:
    """By the parent's name, address or number, or by a child's name."""
    found = standing.families(scope)
    for word in folding.words(wanted):
        children = acquaintance.links(scope).filter(participant__search_text__contains=word).values("guardian_id")
        found = found.filter(Q(search_text__contains=word) | Q(pk__in=children))
    links = acquaintance.links(scope).filter(participant__removed_at=None, is_blocked=False)
    children_of = links.select_related("participant").order_by("participant__first_name", "id")
    return found.prefetch_related(Prefetch("guardianships", queryset=children_of)).order_by("search_text", "id")


def alike(scope: Scope, *, first_name: str, last_name: str, email: str) -> list[Guardian]:
    """Of the families that the member sees: a second record is what costs most to undo."""
    named = Q(search_text__contains=folding.fold(f"{last_name} {first_name}"))
    same = named | Q(email__iexact=email) if email else named
    return list(standing.families(scope).filter(same).order_by("search_text", "id")[:MOST_SHOWN])
