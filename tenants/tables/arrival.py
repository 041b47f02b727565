"""How organisations come: what the platform asks of them, and who asked to come."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel import clock
from kernel.models import Row


class Arrivals(models.TextChoices):
    """Who may open an organisation by themselves."""

    OPEN = "open", _("Ouvertes, sans approbation")
    APPROVAL = "approval", _("Approuvées par l’équipe")
    CLOSED = "closed", _("Fermées")


class PlatformRules(models.Model):
    """One row: the rules that operators set for the whole platform."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    arrivals = models.CharField(max_length=16, choices=Arrivals.choices, default=Arrivals.APPROVAL)

    class Meta:
        constraints = [models.CheckConstraint(name="one_row_of_platform_rules", condition=models.Q(id=1))]


class SignUpState(models.TextChoices):
    UNCONFIRMED = "unconfirmed", _("Courriel à confirmer")
    WAITING = "waiting", _("À approuver")
    APPROVED = "approved", _("Approuvée")
    REFUSED = "refused", _("Refusée")


class SignUp(Row):
    """Somebody's request to open an organisation, until it is one. The address is reserved by what is not refused.

    `code_hash`, `code_until`, `code_attempts`: of the code sent to `owner_email`. `reason`: why it was refused, as told
    to who asked. `plan`: the code of the plan chosen, if any. What names a person is emptied 90 days after the end.
    """

    state = models.CharField(max_length=16, choices=SignUpState.choices, default=SignUpState.UNCONFIRMED)
    name = models.CharField(max_length=200)
    slug = models.SlugField(max_length=40)
    preset = models.CharField(max_length=40)
    language = models.CharField(max_length=5)
    languages = models.JSONField(default=list)
    plan = models.CharField(max_length=40, blank=True)
    owner_first_name = models.CharField(max_length=100, blank=True)
    owner_last_name = models.CharField(max_length=100, blank=True)
    owner_email = models.EmailField(blank=True)
    owner_phone = models.CharField(max_length=40, blank=True)
    code_hash = models.CharField(max_length=128, blank=True)
    code_until = models.DateTimeField(null=True, blank=True)
    code_attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=clock.now)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=200, blank=True)
    reason = models.TextField(blank=True)
    organisation = models.OneToOneField(
        "tenants.Organisation", on_delete=models.SET_NULL, null=True, blank=True, related_name="sign_up"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_sign_up_for_an_address",
                fields=["slug"],
                # Whoever has not proved their address keeps nobody from it.
                condition=models.Q(state__in=[SignUpState.WAITING, SignUpState.APPROVED]),
            )
        ]

    def __str__(self) -> str:
        return self.name
