"""Template filter for texts written in Markdown."""

from django import template
from django.utils.safestring import SafeString

from tenant_apps.catalog.presentation import render

register = template.Library()


@register.filter
def markdown(text: str) -> SafeString:
    return render(text or "")
