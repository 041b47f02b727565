"""Why somebody has no turn, or not yet, and why an opening is not changed, in words for the reader."""

from django.utils.translation import gettext_lazy as _

from kernel.errors import Refusal


class NotGathering(Refusal):
    code = "not_gathering"
    message = _("La salle d’attente n’est pas encore ouverte.")


class QueueOver(Refusal):
    """It was a queue and is no longer, or never was one: nobody has to take a turn."""

    code = "queue_over"
    message = _("Il n’y a pas de file d’attente\u202f: vous pouvez vous inscrire directement.")


class NotCalled(Refusal):
    code = "not_called"
    message = _("Ce n’est pas encore votre tour.")


class PassLapsed(Refusal):
    code = "pass_lapsed"
    message = _("Votre temps pour choisir est écoulé. Reprenez votre tour pour continuer.")


class OpeningTaken(Refusal):
    code = "opening_taken"
    message = _("Une autre ouverture porte déjà ce nom.")


class AlreadyDrawn(Refusal):
    code = "opening_already_drawn"
    message = _("L’ordre est déjà tiré\u202f: le mode et les moments ne changent plus.")


class WishesClosed(AlreadyDrawn):
    code = "wishes_closed"
    message = _("Les souhaits sont clos\u202f: le mode, les moments et les groupes prioritaires ne changent plus.")


class DrawUnderWay(Refusal):
    code = "draw_under_way"
    message = _("Le tirage est en cours : attendez-en la fin pour modifier l’ouverture.")
