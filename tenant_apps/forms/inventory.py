"""What this app's tables hold (kernel.inventory). Each question says its own class too (docs/forms.md)."""

from django.utils.translation import gettext_lazy as _

from kernel.inventory import Basis, DataClass, Held, Retention, fields

_TEXT = Held(DataClass.PUBLIC, _("Poser les questions et dire pourquoi"), Retention.ORGANISATION)
_ANSWER = Held(DataClass.PERSONAL, _("Inscrire la personne et bien l’accueillir"), Retention.PARTICIPATION)
_SIGNATURE = Held(
    DataClass.PERSONAL,
    _("Montrer qui a répondu, signé ou refusé, et à quel texte"),
    Retention.PARTICIPATION,
    Basis.CONSENT,
)
_HEALTH = Held(DataClass.HEALTH, _("Veiller à sa santé pendant l’activité"), Retention.HEALTH, Basis.CONSENT)
_FILE = Held(DataClass.PERSONAL, _("Joindre un document à une réponse"), Retention.HEALTH, Basis.CONSENT)

FIELDS = {
    **fields("Form", "id key purpose validity_days asks_everyone due_on is_open position"),
    **fields("Form", "title reason translations", _TEXT),
    **fields("FormVersion", "id form number text_sha256 created_at"),
    **fields("FormVersion", "definition text translations", _TEXT),
    **fields("Submission", "id recorded_by"),
    **fields("Submission", "participant answers", _ANSWER),
    **fields("Submission", "version signer decision signed_name text_sha256 language means", _SIGNATURE),
    **fields("Submission", "signed_from renews changed submitted_at", _SIGNATURE),
    **fields("Sealed", "id submission"),
    **fields("Sealed", "content", _HEALTH),
    **fields("Upload", "id path is_health given_by"),
    **fields("Upload", "name content_type size_bytes participant created_at", _FILE),
}
