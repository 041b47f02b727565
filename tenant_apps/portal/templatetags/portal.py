"""Template tags of the families' pages: periods in words."""

import datetime
import re
from typing import TYPE_CHECKING, Any

from django import template
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kernel import clock
from shared_apps.design import formats
from tenant_apps.portal import refusals

if TYPE_CHECKING:
    from tenant_apps.catalog.models import Option

register = template.Library()


@register.simple_tag(takes_context=True)
def period_words(
    context: Context, first: datetime.date | None, last: datetime.date | None, capitalise: bool = False
) -> str:
    """« mercredi 24 août 2022 », or « du lundi 6 juillet 2026 au vendredi 10 juillet 2026 »; empty without a day."""
    words = period(first, last, country=str(getattr(context.get("organisation"), "country", "") or ""))
    return formats.capitalised(words) if capitalise else words


@register.filter
def says_only(text: object, period: str) -> bool:
    """Is every word of a text in the period already shown? « Du 28 juin au 2 juillet » may tell nothing new."""
    return set(re.findall(r"\w+", str(text).lower())) <= set(re.findall(r"\w+", period.lower()))


@register.filter
def full_name(option: "Option") -> str:
    """The offering's title and the option's name in the reader's language, said once where they are the same."""
    title, name = str(option.offering), str(option)
    return title if name.casefold() == title.casefold() else f"{title} – {name}"


@register.simple_tag(takes_context=True)
def written_in(context: Context) -> SafeString:
    """` lang="fr"` for what the organisation wrote itself, on a page in another language; else nothing."""
    own = getattr(getattr(context.get("request"), "organisation", None), "language", "")
    return format_html(' lang="{}"', own) if own and own != get_language() else mark_safe("")


@register.filter
def inside_week(text: object, number: int) -> str:
    """« Semaine 1 – Petits » is « Petits » under the heading of week 1."""
    return re.sub(rf"^\w+\s{number}\s*[–—:-]\s*(?=\S)", "", str(text))


@register.simple_tag(takes_context=True)
def own_word(context: Context, key: str, default: str) -> str:
    """The organisation's own word for something, else `default` (S2-11)."""
    face = context.get("organisation")
    return face.rules.label(key, default) if face else default


@register.filter
def refusal_words(code: str) -> str:
    """Why a card was not charged."""
    return refusals.in_words(code)


@register.filter
def has_come(moment: datetime.datetime | None) -> bool:
    return moment is not None and moment <= clock.now()


@register.filter
def card_expiry(said: str) -> str:
    """« 2030-04 », as it is kept, is « 04/2030 », as it is on the card."""
    year, _dash, month = said.partition("-")
    return f"{month}/{year}"


def period(first: datetime.date | None, last: datetime.date | None, *, country: str = "") -> str:
    locale = formats.locale_for(get_language() or "fr", country)
    if first is None:
        return ""
    start = formats.date_words(first, locale)
    if last is None or last == first:
        return start
    if first.year == last.year:
        start = start.replace(f" {first.year}", "").rstrip(",")
    values: dict[str, Any] = {"start": start, "end": formats.date_words(last, locale)}
    return _("du %(start)s au %(end)s") % values
