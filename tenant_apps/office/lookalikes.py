"""Records that may be of one person: the same name and birth date, or the same address."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from uuid import UUID

from django.db.models import Count, F, QuerySet, TextField, Value
from django.db.models.functions import Concat, Lower

from kernel import folding
from tenant_apps.families.models import Guardian, Guardianship, Participant

_NAME = Concat("last_name", Value(" "), "first_name", output_field=TextField())


def of_participants(known: QuerySet[Participant]) -> list[list[Participant]]:
    """Groups of two or more, by name: the same folded name, and no two birth dates or national numbers."""
    here = known.filter(removed_at=None)
    named = here.annotate(name=folding.folded(_NAME))
    # A birth date that is missing may be any: without one, or with one twice, there is something to look at.
    twice = (
        named.values("name")
        .annotate(records=Count("pk"), dates=Count("birth_date", distinct=True))
        .filter(records__gt=1, dates__lt=F("records"))
        .order_by()
    )
    found = named.filter(name__in=twice.values("name")).select_related("establishment", "level")
    alike: dict[str, list[Participant]] = defaultdict(list)
    for participant in found.order_by("name", "created_at", "id"):
        alike[participant.name].append(participant)
    return [group for same_name in alike.values() for group in _groups(same_name)]


def of_guardians(known: QuerySet[Guardian]) -> list[list[Guardian]]:
    """Groups of two or more: with one address, or with one name and one child."""
    by_address = _of_one_address(known)
    listed = ids(by_address)
    return by_address + [group for group in _of_one_child(known) if not {each.pk for each in group} <= listed]


def _of_one_address(known: QuerySet[Guardian]) -> list[list[Guardian]]:
    """Whatever its case."""
    addressed = known.exclude(email="").annotate(address=Lower("email"))
    twice = addressed.values("address").annotate(records=Count("pk")).filter(records__gt=1).order_by()
    alike: dict[str, list[Guardian]] = defaultdict(list)
    found = addressed.filter(address__in=twice.values("address")).select_related("user")
    for guardian in found.order_by("address", "created_at", "id"):
        alike[guardian.address].append(guardian)
    return list(alike.values())


def _of_one_child(known: QuerySet[Guardian]) -> list[list[Guardian]]:
    """A parent who came once with each of two addresses."""
    full_name = Concat("guardian__last_name", Value(" "), "guardian__first_name", output_field=TextField())
    links = Guardianship.objects.filter(guardian__in=known).exclude(guardian__last_name="")
    named = links.annotate(name=folding.folded(full_name))
    twice = named.values("participant_id", "name").annotate(records=Count("pk")).filter(records__gt=1).order_by()
    pairs = {(row["participant_id"], row["name"]) for row in twice}
    alike: dict[str, dict[UUID, Guardian]] = defaultdict(dict)
    found = named.filter(participant_id__in=[child for child, _name in pairs]).select_related("guardian__user")
    for link in found.order_by("name", "guardian__created_at", "guardian_id"):
        if (link.participant_id, link.name) in pairs:
            alike[f"{link.participant_id} {link.name}"][link.guardian_id] = link.guardian
    # Two children of the same two records are one group.
    return list({tuple(group): list(group.values()) for group in alike.values()}.values())


def ids(groups: Iterable[Iterable[Participant | Guardian]]) -> set[UUID]:
    return {each.pk for group in groups for each in group}


def _groups(same_name: list[Participant]) -> Iterator[list[Participant]]:
    """Those born on one day, with those whose birth date nobody said."""
    undated = [each for each in same_name if each.birth_date is None]
    days = sorted({each.birth_date for each in same_name if each.birth_date})
    for day in days:
        group = [each for each in same_name if each.birth_date == day] + undated
        if len(group) > 1 and _may_be_one(group):
            yield group
    if not days and len(undated) > 1 and _may_be_one(undated):
        yield undated


def _may_be_one(group: list[Participant]) -> bool:
    """Two national numbers are two people."""
    return len({each.national_number_hash for each in group} - {""}) < 2
