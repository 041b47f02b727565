"""What is offered: offerings of every nature, and the options taken inside them."""

from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from kernel.models import Row
from kernel.words import Translated
from tenant_apps.catalog import search


class Season(Row):
    name = models.CharField(max_length=100)
    starts_on = models.DateField()
    ends_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("name"), name="season_name")]

    def __str__(self) -> str:
        return self.name


class Category(Translated, Row):
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=100)
    position = models.PositiveIntegerField(default=0)
    translations = models.JSONField(default=dict, blank=True)  # {"en": {"name"}}

    class Meta:
        ordering = ["position", "name"]
        constraints = [models.UniqueConstraint(Lower("name"), name="category_name")]

    def __str__(self) -> str:
        return self.shown("name")


class Nature(models.TextChoices):
    OUTING = "outing", _("Sortie")
    ACTIVITY = "activity", _("Activité")
    COURSE = "course", _("Cours")
    CAMP = "camp", _("Camp")
    MEALS = "meals", _("Repas et collations")
    FUNDRAISING = "fundraising", _("Campagne de financement")
    MEMBERSHIP = "membership", _("Adhésion")
    CONSENT = "consent", _("Autorisation seule")
    CONTRIBUTION = "contribution", _("Contribution volontaire")


class Selection(models.TextChoices):
    """How options are taken: a quantity of each, one of them, any of them, or one of each week (S4-27)."""

    QUANTITIES = "quantities", _("Quantités")
    ONE = "one", _("Un seul choix")
    SEVERAL = "several", _("Un ou plusieurs choix")
    PER_WEEK = "per_week", _("Un choix par semaine")


class Checkout(models.TextChoices):
    DIRECT = "direct", _("Paiement direct")
    BASKET = "basket", _("Panier")


class Status(models.TextChoices):
    DRAFT = "draft", _("Brouillon")
    PUBLISHED = "published", _("Publiée")
    ARCHIVED = "archived", _("Archivée")


class Offering(Translated, Row):
    """What is published: a text, options, and the rules by which they are taken.

    `translations`: title, summary, presentation, refund_policy and picture_alt by language, beside the French.
    `publishes_at`: a published offering is shown from then on; at once where it is null.
    `windows`: [{"name": words, "for": [rule], "opens_at": moment, "closes_at": moment or null}], one for each audience
    that registers at its own time; `opens_at` and `deadline_on` bound them all (catalog.windows).
    `requirements`: [{"kind": key, ...}], what a participant must meet (catalog.rules).
    `pricing`: {"rules": [{"kind": key, ...}], "family": key, "tax": class}, how the options' prices become what a
    family pays (catalog.pricing).
    `support`: {"from_on", "until_on", "keep_days", "places"}, when a support-needs request may be made, how long a
    place is kept while it is studied, and how many of each option at most; empty where it may not.
    `opening`: with it, nothing opens before its instant, and who registers takes their turn there (O-03).
    `holding`: {"renewals", "remind_hours"}, how often a family keeps its places longer, and when it is reminded.
    `waiting`: {"mode": "off", "automatic" or "manual", "offer_hours", "on_refusal": "keep", "lose" or "leave"}, its
    waiting list (registrations.waiting); `changes`: what families may change themselves (changes.policy).
    What they do not say is as the organisation's rules have it.
    `payment_terms`: {"plans": [key], "later_days": n}, the instalments it may be paid in and whether it may be paid
    later; what it does not say is as the organisation's rules have it (payments.terms).
    `accounting`: {"code", "fund"}, its own code in the general ledger, and the fund its money belongs to (R-56).
    `slips`: {"kind": "childcare" or "", "ineligible_cents", "overnight"}, what tax slips say of it (slips.eligible).
    `quotas`: [{"id", "name": words}], what several of its options share, as the seats of a bus; `registrations.Places`
    counts them.
    """

    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=200)
    nature = models.CharField(max_length=16, choices=Nature.choices)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    publishes_at = models.DateTimeField(null=True, blank=True)
    summary = models.CharField(max_length=300, blank=True)
    presentation = models.TextField(blank=True)  # Markdown
    refund_policy = models.TextField(blank=True)
    picture = models.CharField(max_length=255, blank=True)  # path in the organisation's storage
    picture_alt = models.CharField(max_length=200, blank=True)
    season = models.ForeignKey(Season, on_delete=models.PROTECT, null=True, blank=True)
    category = models.ForeignKey(Category, on_delete=models.PROTECT, null=True, blank=True)
    establishments = models.ManyToManyField("organisation.Establishment", related_name="offerings", blank=True)
    # Only the participants of its establishments may take it; else they are where it takes place, and no more.
    reserved_to_establishments = models.BooleanField(default=True)
    levels = models.ManyToManyField("organisation.Level", related_name="offerings", blank=True)
    payee = models.ForeignKey("organisation.Payee", on_delete=models.PROTECT, related_name="offerings")
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    opens_at = models.DateTimeField(null=True, blank=True)
    deadline_on = models.DateField(null=True, blank=True)  # that day included, in the organisation's time zone
    selection = models.CharField(max_length=12, choices=Selection.choices)
    checkout = models.CharField(max_length=8, choices=Checkout.choices, default=Checkout.BASKET)
    accepts_guests = models.BooleanField(default=False)
    hold_minutes = models.PositiveIntegerField(default=60)
    registration_form = models.ForeignKey(
        "forms.Form", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    consent_form = models.ForeignKey("forms.Form", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    tags = models.JSONField(default=list, blank=True)  # of words in French
    translations = models.JSONField(default=dict, blank=True)
    windows = models.JSONField(default=list, blank=True)
    requirements = models.JSONField(default=list, blank=True)
    pricing = models.JSONField(default=dict, blank=True)
    support = models.JSONField(default=dict, blank=True)
    opening = models.ForeignKey(
        "openings.Opening", on_delete=models.PROTECT, null=True, blank=True, related_name="offerings"
    )
    holding = models.JSONField(default=dict, blank=True)
    waiting = models.JSONField(default=dict, blank=True)
    changes = models.JSONField(default=dict, blank=True)
    quotas = models.JSONField(default=list, blank=True)
    payment_terms = models.JSONField(default=dict, blank=True)
    accounting = models.JSONField(default=dict, blank=True)
    slips = models.JSONField(default=dict, blank=True)
    search_text = models.TextField(blank=True, editable=False)  # what keywords are looked for in, folded

    class Meta:
        ordering = ["starts_on", "title"]
        indexes = [GinIndex(search.stems(), name="offering_words")]

    def __str__(self) -> str:
        return self.shown("title")

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search_text = self._search_text()
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "search_text"}
        super().save(*args, **kwargs)

    def index(self) -> None:
        """What is searched holds the options too, which are written after the offering."""
        Offering.objects.filter(pk=self.pk).update(search_text=self._search_text())

    def _search_text(self) -> str:
        options = [] if self._state.adding else Option.objects.filter(offering=self)
        return search.text(self, options)


class Option(Translated, Row):
    """What is taken: a date, a week, a group, an article. Its places are counted by `registrations.Places`.

    `requirements`: what it asks beyond the offering's own, as « 3 à 5 ans » of one plaine in a week (S4-27).
    `meetings`: [{"on": day, "from": "18:00", "to": "19:30"}], each time that a course meets.
    `is_voluntary`: whoever takes it says how much; 0 is an answer, and it is never in what is due.
    `is_offered`: false once it is no longer to be taken; who has it keeps it.
    """

    offering = models.ForeignKey(Offering, on_delete=models.CASCADE, related_name="options")
    code = models.CharField(max_length=20, blank=True)
    name = models.CharField(max_length=120)
    description = models.CharField(max_length=200, blank=True)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    price_cents = models.PositiveIntegerField(default=0)
    minimum_quantity = models.PositiveIntegerField(default=1)
    maximum_quantity = models.PositiveIntegerField(default=1)
    requirements = models.JSONField(default=list, blank=True)
    meetings = models.JSONField(default=list, blank=True)
    translations = models.JSONField(default=dict, blank=True)
    is_voluntary = models.BooleanField(default=False)
    is_offered = models.BooleanField(default=True)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "starts_on", "name"]

    def __str__(self) -> str:
        return self.shown("name")

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        self.offering.index()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        found = super().delete(*args, **kwargs)
        self.offering.index()
        return found
