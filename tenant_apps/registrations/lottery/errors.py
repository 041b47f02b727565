"""Why wishes are refused, or a draw, in words for the reader."""

from django.utils.translation import gettext_lazy as _

from kernel.errors import Refusal


class NotGathering(Refusal):
    code = "wishes_closed"
    message = _("Ce n’est pas le moment de dire vos souhaits.")


class NotInOpening(Refusal):
    code = "not_in_opening"
    message = _("«\u202f{name}\u202f» ne fait pas partie de cette ouverture.")


class NothingWished(Refusal):
    code = "nothing_wished"
    message = _("Choisissez au moins un premier choix.")


class OnceForEach(Refusal):
    code = "once_for_each"
    message = _("{child}\u202f: un seul choix par rang.")


class WishedAlready(Refusal):
    code = "wished_already"
    message = _("«\u202f{name}\u202f» figure déjà dans vos souhaits pour {child}, ou dans une liste d’attente.")


class ChosenTwice(Refusal):
    code = "chosen_twice"
    message = _("Vous avez choisi deux fois «\u202f{name}\u202f» pour {child}.")


class TooManyChoices(Refusal):
    code = "too_many_choices"
    message = _("{most} choix au plus par souhait.")


class TooManyWishes(Refusal):
    code = "too_many_wishes"
    message = _("{most} souhaits au plus par famille.")


class WishUnknown(Refusal):
    code = "wish_unknown"
    message = _("Ce souhait n’existe plus.")


class NoTurn(Refusal):
    code = "no_turn"
    message = _("Ici, les places se tirent au sort\u202f: vos souhaits participent au tirage.")


class NoWaitingList(Refusal):
    code = "no_waiting_list_for_wish"
    message = _("Il n’y a pas de liste d’attente pour ce souhait.")


class NotALottery(Refusal):
    code = "not_a_lottery"
    message = _("Cette ouverture se fait par file d’attente, sans tirage des souhaits.")


class TooEarly(Refusal):
    code = "draw_too_early"
    message = _("Les familles peuvent encore changer leurs souhaits\u202f: le tirage se fait à l’ouverture.")


class DrawnAlready(Refusal):
    code = "drawn_already"
    message = _("Le tirage a déjà eu lieu. Il n’y en a qu’un.")
