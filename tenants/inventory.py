"""What the registry's tables hold (kernel.inventory): of organisations, and of the few people who speak for them."""

from django.utils.translation import gettext_lazy as _

from kernel.inventory import DataClass, Held, Retention, fields

_WHO_ASKS = Held(
    DataClass.PERSONAL,
    _("Ouvrir l’espace de l’organisation et inviter sa première personne"),
    Retention.SHORT,
    is_exported=False,
)
_WHO_DID = Held(
    DataClass.PERSONAL, _("Savoir qui a demandé, donné ou décidé"), Retention.ORGANISATION, is_exported=False
)
_WORDS = Held(
    DataClass.PERSONAL, _("Dire pourquoi cela a été demandé ou décidé"), Retention.ORGANISATION, is_exported=False
)
_CODE = Held(DataClass.SECRET, _("Vérifier l’adresse de qui ouvre un espace"), Retention.SHORT, is_exported=False)

FIELDS = {
    **fields("Organisation", "schema_name id kind state slug name preset time_zone currency country language region"),
    **fields("Organisation", "suspended_for suspended_also_for suspended_at live_at created_at"),
    **fields("Domain", "id tenant is_primary domain state is_own proof failure found failing_at created_at checked_at"),
    **fields("Domain", "check_at verified_at asked_at certificate_until"),
    **fields("SchemaTemplate", "migrations_hash sql created_at"),
    **fields("PlatformRules", "id arrivals"),
    **fields("SignUp", "id state name slug preset language languages plan organisation"),
    **fields("SignUp", "code_until code_attempts created_at confirmed_at decided_at"),
    **fields("SignUp", "owner_first_name owner_last_name owner_email owner_phone", _WHO_ASKS),
    **fields("SignUp", "code_hash", _CODE),
    **fields("SignUp", "decided_by", _WHO_DID),
    **fields("SignUp", "reason", _WORDS),
    **fields("Export", "id organisation state asked_at started_at finished_at expires_at due_at attempts step done"),
    **fields("Export", "total path size sha256 error"),
    **fields("Export", "asked_by", _WHO_DID),
    **fields("Departure", "id organisation asked_at closes_on erases_on reminded cancelled_at erasing_at erased_at"),
    **fields("Departure", "asked_by", _WHO_DID),
    **fields("Departure", "reason", _WORDS),
    # Numbers, names of tables and places that were looked into, and who asked for the erasure.
    **fields("Departure", "certificate", _WHO_DID),
    **fields("Restore", "id organisation moment state state_before asked_at finished_at step report error"),
    **fields("Restore", "asked_by", _WHO_DID),
    **fields("SupportGrant", "id organisation ticket shows_names granted_at ends_at ended_at"),
    **fields("SupportGrant", "granted_by ended_by", _WHO_DID),
    **fields("SupportGrant", "reason", _WORDS),
    **fields("SchemaMigration", "organisation state target head started_at finished_at attempts backend error"),
    **fields("Pulse", "organisation at figures"),
    **fields("JobRun", "id organisation task finished_at seconds failed_at failures error"),
    **fields("Fault", "id organisation fingerprint kind place times first_at last_at request_id settled_at"),
}
