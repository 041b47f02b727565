"""Where data are kept: an installation is one region, and serves the countries whose data may stay there."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from kernel.errors import Refusal
from tenants.models import Organisation


class NotServedHere(Refusal):
    """`address`: the installation that keeps that country's data, where the settings name one."""

    code = "country_not_served"
    message = _("Les données de ce pays ne sont pas gardées ici.")

    @property
    def address(self) -> str:
        return settings.REGIONS.get(str(self.values["country"]), "")


def check(country: str) -> None:
    """Raises NotServedHere."""
    if settings.REGION_COUNTRIES and country not in settings.REGION_COUNTRIES:
        raise NotServedHere(country=country)


def place_of(organisation: Organisation) -> str:
    """Where its data are kept, as REGION_PLACE names it; nothing where it does not, or for another region."""
    return str(settings.REGION_PLACE) if organisation.region == settings.REGION else ""
