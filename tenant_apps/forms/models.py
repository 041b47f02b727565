"""Forms and consents: questions in versions, answers that are never altered."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel import clock
from kernel.models import Row


class Purpose(models.TextChoices):
    PROFILE = "profile", _("Dossier de l’enfant")
    REGISTRATION = "registration", _("Inscription")
    CONSENT = "consent", _("Autorisation parentale")


class Form(Row):
    key = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=200)
    purpose = models.CharField(max_length=12, choices=Purpose.choices)

    def __str__(self) -> str:
        return self.title


class FormVersion(Row):
    """`definition`: {"sections": [{"title", "questions": [{"key", "kind", "label", "required", "hint", "choices"}]}]}.

    For a consent, `text` is what is agreed to, in Markdown; its hash is kept with every signature.
    """

    append_only = True

    form = models.ForeignKey(Form, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    definition = models.JSONField(default=dict)
    text = models.TextField(blank=True)
    text_sha256 = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(name="one_form_version_per_number", fields=["form", "number"])]


class Decision(models.TextChoices):
    YES = "yes", _("Oui, j’autorise")
    NO = "no", _("Non, je n’autorise pas")


class Submission(Row):
    """What one person answered for one participant, once. A change of mind is another row."""

    append_only = True

    version = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="submissions")
    participant = models.ForeignKey("families.Participant", on_delete=models.PROTECT, related_name="submissions")
    signer = models.ForeignKey("families.Guardian", on_delete=models.PROTECT, null=True, related_name="submissions")
    answers = models.JSONField(default=dict)
    decision = models.CharField(max_length=3, choices=Decision.choices, blank=True)
    signed_name = models.CharField(max_length=200, blank=True)
    text_sha256 = models.CharField(max_length=64, blank=True)
    means = models.CharField(max_length=20, default="online")
    submitted_at = models.DateTimeField()
