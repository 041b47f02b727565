"""Why a bank line cannot be seen to as asked, in words for the reader."""

from django.utils.translation import gettext_lazy as _

from kernel.errors import Refusal


class UnknownAccount(Refusal):
    code = "unknown_account"
    message = _(
        "L’extrait est celui du compte {account}, qui n’est l’IBAN d’aucun de vos comptes de paiement. "
        "Rien n’a été importé."
    )


class OtherCurrency(Refusal):
    code = "other_currency"
    message = _("L’extrait est en {currency}, et vos prix sont dans une autre monnaie. Rien n’a été importé.")


class LineClosed(Refusal):
    code = "line_closed"
    message = _("Ce virement a déjà été traité, peut-être par une autre personne. Relisez-le.")


class LineMoved(Refusal):
    """Part of it was given to an order since the page was read."""

    code = "line_moved"
    message = _("Une partie de ce virement vient d’être attribuée. Relisez ce qu’il en reste.")


class MoreThanLeft(Refusal):
    code = "more_than_left"
    message = _("Vous attribuez plus que ce qui reste de ce virement.")


class MoreThanOwed(Refusal):
    code = "more_than_owed"
    message = _("La commande {reference} doit moins que cela. Corrigez le montant, ou dites ce que devient le surplus.")


class NothingAssigned(Refusal):
    code = "nothing_assigned"
    message = _("Écrivez un montant en face d’une commande au moins.")


class NotGivenSo(Refusal):
    code = "not_given_so"
    message = _("Ce virement n’est plus attribué à cette commande.")


class PartlyGivenBack(Refusal):
    """What went to the family by some way cannot be nobody's again."""

    code = "partly_given_back"
    message = _("Une partie de ce paiement a déjà été rendue à la famille\u202f: elle ne peut plus être reprise.")


class NoteMissing(Refusal):
    code = "note_missing"
    message = _("Dites en quelques mots pourquoi ce virement est mis de côté.")


class NotInTheBooks(Refusal):
    code = "not_in_the_books"
    message = _("Cette écriture n’est plus à rapprocher\u202f: une autre ligne l’a prise.")
