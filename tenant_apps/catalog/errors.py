"""Why the catalogue is not written."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from kernel.errors import Refusal

if TYPE_CHECKING:
    from tenant_apps.catalog.readiness import Lack


class ChangedSince(Refusal):
    """Somebody else changed it meanwhile; `now` is what those columns say."""

    code = "changed_since"
    message = _("Quelqu’un d’autre vient de modifier cette activité.")

    def __init__(self, now: Mapping[str, Any]) -> None:
        super().__init__()
        self.now = now


class NotReady(Refusal):
    """What families would see is not whole."""

    code = "not_ready"
    message = _("Il manque encore quelque chose pour publier cette activité.")

    def __init__(self, lacks: "Sequence[Lack]") -> None:
        super().__init__()
        self.lacks = lacks


class NoSuchMove(Refusal):
    code = "no_such_move"
    message = _("L’état de cette activité a changé entre-temps.")


class SeasonTaken(Refusal):
    code = "season_taken"
    message = _("Une autre saison porte déjà ce nom.")


class CategoryTaken(Refusal):
    code = "category_taken"
    message = _("Une autre catégorie porte déjà ce nom.")


class OptionTaken(Refusal):
    code = "option_taken"
    message = _("Quelqu’un a déjà pris ce choix\u202f: il peut être retiré de l’offre, pas effacé.")


class OptionPending(Refusal):
    """What it costs would turn into a gift, or back, under whoever is about to pay it."""

    code = "option_pending"
    message = _(
        "Quelqu’un a «\u202f{name}\u202f» dans son panier ou est en train de le payer\u202f: "
        "attendez pour en faire une contribution volontaire, ou pour que ce n’en soit plus une."
    )


def reasons(refusal: Refusal) -> list[str]:
    """Why not, in words, a line each."""
    return [lack.message for lack in refusal.lacks] if isinstance(refusal, NotReady) else [str(refusal)]
