"""What this app's tables hold (kernel.inventory)."""

from django.utils.translation import gettext_lazy as _

from kernel.inventory import DataClass, Held, Retention, fields

_FACE = Held(DataClass.PUBLIC, _("Présenter l’organisation au public"), Retention.ORGANISATION)
_STAFF = Held(DataClass.PERSONAL, _("Donner au personnel les droits de son rôle"), Retention.ORGANISATION)

FIELDS = {
    **fields("Profile", "id time_zone currency territory languages rules preset first_day"),
    **fields("Profile", "name short_name brand_colour accent_colour logo", _FACE),
    **fields("Profile", "contact_email contact_phone address welcome help_text", _FACE),
    **fields("Payee", "id processor_account code accounting slips"),
    **fields("Payee", "name legal_name address registration_numbers iban bic bank_account", _FACE),
    **fields("Establishment", "id code payee position"),
    **fields("Establishment", "name email phone address help_text", _FACE),
    **fields("Level", "id code position translations"),
    **fields("Level", "name", _FACE),
    **fields("StaffMember", "id"),
    **fields("StaffMember", "user role establishments state invited_at accepted_at", _STAFF),
}
