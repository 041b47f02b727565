"""The words of what happened to a slip."""

from django.utils.translation import gettext_lazy as _

TRAIL = {
    "slips.made": _("Attestation faite"),
    "slips.amended": _("Attestation modifiée"),
    "slips.cancelled": _("Attestation annulée"),
    "slips.published": _("Montrée à la famille"),
    "slips.read": _("Document consulté"),
}
