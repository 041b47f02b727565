"""What anybody needs to make the order of a waiting room again: numbers, and nobody's name."""

from typing import Any

from tenant_apps.openings import ordering
from tenant_apps.openings.models import Opening, Ticket
from tenant_apps.openings.terms import terms_of


def document(opening: Opening) -> dict[str, Any]:
    """Of one that was drawn: {"seed", "commitment", "counter_share", "turns": [{"turn", "channel", "position"}]}.

    `turns` are those that were taken before the draw and are still there, by position. Within a channel they stand in
    the order of the SHA-256 of « seed:turn »; one that was being taken at that very instant comes after them.
    """
    if opening.drawn_at is None:
        raise ValueError("Its seed is secret until it is drawn.")
    gathered = Ticket.objects.filter(opening=opening, joined_at__lt=opening.drawn_at, position__isnull=False)
    return {
        "opening": str(opening.id),
        "drawn_at": opening.drawn_at.isoformat(),
        "seed": opening.seed,
        "commitment": ordering.commitment(opening.seed),
        "counter_share": terms_of(opening).counter_share,
        "turns": [
            {"turn": str(ticket_id), "channel": channel, "position": position}
            for ticket_id, channel, position in gathered.order_by("position").values_list("id", "channel", "position")
        ],
    }
