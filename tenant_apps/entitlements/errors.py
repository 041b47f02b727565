"""Why a request or its answer is refused, in words for the reader."""

from django.utils.translation import gettext_lazy as _

from kernel.errors import Refusal


class AlreadyAsked(Refusal):
    code = "already_asked"
    message = _("La même demande est déjà à l’étude\u202f: {names}. Retirez-la d’abord si vous voulez la changer.")


class MayNotAsk(Refusal):
    """Asking for a child is for who may enrol them."""

    code = "may_not_ask"
    message = _("Votre lien avec cette personne ne permet pas de faire cette demande.")


class NotAskedHere(Refusal):
    """Neither the organisation nor the offering asks for it."""

    code = "not_asked_here"
    message = _("Cette demande ne peut pas être faite en ce moment.")


class SupportNotOpen(Refusal):
    code = "support_not_open"
    message = _("Les demandes de soutien ne se font pas en ce moment pour cette activité.")


class AlreadyDecided(Refusal):
    """Somebody else was faster, or the family took the request back."""

    code = "already_decided"
    message = _("Cette demande a changé entre-temps\u202f: {now}. Votre réponse n’a pas été enregistrée.")


class ReasonMissing(Refusal):
    code = "reason_missing"
    message = _("Dites à la famille pourquoi la demande est refusée.")


class DaysRefused(Refusal):
    code = "days_refused"
    message = _("La fin ne peut pas venir avant le début.")


class NotInForce(Refusal):
    code = "not_in_force"
    message = _("Cette demande n’est pas en vigueur ce jour-là\u202f: il n’y a rien à écourter.")
