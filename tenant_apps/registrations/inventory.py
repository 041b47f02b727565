"""What this app's tables hold (kernel.inventory)."""

from django.utils.translation import gettext_lazy as _

from kernel.inventory import DataClass, Held, Retention, fields

_CLAIM = Held(DataClass.PERSONAL, _("Tenir la liste de ceux qui participent"), Retention.PARTICIPATION)

FIELDS = {
    **fields("Basket", "id guardian help_code helped_until helper"),
    **fields("Basket", "created_at closed_at promotion", _CLAIM),
    **fields("Registration", "id basket is_single extended_at renewals reminded_at request replaces"),
    **fields(
        "Registration",
        "participant option quantity unit_cents amount_cents quote status held_until contact_email",
        _CLAIM,
    ),
    **fields("Registration", "submission consent created_at confirmed_at ended_at", _CLAIM),
    **fields("PlaceRequest", "id guardian opening group"),
    **fields("PlaceRequest", "status rank asked_at queued_at drawn offered_at offered_until ended_at", _CLAIM),
    **fields("Places", "option_id capacity taken set_aside shared"),
}
