"""Template tags of the list of activities: names in a row, months and weekdays in words, links that keep the child."""

import datetime
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from babel.dates import format_date
from django import template
from django.template.context import Context
from django.utils.translation import get_language

from shared_apps.design import formats
from tenant_apps.catalog import reasons

register = template.Library()


@register.simple_tag(takes_context=True)
def keeping_child(context: Context, address: str) -> str:
    """The address of an offering's page, which keeps for whom the visitor came."""
    child = context.get("child")
    return f"{address}?{urlencode({'enfant': child.id})}" if child else address


@register.simple_tag
def names(people: Iterable[Any]) -> str:
    """« Sarah, Milo et Zoé », of participants or of the answers to them."""
    return reasons.listed(getattr(each, "participant", each).shown_name for each in people)


@register.simple_tag(takes_context=True)
def month_words(context: Context, day: datetime.date, capitalise: bool = False) -> str:
    words = _written(context, day, "LLLL y")
    return formats.capitalised(words) if capitalise else words


@register.simple_tag(takes_context=True)
def weekday_words(context: Context, day: datetime.date) -> str:
    return formats.capitalised(_written(context, day, "EEEE"))


def _written(context: Context, day: datetime.date, pattern: str) -> str:
    country = str(getattr(context.get("organisation"), "country", "") or "")
    return format_date(day, pattern, locale=formats.locale_for(get_language() or "fr", country))
