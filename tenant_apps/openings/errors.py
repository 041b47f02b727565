"""Why somebody has no turn, or not yet, in words for the reader."""

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
