"""What only the workplace's pages need to show."""

from django import template
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tenant_apps.forms import phone as phones
from tenant_apps.payments import communication

register = template.Library()
register.filter("structured", communication.formatted)


@register.simple_tag(takes_context=True)
def phone(context: Context, number: str) -> SafeString:
    """A number that can be called, written as the organisation's country does."""
    return format_html('<a href="tel:{}">{}</a>', number, phones.shown(number, context["organisation"].country))
