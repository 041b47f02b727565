"""Template tags of what is offered: its texts in the reader's language, and when it meets."""

from django import template
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kernel import clock
from kernel.words import Translated
from tenant_apps.catalog import pictures
from tenant_apps.catalog.models import Offering, Option
from tenant_apps.catalog.pricing import taxes
from tenant_apps.portal import meetings as meeting_words

register = template.Library()


@register.filter
def shown(thing: Translated, column: str) -> str:
    """A text of an offering, an option, a category or a level, in the reader's language where there is one."""
    return thing.shown(column)


@register.simple_tag
def lang_of(thing: Translated, column: str) -> SafeString:
    """` lang="fr"` where what `shown` answers is not in the page's own language; else nothing."""
    language = thing.language_of(column)
    page = (get_language() or "fr").split("-")[0]
    return format_html(' lang="{}"', language) if language != page else mark_safe("")


@register.filter
def on_card(picture: str) -> str:
    """The lesser size of an offering's picture."""
    return pictures.on_card(picture)


@register.filter
def coded_name(option: Option) -> str:
    """« 101 – Biscuits »; the name alone where it begins with its code."""
    name = option.shown("name")
    return name if not option.code or name.startswith(option.code) else f"{option.code} – {name}"


@register.filter
def meal_name(option: Option) -> str:
    """A meal is known by what is eaten: its name may say no more than its day, which stands above it."""
    return option.shown("description") or option.shown("name")


@register.simple_tag(takes_context=True)
def meetings(context: Context, option: Option) -> list[str]:
    """Each time that a course meets, in words."""
    return meeting_words.each_in_words(option, country=_country(context))


@register.simple_tag(takes_context=True)
def meetings_words(context: Context, option: Option) -> str:
    """« 10 séances, le mardi de 18 h à 19 h 30 »; empty where an option has no meetings of its own."""
    return meeting_words.in_words(option, country=_country(context))


@register.simple_tag(takes_context=True)
def taxes_note(context: Context, offering: Offering) -> str:
    """What a price that is shown to nobody in particular leaves out; empty where it is all there is to pay."""
    if not offering.pricing.get("tax"):
        return ""
    organisation = context["organisation"]
    today = clock.local_date(clock.now(), organisation.zone)
    if not taxes.added_to(offering, organisation.rules.prices.taxes, today=today):
        return ""
    # A child may be exempt from it, which only their file says.
    is_for_some = offering.pricing["tax"] == taxes.PROGRAMME
    return _("taxes en sus, s’il y a lieu") if is_for_some else _("taxes en sus")


def _country(context: Context) -> str:
    return str(getattr(context.get("organisation"), "country", "") or "")
