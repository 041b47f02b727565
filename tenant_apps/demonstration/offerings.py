"""Loads seasons, consents and offerings with their options, places and pictures."""

from datetime import date, datetime
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from kernel import clock
from shared_apps.audit.actors import SYSTEM
from tenant_apps.catalog.models import Category, Season, Status
from tenant_apps.catalog.operations.offerings import put_offering
from tenant_apps.catalog.operations.seasons import put_season
from tenant_apps.demonstration import dates, reading, wording
from tenant_apps.forms import operations as forms
from tenant_apps.forms.models import Form, Purpose
from tenant_apps.organisation.models import Establishment, Level, Payee, Profile
from tenant_apps.organisation.rules import read
from tenant_apps.registrations import operations as registrations


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
        self._zone = profile.zone
        self._rules = read(profile.rules)
        self._at = at
        self._loaded_on = clock.local_date(at, profile.zone)
        self._levels = {level.code: level for level in Level.objects.all()}
        self._categories = {category.slug: category for category in Category.objects.all()}

    def load(self) -> None:
        season = self._season()
        for offering in self._data["offerings"]:
            self._offering(offering, season)

    def _season(self) -> Season:
        season = self._data["season"]
        return put_season(
            name=season["name"], starts_on=self._day(season["starts_on"]), ends_on=self._day(season["ends_on"])
        )

    def _offering(self, told: dict[str, Any], season: Season) -> None:
        days = {name: self._optional_day(told.get(name)) for name in ("starts_on", "ends_on", "deadline_on")}
        words = wording.placeholders(**days)
        columns = {
            **{name: told[name] for name in _COPIED if name in told},
            **{name: told.get(name, "").format_map(words) for name in _WORDED},
            **days,
            "status": Status.PUBLISHED,
            "season": season,
            "category": self._categories[told["category"]],
            "payee": self._payees[told["payee"]],
            "opens_at": self._opening(told.get("opens_at")),
            "picture": _stored_picture(told["picture"]),
            "picture_alt": self._data["pictures"][told["picture"]],
            "checkout": self._rules.checkout,
            "accepts_guests": self._rules.accepts_guests,
            "hold_minutes": self._rules.hold_minutes,
            "reserved_to_establishments": self._rules.establishments_are_schools,
            "registration_form": Form.objects.get(key=told["form"]),
            "consent_form": self._consent(told, words),
            "requirements": [{"kind": "form", "form": key} for key in told.get("requires", [])],
        }
        offering = put_offering(
            slug=told["slug"],
            columns=columns,
            options=[self._option(option) for option in told["options"]],
            establishments=[self._places[code] for code in told.get("establishments", [])],
            levels=[self._levels[str(code)] for code in told.get("levels", [])],
            actor=SYSTEM,
            at=self._at,
        )
        for option, its_data in zip(offering.options.all(), told["options"], strict=True):
            registrations.set_capacity(option_id=option.id, capacity=its_data.get("places"), actor=SYSTEM, at=self._at)

    def _option(self, told: dict[str, Any]) -> dict[str, Any]:
        starts_on, ends_on = (self._optional_day(told.get(name)) for name in ("starts_on", "ends_on"))
        words = wording.placeholders(starts_on=starts_on, ends_on=ends_on)
        return {
            "code": str(told.get("code", "")),
            "name": told["name"].format_map(words),
            "description": told.get("description", "").format_map(words),
            "starts_on": starts_on,
            "ends_on": ends_on,
            "price_cents": told["price"],
            "maximum_quantity": told.get("maximum", 1),
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

    def _day(self, notation: str) -> date:
        return dates.day(notation, loaded_on=self._loaded_on)

    def _optional_day(self, notation: str | None) -> date | None:
        return self._day(notation) if notation else None

    def _opening(self, notation: str | None) -> datetime | None:
        return dates.moment(notation, loaded_on=self._loaded_on, zone=self._zone) if notation else None


_COPIED = ("title", "nature", "selection")
_WORDED = ("summary", "presentation", "refund_policy")


def _stored_picture(name: str) -> str:
    path = f"offerings/{name}.webp"
    if not default_storage.exists(path):
        default_storage.save(path, ContentFile(reading.picture(name)))
    return path
