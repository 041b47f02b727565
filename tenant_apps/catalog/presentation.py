"""Renders the letters that staff write in Markdown as HTML that can do no harm."""

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

_TAGS = {
    "a",
    "blockquote",
    "br",
    "em",
    "h3",
    "h4",
    "hr",
    "li",
    "ol",
    "p",
    "strong",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "ul",
}
_HEADINGS = {"h1": "h3", "h2": "h3", "h3": "h4", "h4": "h4", "h5": "h4", "h6": "h4"}
_MARKDOWN = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("table")


def render(text: str) -> SafeString:
    """Headings begin at the third level: the page has its own first two."""
    tokens = _MARKDOWN.parse(text)
    for token in tokens:
        token.tag = _HEADINGS.get(token.tag, token.tag)
    html = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
    cleaned = nh3.clean(
        html, tags=_TAGS, attributes={"a": {"href", "title"}}, url_schemes={"https", "http", "mailto", "tel"}
    )
    return mark_safe(cleaned)  # noqa: S308 - nh3 has just cleaned it
