"""What the organisation calls a level and an establishment: « École » for a school board, « Lieu » for a city."""

from functools import cached_property

from django.utils.functional import lazy
from django.utils.translation import gettext as _

from tenant_apps.organisation import queries, rules
from tenant_apps.organisation.rules import Rules


class OwnWords:
    """Read the first time that one of them is needed, and once."""

    @property
    def level(self) -> str:
        return self._rules.label("level", _("Niveau scolaire"))

    @property
    def establishment(self) -> str:
        return self._rules.label("establishment", _("École"))

    @cached_property
    def _rules(self) -> Rules:
        return rules.read(queries.profile().rules)


# For labels, which are written when a page is: the organisation is known by then.
LEVEL = lazy(lambda: OwnWords().level, str)()
ESTABLISHMENT = lazy(lambda: OwnWords().establishment, str)()
