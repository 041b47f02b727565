"""Families: guardians, the participants they are responsible for, and the link between them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel import clock
from kernel.models import Row


class Guardian(Row):
    """An account holder's profile; a guest has one too, without an account."""

    user = models.OneToOneField("accounts.User", on_delete=models.SET_NULL, null=True, related_name="guardian")
    first_name = models.CharField(max_length=100, blank=True)
    last_name = models.CharField(max_length=100, blank=True)
    email = models.EmailField()
    phone = models.CharField(max_length=40, blank=True)
    language = models.CharField(max_length=5, default="fr")
    created_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"{self.last_name} {self.first_name}".strip() or self.email


class Participant(Row):
    """Who takes part. `answers` holds what the profile's questions asked, by question key."""

    last_name = models.CharField(max_length=100)
    first_name = models.CharField(max_length=100)
    birth_date = models.DateField(null=True, blank=True)
    establishment = models.ForeignKey("organisation.Establishment", on_delete=models.SET_NULL, null=True, blank=True)
    level = models.ForeignKey("organisation.Level", on_delete=models.SET_NULL, null=True, blank=True)
    answers = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=clock.now)
    removed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.last_name} {self.first_name}"


class GuardianshipRole(models.TextChoices):
    PARENT = "parent", _("Parent")
    TUTOR = "tutor", _("Tutrice ou tuteur")
    SELF = "self", _("Moi-même")


class Guardianship(Row):
    guardian = models.ForeignKey(Guardian, on_delete=models.CASCADE, related_name="guardianships")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="guardianships")
    role = models.CharField(max_length=10, choices=GuardianshipRole.choices, default=GuardianshipRole.PARENT)
    may_enrol = models.BooleanField(default=True)
    is_blocked = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_link_per_pair", fields=["guardian", "participant"]),
        ]
