"""What every template may ask of the organisation it speaks for, read only when it is asked."""

import hashlib
from collections.abc import Callable
from functools import cache, cached_property, partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from kernel.registry import Registry
from shared_apps.design.brand import brand_css
from tenant_apps.organisation import queries
from tenant_apps.organisation.models import Profile, StaffMember
from tenant_apps.organisation.rules import Rules, read
from tenants.context import NoOrganisation, current
from tenants.models import Kind
from tenants.suspension import erased_on, is_read_only

# What a room above adds to every page (`basket_count`, `nav`), registered in `AppConfig.ready()`.
Addition = Callable[[HttpRequest], Any]
ADDITIONS: Registry[Addition] = Registry("addition to the templates' context")


class Face:
    """The organisation as its pages show it: the profile's columns, and what is derived from them."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile

    def __getattr__(self, name: str) -> Any:
        return getattr(self._profile, name)

    def __str__(self) -> str:
        return self._profile.name

    @cached_property
    def rules(self) -> Rules:
        return read(self._profile.rules)

    @property
    def labels(self) -> dict[str, str]:
        """The organisation's own words, by what they name: `{{ organisation.labels.establishment }}`."""
        return {key: self.rules.label(key) for key in self.rules.labels}

    @property
    def country(self) -> str:
        return self._profile.territory

    @property
    def currency(self) -> str:
        return self._profile.currency.upper()

    @property
    def logo_url(self) -> str:
        return _url("picture", self._profile.logo) if self._profile.logo else ""


def organisation(request: HttpRequest) -> dict[str, Any]:
    """At most one query for the profile and one for the staff member, each when a template first asks."""
    if not _on_a_site_of_its_own():
        return {"organisation": None, "languages": _languages([code for code, _ in settings.LANGUAGES])}
    face = SimpleLazyObject(lambda: Face(_profile(request)))
    context: dict[str, Any] = {
        "organisation": face,
        # Templates call what can be called: once at most, and only where it is shown.
        "brand_css_url": cache(lambda: _brand_css_url(profile_of(request))),
        "languages": cache(lambda: _languages(face.languages)),
        "staff_member": cache(lambda: _staff_member(request)),
        "read_only": is_read_only(request),
        "erased_on": cache(lambda: erased_on(request)),
    }
    for name, addition in ADDITIONS:
        context[name] = cache(partial(addition, request))
    return context


def _on_a_site_of_its_own() -> bool:
    try:
        return current().kind == Kind.ORGANISATION
    except NoOrganisation:
        return False


def profile_of(request: HttpRequest) -> Profile:
    """The profile, read once in a request whoever asks for it."""
    return _profile(request)


def _profile(request: HttpRequest) -> Profile:
    profile: Profile | None = getattr(request, "profile", None)
    if profile is None:
        profile = queries.profile()
        request.profile = profile  # type: ignore[attr-defined]
    return profile


def _staff_member(request: HttpRequest) -> StaffMember | None:
    user = getattr(request, "user", None)
    return queries.staff_member_of(user) if user is not None else None


def _languages(codes: list[str]) -> list[dict[str, Any]]:
    names = dict(settings.LANGUAGES)
    active = (get_language() or "fr").split("-")[0]
    return [{"code": code, "label": names[code], "active": code == active} for code in codes if code in names]


def _brand_css_url(profile: Profile) -> str:
    """Named after what it holds, so that browsers may keep it for a year."""
    content = brand_css(profile.brand_colour, profile.accent_colour or None)
    return f"{_url('brand_css')}?v={hashlib.sha256(content.encode()).hexdigest()[:12]}"


def _url(name: str, *args: str) -> str:
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
