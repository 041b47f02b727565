"""Why a card was not charged, in words for the family, and what it can do about it."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

_WORDS = {
    "insufficient_funds": gettext_lazy("Il n’y avait pas assez d’argent sur le compte de la carte."),
    "expired_card": gettext_lazy("La carte est expirée\u202f: donnez-en une autre."),
    "authentication_required": gettext_lazy("Votre banque veut votre accord\u202f: payez vous-même ce versement."),
    "lost_card": gettext_lazy("Cette carte n’est plus acceptée\u202f: donnez-en une autre."),
    "stolen_card": gettext_lazy("Cette carte n’est plus acceptée\u202f: donnez-en une autre."),
    "card_declined": gettext_lazy("La banque a refusé le prélèvement."),
}


def in_words(code: str) -> str:
    """Of the processor's code; one that nobody knows is told as what it is, a refusal."""
    return str(_WORDS[code]) if code in _WORDS else _("Le prélèvement n’a pas abouti.")
