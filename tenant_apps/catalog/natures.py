"""How each nature of offering is usually set: what a new one begins with, all of it changeable."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tenant_apps.catalog.models import Nature, Selection


@dataclass(frozen=True, slots=True)
class Usual:
    """`option` are the columns of every new option; `first_option` is the name of the one that it begins with."""

    hint: str | Promise
    selection: Selection
    option: Mapping[str, Any] = field(default_factory=dict)
    first_option: str | Promise = ""


USUAL: Mapping[Nature, Usual] = {
    Nature.OUTING: Usual(
        _("Un jour, avec une autorisation des parents si vous le voulez."),
        Selection.ONE,
        first_option=_("Participation"),
    ),
    Nature.ACTIVITY: Usual(_("Une activité simple, à une ou plusieurs dates au choix."), Selection.ONE),
    Nature.COURSE: Usual(_("Un groupe qui se rencontre plusieurs fois, à jour et heure fixes."), Selection.ONE),
    Nature.CAMP: Usual(_("Des semaines, avec un seul choix par semaine."), Selection.PER_WEEK),
    Nature.MEALS: Usual(
        _("Des dates, et une quantité pour chacune\u202f: macaronis, lait, pizza."),
        Selection.QUANTITIES,
        {"maximum_quantity": 5},
    ),
    Nature.FUNDRAISING: Usual(
        _("Des articles à commander, avec un code, un prix et une quantité."),
        Selection.QUANTITIES,
        {"maximum_quantity": 100},
    ),
    Nature.MEMBERSHIP: Usual(
        _("Une carte de membre ou une cotisation, que d’autres activités peuvent exiger."),
        Selection.ONE,
        first_option=_("Adhésion"),
    ),
    Nature.CONSENT: Usual(
        _("Un oui ou un non signé par les parents, sans prix ni places."),
        Selection.ONE,
    ),
    Nature.CONTRIBUTION: Usual(
        _("Chaque famille dit combien elle donne, ou rien\u202f: jamais exigé."),
        Selection.ONE,
        {"is_voluntary": True},
        first_option=_("Contribution"),
    ),
}
