"""Each family is written to once after a draw, with what it had, until when, and its rank for the rest."""

from django.urls import reverse

from shared_apps.audit.actors import SYSTEM
from shared_apps.outbox.models import Event, Message
from tenant_apps.notifications import draw as letters
from tenant_apps.registrations.lottery import draw
from tests.factories.catalog import an_option
from tests.factories.families import a_child, a_guardian
from tests.factories.openings import DRAW, a_wish, an_offering_of, an_opening


def hear() -> list[Message]:
    """What the worker does with what happened, twice as it may after a fault."""
    for event in [*Event.objects.filter(kind="wishes.drawn"), *Event.objects.filter(kind="wishes.drawn")]:
        letters.LISTENERS[event.kind](event.payload)
    return list(Message.objects.order_by("id"))


def test_what_was_had_is_told_with_its_deadline_and_the_rank_of_the_rest() -> None:
    opening = an_opening(name="Camps d’été", terms={"confirm_hours": 48})
    offering = an_offering_of(opening, title="Camp")
    guardian = a_guardian()
    ada, bo = (a_child(name, of=guardian) for name in ("Ada", "Bo"))
    a_wish(opening, an_option("Poterie", places=1, offering=offering), of=guardian, child=ada)
    a_wish(opening, an_option("Théâtre", places=0, offering=offering), of=guardian, child=bo)
    draw.run(opening_id=opening.id, actor=SYSTEM, at=DRAW)

    [message] = hear()

    assert message.recipient == guardian.email
    assert message.subject == "Résultat du tirage\u202f: Camps d’été"
    assert "1 souhait obtenu sur 2" in message.text
    assert "Ada\u202f: Obtenu\u202f: Camp, Poterie" in message.text
    assert "Bo\u202f: En liste d’attente (rang 1)\u202f: Camp, Théâtre" in message.text
    assert "vendredi 25 septembre 2026" in message.text
    assert reverse("basket") in message.text


def test_who_had_nothing_is_told_so_with_the_way_to_check() -> None:
    opening = an_opening()
    option = an_option(places=0, offering=an_offering_of(opening))
    a_wish(opening, option)
    draw.run(opening_id=opening.id, actor=SYSTEM, at=DRAW)

    [message] = hear()

    assert "aucun de vos souhaits" in message.text
    assert reverse("wishes", args=[opening.id]) in message.text
    assert reverse("draw_results", args=[opening.id]) in message.text
