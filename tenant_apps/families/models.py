"""Families: guardians in their households, the participants they are responsible for, and the link between them."""

from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kernel import clock
from kernel.folding import fold
from kernel.models import Row


class Household(Row):
    """Guardians who live together. `answers`: what is the family's and no child's, by question key.

    Two households of one child know nothing of each other's.
    """

    answers = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=clock.now)


class Guardian(Row):
    """An account holder's profile; a guest has one too, without an account.

    `locked_fields`: columns that come from an authentic source, and that the person cannot change.
    `reference`: the number that the organisation gave, in its own files.
    `national_number_hash`: see shared_apps.vault; the number itself is in `sealed`.
    """

    user = models.OneToOneField("accounts.User", on_delete=models.SET_NULL, null=True, related_name="guardian")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, null=True, related_name="guardians")
    first_name = models.CharField(max_length=100, blank=True)
    last_name = models.CharField(max_length=100, blank=True)
    email = models.EmailField()
    phone = models.CharField(max_length=40, blank=True)
    language = models.CharField(max_length=5, default="fr")
    birth_date = models.DateField(null=True, blank=True)
    reference = models.CharField(max_length=40, blank=True)
    national_number_hash = models.CharField(max_length=64, blank=True)
    sealed = models.BinaryField(null=True)
    locked_fields = models.JSONField(default=list)
    # S4-22: who may be invoiced and act, and who receives the tax slips.
    is_billable = models.BooleanField(default=True)
    receives_slips = models.BooleanField(default=True)
    search_text = models.TextField(blank=True, editable=False)
    created_at = models.DateTimeField(default=clock.now)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_guardian_per_national_number",
                fields=["national_number_hash"],
                condition=~Q(national_number_hash="") & Q(merged_into=None),
            ),
            models.UniqueConstraint(
                name="one_guardian_per_reference",
                fields=["reference"],
                condition=~Q(reference="") & Q(merged_into=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.last_name} {self.first_name}".strip() or self.email or gettext("Compte effacé")

    @property
    def family_id(self) -> UUID:
        """The same for all who live together; their own where there is no household."""
        return self.household_id or self.id

    def index(self) -> None:
        """What `save` does; who writes many rows at once does it for each."""
        self.search_text = fold(f"{self.last_name} {self.first_name} {self.email} {self.reference}")

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.index()
        _save_with(kwargs, "search_text")
        super().save(*args, **kwargs)


class PriceCategory(models.TextChoices):
    """S4-21: what the residence of the family says."""

    NONE = "", _("Non précisée")
    RESIDENT = "resident", _("De la commune")
    NON_RESIDENT = "non_resident", _("Hors commune")


class Participant(Row):
    """Who takes part.

    `used_name`: the first name that is shown, where it is not the legal one.
    `answers`: what the profile's questions asked, by question key.
    `sealed`: the answers that are about health, and the national number (shared_apps.vault).
    `locked_fields`: columns and answers that an import or an authentic source gave; the family cannot change them.
    `external_id`: the identifier in the organisation's own system.
    """

    last_name = models.CharField(max_length=100)
    first_name = models.CharField(max_length=100)
    used_name = models.CharField(max_length=100, blank=True)
    birth_date = models.DateField(null=True, blank=True)
    establishment = models.ForeignKey("organisation.Establishment", on_delete=models.SET_NULL, null=True, blank=True)
    level = models.ForeignKey("organisation.Level", on_delete=models.SET_NULL, null=True, blank=True)
    price_category = models.CharField(max_length=12, choices=PriceCategory.choices, blank=True, default="")
    student_number = models.CharField(max_length=40, blank=True)
    external_id = models.CharField(max_length=100, blank=True)
    national_number_hash = models.CharField(max_length=64, blank=True)
    answers = models.JSONField(default=dict)
    sealed = models.BinaryField(null=True)
    locked_fields = models.JSONField(default=list)
    pick_up_people = models.JSONField(default=list)  # [{"name", "phone", "relation"}], who may fetch the child
    search_text = models.TextField(blank=True, editable=False)
    created_at = models.DateTimeField(default=clock.now)
    removed_at = models.DateTimeField(null=True, blank=True)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_participant_per_national_number",
                fields=["national_number_hash"],
                condition=~Q(national_number_hash="") & Q(merged_into=None, removed_at=None),
            ),
            models.UniqueConstraint(
                name="one_participant_per_external_id", fields=["external_id"], condition=~Q(external_id="")
            ),
        ]
        indexes = [
            models.Index(name="participant_by_number", fields=["student_number"], condition=~Q(student_number="")),
            models.Index(name="participant_by_birth", fields=["birth_date"]),
        ]

    def __str__(self) -> str:
        return f"{self.last_name} {self.shown_name}".strip() or gettext("Personne effacée")

    @property
    def shown_name(self) -> str:
        """The first name that the family uses."""
        return self.used_name or self.first_name

    def index(self) -> None:
        """What `save` does; who writes many rows at once does it for each."""
        self.search_text = fold(f"{self.last_name} {self.first_name} {self.used_name} {self.student_number}")

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.index()
        _save_with(kwargs, "search_text")
        super().save(*args, **kwargs)


class GuardianshipRole(models.TextChoices):
    PARENT = "parent", _("Parent")
    TUTOR = "tutor", _("Tutrice ou tuteur")
    RELATIVE = "relative", _("Autre proche")
    SELF = "self", _("Moi-même")


class Guardianship(Row):
    """What one guardian may do for one participant. Someone blocked sees nothing of the participant, whatever else.

    `custody`: the weeks that are theirs, [{"from": day, "until": day or null, "weeks": "all" | "even" | "odd"}], by the
    number that ISO gives a week; empty where it was never settled.
    """

    guardian = models.ForeignKey(Guardian, on_delete=models.CASCADE, related_name="guardianships")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="guardianships")
    role = models.CharField(max_length=10, choices=GuardianshipRole.choices, default=GuardianshipRole.PARENT)
    may_enrol = models.BooleanField(default=True)
    may_see_health = models.BooleanField(default=True)
    may_pay = models.BooleanField(default=True)
    custody = models.JSONField(default=list)
    is_blocked = models.BooleanField(default=False)
    blocked_reason = models.CharField(max_length=200, blank=True)  # for staff only
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_link_per_pair", fields=["guardian", "participant"]),
        ]


class LinkKind(models.TextChoices):
    """How somebody comes to be linked to a participant who is already known."""

    INVITATION = "invitation", _("Invitation d’un parent")
    LETTER = "letter", _("Lettre d’activation")
    CLAIM = "claim", _("Demande de rattachement")


class LinkStatus(models.TextChoices):
    PENDING = "pending", _("En attente")
    ACCEPTED = "accepted", _("Acceptée")
    REFUSED = "refused", _("Refusée")
    CANCELLED = "cancelled", _("Annulée")


class LinkRequest(Row):
    """A link that waits for somebody's word: of who was invited, of who holds a letter's code, or of staff.

    `guardian` is who would be linked, once known; `rights` are the columns of the Guardianship to be. `said`: what a
    claim told of the child. The code itself is never kept.
    """

    kind = models.CharField(max_length=10, choices=LinkKind.choices)
    status = models.CharField(max_length=10, choices=LinkStatus.choices, default=LinkStatus.PENDING)
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="link_requests")
    guardian = models.ForeignKey(Guardian, on_delete=models.CASCADE, null=True, related_name="link_requests")
    invited_by = models.ForeignKey(Guardian, on_delete=models.CASCADE, null=True, related_name="invitations")
    email = models.EmailField(blank=True)
    code_hash = models.CharField(max_length=64, blank=True)
    role = models.CharField(max_length=10, choices=GuardianshipRole.choices, default=GuardianshipRole.PARENT)
    rights = models.JSONField(default=dict)
    said = models.JSONField(default=dict)
    attempts = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_link_per_code", fields=["code_hash"], condition=~Q(code_hash="")),
            models.UniqueConstraint(
                name="one_open_claim",
                fields=["participant", "guardian"],
                condition=Q(kind="claim", status="pending"),
            ),
        ]


def _save_with(kwargs: dict[str, Any], column: str) -> None:
    if kwargs.get("update_fields") is not None:
        kwargs["update_fields"] = {*kwargs["update_fields"], column}
