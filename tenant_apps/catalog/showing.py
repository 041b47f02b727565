"""How families see an offering, for the rooms that write it: the page itself is told by a room beside theirs."""

from collections.abc import Callable

from django.http import HttpRequest

from kernel.registry import Registry
from tenant_apps.catalog.models import Offering

# HTML of one offering as it would be shown, published or not. Filled in `AppConfig.ready()` under "page".
PAGES: Registry[Callable[[HttpRequest, Offering], str]] = Registry("way of showing an offering")
