"""The draw: once, in one transaction, from what families wished for to places held and ranks on the waiting lists."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from kernel.database import lock
from kernel.transactions import operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from shared_apps.outbox import operations as outbox
from tenant_apps.families.models import Guardian, Guardianship, Household, Participant
from tenant_apps.openings.models import Mode, Opening
from tenant_apps.openings.terms import terms_of
from tenant_apps.registrations import counting, freeing, serving
from tenant_apps.registrations.lottery import algorithm, errors, gathering, granting, problem, publication
from tenant_apps.registrations.lottery.reading import Wish, wishes_of
from tenant_apps.registrations.models import Places, Registration, RequestStatus, Status


@dataclass(frozen=True, slots=True)
class Result:
    """`by_choice`: how many wishes came true, by the number of the choice that was had."""

    wishes: int
    families: int
    by_choice: dict[int, int]
    waiting: int
    digest: str

    @property
    def granted(self) -> int:
        return sum(self.by_choice.values())


@operation
def run(*, opening_id: UUID, actor: Actor, at: datetime) -> Result:
    """Draw, hold what was won, queue the others by their rank, publish, and tell everybody.

    Raises NotALottery, TooEarly, DrawnAlready, or NotGathering where there is no such opening.
    """
    opening = _claimed(opening_id, at)
    wishes = wishes_of(opening.id)
    _lock_people(wishes)
    _let_go_of_lapsed(wishes, at)
    _lock_places(wishes)
    document = problem.document_of(opening, wishes, at=at)
    got = algorithm.allocate(document)
    found = granting.sort(wishes, got, _barred(wishes, document, got))
    ranks = {choice.request.id: got[str(wish.group)].rank for wish in wishes for choice in wish.choices}
    granting.grant(found, ranks, until=at + timedelta(hours=terms_of(opening).confirm_hours), at=at)
    # What is left is for those who wait, and who come before anybody new.
    serving.serve(_still_free(document, got), at=at)
    result = Result(
        wishes=len(wishes),
        families=len({wish.guardian.id for wish in wishes}),
        by_choice=_by_choice(got),
        waiting=len({choice.request.group for choice in found.waiting}),
        digest=publication.write(opening, document, got),
    )
    _tell(opening, wishes, result, actor, at)
    return result


def _claimed(opening_id: UUID, at: datetime) -> Opening:
    """The row taken whole: who is saying a wish finishes first, and who comes after finds that it is over."""
    opening = gathering.whole(opening_id)
    if opening.mode != Mode.LOTTERY:
        raise errors.NotALottery
    if at < opening.opens_at:
        raise errors.TooEarly
    if not Opening.objects.filter(pk=opening_id, drawn_at=None).update(drawn_at=at):
        raise errors.DrawnAlready
    opening.drawn_at = at
    return opening


def _lock_people(wishes: Sequence[Wish]) -> None:
    """Nothing is taken meanwhile for these children, nor by these families (registrations.locks)."""
    children = {child for wish in wishes for child in wish.children}
    guardians = {wish.guardian.id for wish in wishes}
    households = {wish.guardian.household_id for wish in wishes if wish.guardian.household_id}
    lock(Guardianship.objects.filter(participant_id__in=children).only("pk"))
    lock(Household.objects.filter(pk__in=households).only("pk"))
    lock(Guardian.objects.filter(pk__in=guardians, household=None).only("pk"))
    lock(Participant.objects.filter(pk__in=children).only("pk"))


def _let_go_of_lapsed(wishes: Sequence[Wish], at: datetime) -> None:
    """Holds that ran out take no place and no turn from a wish, whether or not the sweep has passed."""
    options = counting.reach({line.option_id for wish in wishes for line in wish.lines})
    children = {child for wish in wishes for child in wish.children}
    guardians = {wish.guardian.id for wish in wishes}
    # The sweep leaves few of them: to read them all is quicker than to ask about thousands of families.
    lapsed = Registration.objects.filter(status=Status.HELD, held_until__lte=at).select_related("basket").order_by("pk")
    concerned = [
        row
        for row in lapsed
        if row.option_id in options or row.participant_id in children or row.basket.guardian_id in guardians
    ]
    freeing.free(concerned, at=at, ended=RequestStatus.LAPSED)


def _lock_places(wishes: Sequence[Wish]) -> None:
    options = {line.option_id for wish in wishes for line in wish.lines}
    shared = {quota for row in lock(Places.objects.filter(pk__in=options)) for quota in row.shared}
    lock(Places.objects.filter(pk__in=shared))


def _barred(wishes: Sequence[Wish], document: problem.Document, got: dict[str, algorithm.Got]) -> set[UUID]:
    """The choices that no free place will bring any more: a limit is reached, or the choice was taken off the offer."""
    takes = {entry["id"]: entry["choices"] for entry in document["entries"]}
    left = algorithm.left(document, got)
    counters = document["counters"]
    return {
        choice.request.id
        for wish in wishes
        for choice, wanted in zip(wish.choices, takes[str(wish.group)], strict=True)
        if not algorithm.fits(left, {key: n for key, n in wanted.items() if counters[key]["kind"] in problem.BARRING})
    }


def _still_free(document: problem.Document, got: dict[str, algorithm.Got]) -> set[UUID]:
    kinds = {name: counter["kind"] for name, counter in document["counters"].items()}
    return {UUID(name) for name, free in algorithm.left(document, got).items() if kinds[name] == "option" and free != 0}


def _by_choice(got: dict[str, algorithm.Got]) -> dict[int, int]:
    had = sorted(each.choice for each in got.values() if each.choice is not None)
    return {number: had.count(number) for number in dict.fromkeys(had)}


def _tell(opening: Opening, wishes: Sequence[Wish], result: Result, actor: Actor, at: datetime) -> None:
    audit.record(
        action="opening.drawn",
        subject="opening",
        subject_id=opening.id,
        actor=actor,
        at=at,
        details={
            "name": opening.name,
            "wishes": result.wishes,
            "families": result.families,
            "granted": result.granted,
            "waiting": result.waiting,
            "sha256": result.digest,
        },
    )
    outbox.tell_all(
        kind="wishes.drawn",
        payloads=[
            {"opening": str(opening.id), "guardian": str(guardian)}
            for guardian in sorted({wish.guardian.id for wish in wishes})
        ],
        at=at,
    )
