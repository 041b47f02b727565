"""The algorithm alone: the same for everybody, nobody passed over for who comes after, nothing given twice."""

import copy
import json
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from tenant_apps.openings import ordering
from tenant_apps.registrations.lottery import algorithm, replay

_COUNTERS = ["one", "two", "three", "bus"]


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """Up to twelve wishes over three options, two of which share a bus, some of them tied, some limited."""
    seed = draw(st.text(min_size=1, max_size=8))
    shares = {"one": ["bus"], "two": ["bus"], "three": []}

    def takes(options: dict[str, int]) -> dict[str, int]:
        found = dict(options)
        for option, number in options.items():
            for quota in shares[option]:
                found[quota] = found.get(quota, 0) + number
        return found

    choice = st.dictionaries(st.sampled_from(_COUNTERS[:3]), st.integers(1, 3), min_size=1, max_size=2).map(takes)
    entries = [
        {
            "id": str(UUID(int=draw(st.integers(0, 2**128 - 1)))),
            "priority": draw(st.integers(0, 2)),
            "turn": draw(st.integers(1, 3)),
            "choices": draw(st.lists(choice, min_size=1, max_size=3)),
        }
        for _ in range(draw(st.integers(0, 12)))
    ]
    return {
        "format": algorithm.FORMAT,
        "commitment": ordering.commitment(seed),
        "seed": seed,
        "counters": {
            name: {"kind": "option", "free": draw(st.one_of(st.none(), st.integers(0, 6)))} for name in _COUNTERS
        },
        "entries": list({entry["id"]: entry for entry in entries}.values()),
    }


def with_results(document: dict[str, Any]) -> dict[str, Any]:
    got = algorithm.allocate(document)
    return {**document, "results": {name: {"rank": one.rank, "choice": one.choice} for name, one in got.items()}}


def choice_of(document: dict[str, Any], name: str, number: int) -> dict[str, int]:
    return next(entry["choices"][number - 1] for entry in document["entries"] if entry["id"] == name)


@given(documents())
def test_nothing_is_given_twice(document: dict[str, Any]) -> None:
    left = algorithm.left(document, algorithm.allocate(document))

    assert all(free is None or free >= 0 for free in left.values())


@given(documents())
def test_nobody_is_refused_what_fitted_in_their_turn(document: dict[str, Any]) -> None:
    """Give back all that later ones had: what anybody preferred to what they got does not fit even then."""
    got = algorithm.allocate(document)
    for entry in document["entries"]:
        mine = got[entry["id"]]
        earlier = {name: one if one.rank < mine.rank else algorithm.Got(one.rank) for name, one in got.items()}
        free = algorithm.left(document, earlier)
        preferred = entry["choices"] if mine.choice is None else entry["choices"][: mine.choice - 1]
        assert not any(algorithm.fits(free, choice) for choice in preferred)


@given(documents())
def test_priority_then_turn_then_the_seed_make_the_ranks(document: dict[str, Any]) -> None:
    got = algorithm.allocate(document)
    ranked = sorted(document["entries"], key=lambda entry: got[entry["id"]].rank)
    hashed = {str(key): place for place, key in enumerate(ordering.order(document["seed"], map(UUID, got)))}

    assert [got[entry["id"]].rank for entry in ranked] == list(range(1, len(ranked) + 1))
    keys = [(entry["priority"], entry["turn"], hashed[entry["id"]]) for entry in ranked]
    assert keys == sorted(keys)


@given(documents(), st.randoms())
def test_the_order_in_which_wishes_are_listed_changes_nothing(document: dict[str, Any], random: Any) -> None:
    entries = list(document["entries"])
    random.shuffle(entries)

    assert algorithm.allocate({**document, "entries": entries}) == algorithm.allocate(document)


@given(documents())
def test_a_draw_agrees_with_itself_after_a_journey_through_a_file(document: dict[str, Any]) -> None:
    assert replay.differences(json.loads(json.dumps(with_results(document)))) == []


DOCUMENT = with_results(
    {
        "format": algorithm.FORMAT,
        "commitment": ordering.commitment("graine"),
        "seed": "graine",
        "counters": {"camp": {"kind": "option", "free": 2}},
        "entries": [
            {"id": str(UUID(int=number)), "priority": 0, "turn": 1, "choices": [{"camp": 1}]} for number in range(1, 6)
        ],
    }
)


def changed(**parts: Any) -> dict[str, Any]:
    return {**copy.deepcopy(DOCUMENT), **parts}


def test_another_seed_is_found_out() -> None:
    found = replay.differences(changed(seed="autre"))

    assert found[0] == "The seed is not the one that was promised."
    assert len(found) > 1


def test_a_seed_and_its_promise_changed_together_are_found_out_by_who_kept_the_promise() -> None:
    forged = with_results(changed(seed="autre", commitment=ordering.commitment("autre")))

    assert replay.differences(forged) == []
    assert replay.differences(forged, promised=DOCUMENT["commitment"]) == ["The seed is not the one that was promised."]


def test_more_places_are_found_out() -> None:
    assert len(replay.differences(changed(counters={"camp": {"kind": "option", "free": 3}}))) == 1


def test_a_wish_put_first_is_found_out() -> None:
    forged = changed()
    last = max(forged["results"], key=lambda name: forged["results"][name]["rank"])
    next(entry for entry in forged["entries"] if entry["id"] == last)["priority"] = -1

    assert replay.differences(forged)[0] == f"{last}: rank and choice are (5, None), and should be (1, 1)."


def test_a_result_given_by_hand_is_found_out() -> None:
    forged = changed()
    last = max(forged["results"], key=lambda name: forged["results"][name]["rank"])
    forged["results"][last]["choice"] = 1

    assert replay.differences(forged) == [f"{last}: rank and choice are (5, 1), and should be (5, None)."]


def test_a_wish_left_out_or_slipped_in_is_found_out() -> None:
    left_out, slipped_in = changed(), changed()
    name = left_out["entries"].pop()["id"]
    slipped_in["entries"].append({"id": str(UUID(int=9)), "priority": 0, "turn": 9, "choices": [{"camp": 1}]})

    assert f"{name}: has a result, and took no part." in replay.differences(left_out)
    assert replay.differences(slipped_in) == [f"{UUID(int=9)}: took part, and has no result."]


def test_what_is_no_draw_is_said_to_be_none() -> None:
    assert replay.differences({"format": "other"}) == ["This is not a draw of the format preau-draw/1."]
    damaged = changed(entries=[{"id": "x"}])
    assert replay.differences(damaged)[0].startswith("The document is damaged: ")
