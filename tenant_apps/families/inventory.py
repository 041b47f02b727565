"""What this app's tables hold (kernel.inventory)."""

from django.utils.translation import gettext_lazy as _

from kernel.inventory import Basis, DataClass, Held, Retention, fields

_CONTACT = Held(DataClass.PERSONAL, _("Savoir qui inscrit et pouvoir l’informer"), Retention.ACCOUNT)
_NUMBER = Held(
    DataClass.NATIONAL_NUMBER,
    _("Émettre les attestations fiscales, là où la loi le permet"),
    Retention.ACCOUNT,
    Basis.LAW,
)
_FOUND = Held(DataClass.SECRET, _("Retrouver la personne sans lire son numéro"), Retention.ACCOUNT, Basis.LAW)
_HOUSEHOLD = Held(DataClass.PERSONAL, _("Ne pas redemander à la famille ce qu’elle a déjà dit"), Retention.ACCOUNT)
_CHILD = Held(DataClass.PERSONAL, _("Inscrire la personne et bien l’accueillir"), Retention.PARTICIPATION)
_HEALTH = Held(DataClass.HEALTH, _("Veiller à sa santé pendant l’activité"), Retention.HEALTH, Basis.CONSENT)
_LINK = Held(DataClass.PERSONAL, _("Savoir qui est responsable de qui, et ses droits"), Retention.PARTICIPATION)
_STAFF_ONLY = Held(
    DataClass.PERSONAL, _("Appliquer une décision qui protège la personne"), Retention.PARTICIPATION, is_exported=False
)
_REQUEST = Held(DataClass.PERSONAL, _("Rattacher un parent à son enfant"), Retention.SHORT)
_CODE = Held(DataClass.SECRET, _("Vérifier le code d’une lettre ou d’une invitation"), Retention.SHORT)
_SEARCH = Held(DataClass.PERSONAL, _("Trouver la personne dans une liste"), Retention.PARTICIPATION, is_exported=False)

FIELDS = {
    **fields("Household", "id created_at"),
    **fields("Household", "answers", _HOUSEHOLD),
    **fields("Guardian", "id user household locked_fields merged_into"),
    **fields("Guardian", "first_name last_name email phone language birth_date reference", _CONTACT),
    **fields("Guardian", "is_billable receives_slips created_at", _CONTACT),
    **fields("Guardian", "national_number_hash", _FOUND),
    **fields("Guardian", "sealed", _NUMBER),
    **fields("Guardian", "search_text", _SEARCH),
    **fields("Participant", "id locked_fields removed_at merged_into external_id"),
    **fields("Participant", "last_name first_name used_name birth_date establishment level", _CHILD),
    **fields("Participant", "price_category student_number answers pick_up_people created_at", _CHILD),
    **fields("Participant", "national_number_hash", _FOUND),
    **fields("Participant", "sealed", _HEALTH),
    **fields("Participant", "search_text", _SEARCH),
    **fields("Guardianship", "id guardian created_at"),
    **fields("Guardianship", "participant role may_enrol may_see_health may_pay custody", _LINK),
    **fields("Guardianship", "is_blocked blocked_reason", _STAFF_ONLY),
    **fields("LinkRequest", "id guardian attempts"),
    **fields("LinkRequest", "kind status participant email role rights said", _REQUEST),
    **fields("LinkRequest", "invited_by created_at expires_at decided_at", _REQUEST),
    **fields("LinkRequest", "code_hash", _CODE),
}
