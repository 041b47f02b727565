"""The organisation itself: its face, its rules, its establishments, levels, payees and staff."""

from zoneinfo import ZoneInfo

from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.models import Row
from kernel.words import Translated


class Profile(models.Model):
    """One row: how the organisation shows itself and the rules it lives by, copied from its preset."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=40)
    brand_colour = models.CharField(max_length=7, default="#1d4f91")
    accent_colour = models.CharField(max_length=7, blank=True)
    logo = models.CharField(max_length=255, blank=True)
    contact_email = models.EmailField(blank=True)
    contact_phone = models.CharField(max_length=40, blank=True)
    address = models.TextField(blank=True)
    welcome = models.TextField(blank=True)
    help_text = models.TextField(blank=True)
    time_zone = models.CharField(max_length=64)
    currency = models.CharField(max_length=3)
    territory = models.CharField(
        max_length=2
    )  # ISO 3166: with the reader's language, how amounts and dates are written
    languages = models.JSONField(default=list)
    rules = models.JSONField(default=dict)
    preset = models.CharField(max_length=40, blank=True)
    # What its people have seen to since it was made, and when: {step: moment} (organisation.first_day).
    first_day = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(name="one_profile", condition=models.Q(id=1))]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


class Payee(Row):
    """Who is paid: the organisation or one of its establishments, by a connected account at the processor.

    `code`: its own number in structured communications, 1 to 999. `iban` and `bic`: where transfers go; none are taken
    where it is empty. `bank_account`: how its bank names the account on a deposit slip.
    `accounting`: {"codes": {ledger account: code}, "segment": words}, beyond the organisation's rules.
    `slips`: what tax slips say of who issues them, as its enterprise number or its certifier (slips.issuers).
    """

    name = models.CharField(max_length=200)
    legal_name = models.CharField(max_length=200)
    address = models.TextField(blank=True)
    registration_numbers = models.CharField(max_length=200, blank=True)
    processor_account = models.CharField(max_length=255, blank=True)
    code = models.PositiveSmallIntegerField(null=True, unique=True)
    iban = models.CharField(max_length=34, blank=True)
    bic = models.CharField(max_length=11, blank=True)
    bank_account = models.CharField(max_length=60, blank=True)
    accounting = models.JSONField(default=dict, blank=True)
    slips = models.JSONField(default=dict, blank=True)

    def __str__(self) -> str:
        return self.name


class Establishment(Row):
    code = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    address = models.TextField(blank=True)
    help_text = models.TextField(blank=True)
    payee = models.ForeignKey(Payee, on_delete=models.PROTECT, null=True, blank=True, related_name="establishments")
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name


class Level(Translated, Row):
    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    position = models.PositiveIntegerField(default=0)
    translations = models.JSONField(default=dict, blank=True)  # {"nl": {"name"}}

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return self.shown("name")


class Role(models.TextChoices):
    OWNER = "owner", _("Propriétaire")
    ADMINISTRATOR = "administrator", _("Administration")
    FINANCE = "finance", _("Finances")
    PROGRAMME_MANAGER = "programme_manager", _("Responsable de programmes")
    SECRETARY = "secretary", _("Secrétariat d’établissement")
    GROUP_LEADER = "group_leader", _("Animation de groupe")
    AUDITOR = "auditor", _("Audit")


# Who works for the establishments named beside the role; the others work for all of them.
PLACED = frozenset({Role.SECRETARY, Role.GROUP_LEADER})


class MemberState(models.TextChoices):
    INVITED = "invited", _("Invitation envoyée")
    ACTIVE = "active", _("En fonction")
    WITHDRAWN = "withdrawn", _("Retiré")


class StaffMember(Row):
    """Somebody who works here, worked here, or is asked to: only an active one has the rights of the role.

    `invited_at` is in the invitation that holds: an earlier one is dead.
    """

    user = models.OneToOneField("accounts.User", on_delete=models.CASCADE, related_name="staff_member")
    role = models.CharField(max_length=20, choices=Role.choices)
    establishments = models.ManyToManyField(Establishment, blank=True, related_name="staff")
    state = models.CharField(max_length=10, choices=MemberState.choices, default=MemberState.ACTIVE)
    invited_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()})"
