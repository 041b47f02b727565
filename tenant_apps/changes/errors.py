"""Why a change is refused, in words for the reader."""

from django.utils.translation import gettext_lazy as _

from kernel.errors import Refusal


class NotOffered(Refusal):
    """The organisation, or the offering, leaves it to staff."""

    code = "not_offered"
    message = _("Ce changement ne se fait pas en ligne pour cette activité. Écrivez-nous.")


class TooLate(Refusal):
    code = "too_late"
    message = _("Ce changement n’est plus possible en ligne depuis le {day}. Écrivez-nous.")


class MayNotChange(Refusal):
    code = "may_not_change"
    message = _("Votre lien avec cette personne ne permet pas de changer ses inscriptions.")


class AlreadyAsked(Refusal):
    code = "already_asked"
    message = _("Une demande est déjà à l’étude pour cette inscription. Retirez-la d’abord si vous voulez la changer.")


class InBasket(Refusal):
    """Another choice that would stand for it lies in the basket."""

    code = "in_basket"
    message = _(
        "Un changement de cette inscription attend dans votre panier. Payez-le, ou retirez-le du panier d’abord."
    )


class FamilyPays(Refusal):
    """Another line of the same family price is being paid."""

    code = "family_pays"
    message = _(
        "Une autre inscription de la famille est en train d’être payée, et son prix dépend de celle-ci. "
        "Terminez ce paiement, ou quittez-le, puis recommencez."
    )


class QuoteChanged(Refusal):
    """The day, or another registration of the family, made it another amount than the page said."""

    code = "quote_changed"
    message = _("Le montant a changé depuis que cette page est ouverte. Vérifiez-le avant de confirmer.")


class AlreadyDecided(Refusal):
    """Somebody else was faster, or the family took the request back."""

    code = "already_decided"
    message = _("Cette demande a changé entre-temps\u202f: {now}. Votre réponse n’a pas été enregistrée.")


class ReasonMissing(Refusal):
    code = "reason_missing"
    message = _("Dites à la famille pourquoi.")


class TooMuch(Refusal):
    """More than what it was paid."""

    code = "too_much"
    message = _("Les frais ne peuvent pas dépasser {most}.")


class NotSwappable(Refusal):
    """Another offering's, the same one, or one that is no choice."""

    code = "not_swappable"
    message = _("Ce choix ne peut pas remplacer l’inscription.")


class FormsMissing(Refusal):
    code = "forms_missing"
    message = _("{first_name}\u202f: «\u202f{form}\u202f» est à remplir d’abord.")
