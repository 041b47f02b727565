"""Forms and consents: questions in versions, answers that are never altered."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel import clock
from kernel.models import Row
from kernel.words import in_language, with_translations


class Purpose(models.TextChoices):
    PROFILE = "profile", _("Dossier de l’enfant")
    RECORD = "record", _("Fiche")
    REGISTRATION = "registration", _("Inscription")
    CONSENT = "consent", _("Autorisation parentale")


class Form(Row):
    """`reason`: why it is asked, in words for families. `validity_days`: how long an answer holds, None for ever.

    `translations`: the title and the reason by language, beside the French of the columns: {"en": {"title", "reason"}}.
    `asks_everyone`: every participant is asked, by `due_on` where there is one; else only who takes part in an offering
    that needs it.
    """

    key = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=200)
    purpose = models.CharField(max_length=12, choices=Purpose.choices)
    reason = models.TextField(blank=True)
    translations = models.JSONField(default=dict)
    validity_days = models.PositiveIntegerField(null=True, blank=True)
    asks_everyone = models.BooleanField(default=False)
    due_on = models.DateField(null=True, blank=True)  # that day included
    is_open = models.BooleanField(default=True)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "title"]

    def __str__(self) -> str:
        return self.shown_title

    @property
    def shown_title(self) -> str:
        return self.title_in()

    @property
    def shown_reason(self) -> str:
        return in_language(with_translations(self.reason, self.translations, "reason"))

    def title_in(self, language: str = "") -> str:
        """In the reader's language where none is named."""
        return in_language(with_translations(self.title, self.translations, "title"), language)


class FormVersion(Row):
    """`definition`: {"sections": [{"title", "questions": [{"key", "kind", "label", "required", "hint", "choices"}]}]}
    (docs/forms.md).

    For a consent, `text` is what is agreed to, in Markdown, and `translations` the same by language; the hash of what
    was read is kept with every signature.
    """

    append_only = True

    form = models.ForeignKey(Form, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    definition = models.JSONField(default=dict)
    text = models.TextField(blank=True)
    text_sha256 = models.CharField(max_length=64, blank=True)
    translations = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(name="one_form_version_per_number", fields=["form", "number"])]


class Decision(models.TextChoices):
    YES = "yes", _("Oui, j’autorise")
    NO = "no", _("Non, je n’autorise pas")
    WITHDRAWN = "withdrawn", _("Autorisation retirée")


class Means(models.TextChoices):
    """How an answer came: S3-30's assisted entry is told from a parent's own."""

    ONLINE = "online", _("En ligne")
    ASSISTED = "assisted", _("Saisie avec l’aide du secrétariat")


class Submission(Row):
    """What one person answered for one participant, once. A change of mind is another row.

    `answers` holds what is neither health nor a national number; those are in `Sealed`, which can be purged.
    `renews`: « nothing has changed » since that one. `changed`: the keys of what is not as it was in the one before.
    `recorded_by`: the member of staff who typed it, when assisted.
    """

    append_only = True
    effaced = {"answers": {}, "signed_name": "", "signed_from": None, "changed": []}

    version = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="submissions")
    participant = models.ForeignKey("families.Participant", on_delete=models.PROTECT, related_name="submissions")
    signer = models.ForeignKey("families.Guardian", on_delete=models.PROTECT, null=True, related_name="submissions")
    answers = models.JSONField(default=dict)
    decision = models.CharField(max_length=10, choices=Decision.choices, blank=True)
    signed_name = models.CharField(max_length=200, blank=True)
    text_sha256 = models.CharField(max_length=64, blank=True)
    language = models.CharField(max_length=5, blank=True)
    means = models.CharField(max_length=20, choices=Means.choices, default=Means.ONLINE)
    signed_from = models.GenericIPAddressField(null=True, blank=True)
    recorded_by = models.UUIDField(null=True, blank=True)
    renews = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    changed = models.JSONField(default=list)
    submitted_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(name="submission_by_participant", fields=["participant", "version", "submitted_at"])]


class Sealed(Row):
    """The answers of a submission that are about health, and national numbers; `content`: see shared_apps.vault."""

    submission = models.OneToOneField(Submission, on_delete=models.PROTECT, related_name="sealed")
    content = models.BinaryField()


class Upload(Row):
    """A file that a family gave as an answer: sealed in the organisation's storage, given out by a view only."""

    path = models.CharField(max_length=255)
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size_bytes = models.PositiveIntegerField()
    participant = models.ForeignKey(
        "families.Participant", on_delete=models.PROTECT, null=True, blank=True, related_name="uploads"
    )
    given_by = models.ForeignKey("families.Guardian", on_delete=models.SET_NULL, null=True, related_name="+")
    is_health = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=clock.now)
