"""What a version asks at this moment: a national number only while the organisation's rule holds (S4-14, R-44)."""

from kernel import clock
from tenant_apps.families.matching import NATIONAL_NUMBER
from tenant_apps.forms import definitions, editing
from tenant_apps.forms.definitions import Section
from tenant_apps.forms.models import FormVersion
from tenant_apps.organisation import national_number
from tenant_apps.organisation import queries as organisation

_KIND = "national_number_be"


def sections(version: FormVersion) -> tuple[Section, ...]:
    """The rule is read only where the number is among the questions. Raises BadDefinition."""
    asked = definitions.read(version.definition)
    if all(question.kind != _KIND for question in definitions.questions(asked)):
        return asked
    if national_number.holds(organisation.profile(), at=clock.now()):
        return asked
    return definitions.read(editing.switch(version.definition, NATIONAL_NUMBER, on=False))
