"""The families among whom a member of staff looks for the one that is before them."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from kernel import folding
from tenant_apps.families.models import Guardian, Guardianship
from tenant_apps.office import acquaintance
from tenant_apps.office.counter import standing
from tenant_apps.office.scope import Scope

MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Alike:
    """`hidden`: somebody whom the member does not see has the same address or number; no more is said of them."""

    shown: list[Guardian]
    hidden: bool

    def __bool__(self) -> bool:
        return bool(self.shown) or self.hidden


NOBODY = Alike([], hidden=False)


def search(scope: Scope, wanted: str) -> QuerySet[Guardian]:
    """By the parent's name, address or number, or by a child's name; `has_page` where the workplace shows their own."""
    found = standing.families(scope)
    for word in folding.words(wanted):
        children = _children(scope).filter(participant__search_text__contains=word).values("guardian_id")
        found = found.filter(Q(search_text__contains=word) | Q(pk__in=children))
    links = _children(scope).filter(participant__removed_at=None, is_blocked=False)
    children_of = links.select_related("participant").order_by("participant__first_name", "id")
    found = _with_pages(found, scope).prefetch_related(Prefetch("guardianships", queryset=children_of))
    return found.order_by("search_text", "id")


def alike(scope: Scope, *, first_name: str, last_name: str, email: str, phone: str) -> Alike:
    """A second record is what costs most to undo: names among whom the member sees, address and number among all."""
    same = Q(phone=phone)
    if email:
        same |= Q(email__iexact=email)
    seen = standing.families(scope)
    named = Q(search_text__contains=folding.fold(f"{last_name} {first_name}"))
    shown = _with_pages(seen.filter(same | named), scope).order_by("search_text", "id")
    others = Guardian.objects.filter(same, merged_into=None).exclude(pk__in=seen.values("pk"))
    return Alike(list(shown[:MOST_SHOWN]), hidden=others.exists())


def _children(scope: Scope) -> QuerySet[Guardianship]:
    """Those of a family that was just added too: none of them is another establishment's."""
    known = acquaintance.links(scope)
    if scope.establishments is None:
        return known
    added = Q(guardian__in=standing.added(scope).values("pk"))
    return Guardianship.objects.filter(Q(pk__in=known.values("pk")) | added)


def _with_pages(found: QuerySet[Guardian], scope: Scope) -> QuerySet[Guardian]:
    return found.annotate(has_page=Exists(acquaintance.guardians(scope).filter(pk=OuterRef("pk"))))
