"""What operators did to an organisation, in words."""

from django.utils.translation import gettext_lazy as _

from shared_apps.audit.trails import Words

WORDS: Words = {
    "organisations.created": _("Organisation ouverte"),
    "organisations.prepared_again": _("Préparation redemandée"),
    "organisations.suspended": _("Organisation suspendue"),
    "migrations.asked": _("Migrations demandées"),
    "organisations.resumed": _("Organisation remise en service"),
}
