"""Template tags of the design system: icons, fields, amounts and dates."""

from __future__ import annotations

import datetime
from functools import lru_cache
from typing import Any

from babel import Locale
from django import template
from django.forms.boundfield import BoundField
from django.template.context import Context
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.timesince import timesince
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shared_apps.design import fields, formats, icons

register = template.Library()

_MINUTE = datetime.timedelta(minutes=1)


@register.simple_tag
@lru_cache(maxsize=1000)
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """Draw an icon, silent for screen readers unless it has a label."""
    spoken = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="icon {}" viewBox="0 0 24 24" {} focusable="false">{}</svg>',
        css or f"icon-{name}",
        spoken,
        mark_safe(icons.shapes(name)),  # noqa: S308 - our own files
    )


@register.filter
def elapsed(since: datetime.datetime, now: datetime.datetime) -> str:
    """How long it is since then; of what has only just been, Django would say "0 minutes"."""
    return timesince(since, now) if now - since >= _MINUTE else _("moins d’une minute")


@register.simple_tag(takes_context=True)
def money(context: Context, minor_units: int | str | None, currency: str = "") -> str:
    """Write integer minor units as an amount; the currency defaults to the organisation's."""
    if minor_units is None or minor_units == "":
        return ""
    currency = currency or _of_organisation(context, "currency")
    return formats.money(int(minor_units), currency, _locale(context, currency))


@register.simple_tag(takes_context=True)
def date_words(context: Context, day: datetime.date | None, length: str = "full", capitalise: bool = False) -> str:
    """Write a day in words; length is `full`, `long` (no weekday) or `medium`."""
    if not day:
        return ""
    local = _local(day).date() if isinstance(day, datetime.datetime) else day
    words = formats.date_words(local, _locale(context), length=length)
    return formats.capitalised(words) if capitalise else words


@register.simple_tag(takes_context=True)
def datetime_words(
    context: Context, moment: datetime.datetime | None, length: str = "full", capitalise: bool = False
) -> str:
    """Write a moment in words, in the active time zone."""
    if not moment:
        return ""
    words = formats.datetime_words(_local(moment), _locale(context), length=length)
    return formats.capitalised(words) if capitalise else words


@register.simple_tag(takes_context=True)
def hour_words(context: Context, hour: datetime.time | datetime.datetime | None) -> str:
    """Write an hour: `18 h 30`."""
    if hour is None:
        return ""
    return formats.hour_words(_local(hour) if isinstance(hour, datetime.datetime) else hour, _locale(context))


@register.simple_tag(takes_context=True)
def locale_tag(context: Context, currency: str = "") -> str:
    """Return the reader's locale as scripts want it: `fr-CA`."""
    return str(_locale(context, currency)).replace("_", "-")


@register.inclusion_tag("components/field.html")
def field(
    field: BoundField,
    label: str = "",
    hint: str = "",
    autocomplete: str = "",
    width: str = "",
    inline: bool = False,
    mark_optional: bool = True,
) -> dict[str, Any]:
    """Show a form field whole: label, hint, errors, widget.

    Width is `short`, `medium` or empty; inline puts radios side by side; filters do not mark what is optional.
    """
    hint = hint or str(field.help_text or "")
    described_by = fields.described_by(field, hint)
    attrs = {"autocomplete": autocomplete, "class": f"width-{width}" if width else ""}
    own = field.field.widget.attrs.get("class", "")
    attrs["class"] = f"{own} {attrs['class']}".strip()
    kind = fields.kind_of(field)
    if kind in {"input", "quantity", "checkbox"}:
        attrs["aria-describedby"] = described_by
    return {
        "field": field,
        "kind": kind,
        "label": label or field.label,
        "hint": hint,
        "described_by": described_by,
        "inline": inline or getattr(field.field, "stands_inline", False),
        "shown_if": getattr(field.field, "shown_if", None),
        "optional": mark_optional and not (field.field.required or "data-shown-when" in field.field.widget.attrs),
        "widget": mark_safe(fields.rendered(field, attrs)),  # noqa: S308 - a form widget's own HTML
    }


@register.inclusion_tag("components/error_summary.html")
def error_summary(*sources: Any) -> dict[str, Any]:
    """List the errors of forms and formsets, each linked to its field."""
    return {"errors": list(fields.errors_of(*(source for source in sources if source)))}


def _local(moment: datetime.datetime) -> datetime.datetime:
    return timezone.localtime(moment) if timezone.is_aware(moment) else moment


def _locale(context: Context, currency: str = "") -> Locale:
    country = _of_organisation(context, "country") or formats.country_of(currency)
    return formats.locale_for(get_language() or "fr", country)


def _of_organisation(context: Context, name: str) -> str:
    return str(getattr(context.get("organisation"), name, "") or "")
