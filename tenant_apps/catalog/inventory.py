"""What this app's tables hold (kernel.inventory)."""

from django.utils.translation import gettext_lazy as _

from kernel.inventory import DataClass, Held, Retention, fields

_OFFER = Held(DataClass.PUBLIC, _("Présenter ce qui est offert"), Retention.ORGANISATION)

FIELDS = {
    **fields("Season", "id"),
    **fields("Season", "name starts_on ends_on", _OFFER),
    **fields("Category", "id slug position translations"),
    **fields("Category", "name", _OFFER),
    **fields("Offering", "id slug status season category payee selection checkout hold_minutes"),
    **fields("Offering", "reserved_to_establishments accepts_guests registration_form consent_form"),
    **fields("Offering", "requirements pricing support windows tags publishes_at translations search_text"),
    **fields("Offering", "opening holding waiting changes quotas payment_terms accounting slips"),
    **fields("Offering", "title nature summary presentation refund_policy picture picture_alt", _OFFER),
    **fields("Offering", "starts_on ends_on opens_at deadline_on establishments levels", _OFFER),
    **fields(
        "Option",
        "id offering position minimum_quantity maximum_quantity requirements is_voluntary is_offered translations",
    ),
    **fields("Option", "code name description starts_on ends_on meetings price_cents", _OFFER),
}
