"""Why a registration is refused, in words for the reader."""

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from kernel.errors import Refusal
from tenant_apps.catalog.reasons import Reason


class OptionFull(Refusal):
    """`option_names` are those that have not enough places left."""

    code = "option_full"
    message = _("Il ne reste plus assez de places\u202f: {names}.")

    def __init__(self, option_ids: Sequence[UUID], option_names: Sequence[str]) -> None:
        super().__init__(names=", ".join(option_names))
        self.option_ids = list(option_ids)
        self.option_names = list(option_names)


class NotAllowed(Refusal):
    """`reasons` come from the same evaluator as the catalogue's."""

    code = "not_allowed"

    def __init__(self, reasons: Sequence[Reason]) -> None:
        super().__init__()
        self.reasons = list(reasons)

    def __str__(self) -> str:
        return " ".join(str(reason.message) for reason in self.reasons)


class AlreadyRegistered(Refusal):
    code = "already_registered"
    message = _("Déjà inscrit ou dans le panier\u202f: {names}.")

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(names=", ".join(names))
        self.names = list(names)


class QuantityRefused(Refusal):
    code = "quantity_refused"
    message = _("{name}\u202f: la quantité doit être comprise entre {minimum} et {maximum}.")


class AmountRefused(Refusal):
    code = "amount_refused"
    message = _("{name}\u202f: ce montant est trop grand. Vérifiez-le, ou écrivez-nous.")


class ParticipantUnknown(Refusal):
    code = "participant_unknown"
    message = _("Cette personne ne fait pas partie de votre dossier.")


class BasketClosed(Refusal):
    code = "basket_closed"
    message = _("Ce panier est déjà réglé ou abandonné.")


class BasketEmpty(Refusal):
    code = "basket_empty"
    message = _("Votre panier est vide\u202f: le délai pour garder vos places est peut-être écoulé.")


class NotFilledIn(Refusal):
    code = "not_filled_in"
    message = _("Une place vous est gardée\u202f: remplissez d’abord l’inscription.")


class BasketChanged(Refusal):
    """It no longer holds what was shown: a line lapsed, or another tab changed it."""

    code = "basket_changed"
    message = _("Votre panier a changé depuis que cette page est ouverte. Vérifiez-le avant de payer.")


class CapacityBelowTaken(Refusal):
    code = "capacity_below_taken"
    message = _("Places déjà prises\u202f: {taken}. Le nombre de places ne peut pas être plus petit.")


class NotFull(Refusal):
    code = "not_full"
    message = _("Il reste des places\u202f: {names}. Vous pouvez vous inscrire tout de suite.")


class NoWaitingList(Refusal):
    code = "no_waiting_list"
    message = _("Il n’y a pas de liste d’attente ici.")


class AlreadyWaiting(Refusal):
    code = "already_waiting"
    message = _("Déjà en liste d’attente\u202f: {names}.")

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(names=", ".join(names))
        self.names = list(names)


class NotWaiting(Refusal):
    code = "not_waiting"
    message = _("Cette demande n’est plus en attente.")


class NotOffered(Refusal):
    code = "not_offered_any_more"
    message = _("Cette place ne vous est plus proposée.")


class BeingPaid(Refusal):
    code = "being_paid"
    message = _("Cette place est en train d’être payée. Quittez d’abord le paiement.")


class CannotRenew(Refusal):
    code = "cannot_renew"
    message = _("Ces places ne peuvent pas être gardées plus longtemps.")


class NotConfirmed(Refusal):
    code = "not_confirmed"
    message = _("Cette inscription n’est pas confirmée, ou ne l’est plus.")


class QuotaInUse(Refusal):
    code = "quota_in_use"
    message = _("Des choix comptent encore dans ces places partagées.")
