"""Template tags of the list of activities: names in a row, months and weekdays in words, links that keep the child."""

import datetime
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlencode

from babel.dates import format_date
from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.context import Context
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from shared_apps.design import formats
from tenant_apps.catalog import reasons

register = template.Library()


@register.simple_tag(takes_context=True)
def keeping_child(context: Context, address: str) -> str:
    """The address of an offering's page, which keeps for whom the visitor came."""
    child = context.get("child")
    return f"{address}?{urlencode({'enfant': child.id})}" if child else address


class Kept(template.Node):
    def __init__(self, nodes: NodeList, varying: Sequence[FilterExpression]) -> None:
        self._nodes, self._varying = nodes, varying

    def render(self, context: Context) -> SafeString:
        shelf = context.get("shelf")
        if shelf is None:
            return self._nodes.render(context)
        key = (get_language(), *(each.resolve(context) for each in self._varying))
        made: SafeString = shelf.get(key, lambda: self._nodes.render(context))
        return made


@register.tag
def kept(parser: Parser, token: Token) -> Kept:
    """`{% kept "name" what it varies by %}`: what everybody is shown alike, once for each language (catalog.shelf).

    It says nothing of who looks: no child, no reason of theirs, no price of their own.
    """
    _tag, *varying = token.split_contents()
    nodes = parser.parse(["endkept"])
    parser.delete_first_token()
    return Kept(nodes, [parser.compile_filter(each) for each in varying])


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
