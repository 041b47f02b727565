"""Why an organisation is not brought back to a moment."""

from django.utils.translation import gettext_lazy as _

from kernel.errors import Refusal


class NotRestorable(Refusal):
    """It is not in service: in preparation, being erased, or erased for good."""

    code = "not_restorable"
    message = _("Cette organisation n’est pas en service\u202f: elle ne peut pas être restaurée.")


class NotAMoment(Refusal):
    """Before the organisation was there, or still to come."""

    code = "not_a_moment"
    message = _("Choisissez un moment entre le {first} et maintenant.")


class AtWork(Refusal):
    """An export or a migration of the same organisation is under way, or another restore."""

    code = "at_work"
    message = _("Un autre travail est en cours sur cette organisation\u202f: attendez sa fin.")


class OtherMoment(Refusal):
    """One that was interrupted must be finished first, or given up."""

    code = "other_moment"
    message = _("Une restauration au {moment} a été interrompue\u202f: reprenez-la, ou abandonnez-la.")


class TooLateToAbandon(Refusal):
    """The tables have been exchanged: what is left to do is done by going on."""

    code = "too_late_to_abandon"
    message = _("Les tables ont déjà été échangées\u202f: reprenez la restauration.")


class NotThere(Refusal):
    """The copy does not have the organisation's tables, so that nothing was done."""

    code = "not_there"
    message = _("L’organisation n’a pas de tables à ce moment-là.")
