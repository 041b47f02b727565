"""Loads seasons, consents and offerings with their options, places and pictures."""

from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from kernel import clock
from shared_apps.audit.actors import SYSTEM
from tenant_apps.catalog import pictures
from tenant_apps.catalog.models import Category, Season, Selection, Status
from tenant_apps.catalog.operations.offerings import put_offering
from tenant_apps.catalog.operations.seasons import put_season
from tenant_apps.demonstration import options, reading, wording
from tenant_apps.demonstration.telling import Calendar
from tenant_apps.forms import operations as forms
from tenant_apps.forms.models import Form, Purpose
from tenant_apps.organisation.models import Establishment, Level, Payee, Profile
from tenant_apps.organisation.rules import read


class Loading:
    """One organisation's catalogue, loaded as of one day."""

    def __init__(
        self,
        data: reading.Data,
        *,
        payees: dict[str, Payee],
        places: dict[str, Establishment],
        profile: Profile,
        at: datetime,
    ) -> None:
        self._data = data
        self._payees = payees
        self._places = places
        self._rules = read(profile.rules)
        self._languages = [language for language in profile.languages if language != "fr"]
        self._at = at
        self._calendar = Calendar(clock.local_date(at, profile.zone), profile.zone)
        self._levels = {level.code: level for level in Level.objects.all()}
        self._categories = {category.slug: category for category in Category.objects.all()}

    def load(self) -> None:
        seasons = {season["name"]: self._season(season) for season in self._data["seasons"]}
        current = next(iter(seasons.values()))
        for offering in self._data["offerings"]:
            self._offering(offering, seasons[offering["season"]] if "season" in offering else current)

    def _season(self, told: dict[str, str]) -> Season:
        days = {name: self._calendar.day(told[name]) for name in ("starts_on", "ends_on")}
        return put_season(name=told["name"], **days)

    def _offering(self, told: dict[str, Any], season: Season) -> None:
        put_offering(
            slug=told["slug"],
            columns=self._columns(told, season),
            options=[options.columns(option, self._calendar, self._languages) for option in told.get("options", [])],
            capacities=[option.get("places") for option in told.get("options", [])],
            establishments=[self._places[code] for code in told.get("establishments", [])],
            levels=[self._levels[str(code)] for code in told.get("levels", [])],
            actor=SYSTEM,
            at=self._at,
        )

    def _columns(self, told: dict[str, Any], season: Season) -> dict[str, Any]:
        days = {name: self._calendar.optional_day(told.get(name)) for name in ("starts_on", "ends_on", "deadline_on")}
        words = wording.placeholders(days)
        return {
            **{name: told[name] for name in _COPIED if name in told},
            **{name: told.get(name, "").format_map(words) for name in _WORDED},
            **{name: self._calendar.resolved(told[name]) for name in _RULES if name in told},
            **days,
            **self._registering(told),
            "status": told.get("status", Status.PUBLISHED),
            "publishes_at": self._calendar.moment(told.get("publishes_at")),
            "season": season,
            "category": self._categories[told["category"]],
            "payee": self._payees[told["payee"]],
            "opens_at": self._calendar.moment(told.get("opens_at")),
            "picture": _stored_picture(told["picture"]),
            "picture_alt": self._data["pictures"][told["picture"]],
            "translations": wording.translated(told, ("title", *_WORDED), days, self._languages),
            "consent_form": self._consent(told, words),
        }

    def _registering(self, told: dict[str, Any]) -> dict[str, Any]:
        """How one registers: as the organisation's rules have it, but for what the offering says itself."""
        own = self._calendar.resolved(told.get("rules", []))
        return {
            # A yes or a no has nothing to select.
            "selection": told.get("selection", Selection.ONE),
            "checkout": told.get("checkout", self._rules.checkout),
            "accepts_guests": told.get("accepts_guests", self._rules.accepts_guests),
            "hold_minutes": told.get("hold_minutes", self._rules.hold_minutes),
            "reserved_to_establishments": self._rules.establishments_are_schools,
            "registration_form": Form.objects.get(key=told["form"]) if "form" in told else None,
            "requirements": [*({"kind": "form", "form": key} for key in told.get("requires", [])), *own],
        }

    def _consent(self, told: dict[str, Any], words: dict[str, str]) -> Form | None:
        if "consent" not in told:
            return None
        version = forms.publish_version(
            form_key=f"autorisation-{told['slug']}"[:60],
            title=told["consent"]["title"],
            purpose=Purpose.CONSENT,
            definition={"sections": []},
            text=told["consent"]["text"].format_map(words),
        )
        return version.form


_COPIED = ("title", "nature", "tags")
_WORDED = ("summary", "presentation", "refund_policy")
_RULES = ("windows", "pricing", "support", "changes", "slips")


def _stored_picture(name: str) -> str:
    path = f"offerings/{name}.webp"
    if not default_storage.exists(path):
        default_storage.save(path, ContentFile(reading.picture(name)))
    if not default_storage.exists(pictures.small(path)):
        default_storage.save(pictures.small(path), ContentFile(pictures.lesser(reading.picture(name))))
    return path
