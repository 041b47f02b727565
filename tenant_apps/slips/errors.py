"""Why a slip is not made, corrected or cancelled."""

from django.utils.translation import gettext_lazy as _

from kernel.errors import Refusal


class NothingChanged(Refusal):
    code = "nothing_changed"
    message = _("Cette attestation dit déjà ce qui a été payé.")


class NotReady(Refusal):
    code = "not_ready"
    message = _("Il manque encore quelque chose pour cette attestation.")


class AlreadyCorrected(Refusal):
    code = "already_corrected"
    message = _("Cette attestation a déjà été modifiée ou annulée.")
