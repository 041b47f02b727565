"""One record of one child, for one guardian: what is known, what is asked, and whether anything has to be."""

from datetime import datetime
from typing import Any

from django.utils.functional import cached_property

from tenant_apps.families import standing as links
from tenant_apps.families.identity import Answers, Identity
from tenant_apps.families.models import Guardian, Participant
from tenant_apps.forms import asking, building, definitions, wording
from tenant_apps.forms import queries as forms
from tenant_apps.forms.building import DefinedForm
from tenant_apps.forms.models import FormVersion
from tenant_apps.forms.queries import Standing
from tenant_apps.forms.wording import Part
from tenant_apps.organisation import queries as organisation
from tenant_apps.organisation.models import Profile


class RecordSheet:
    """`may_read`: a guardian without the right to see health knows how the record stands, and no more."""

    def __init__(
        self, version: FormVersion, child: Participant, guardian: Guardian, *, at: datetime, profile: Profile
    ) -> None:
        self.version = version
        self.child = child
        self.guardian = guardian
        self.at = at
        self._profile = profile
        self._sections = asking.sections(version)
        form_id = version.form_id
        self.standing: Standing = forms.standing([child.id], [form_id], at=at, zone=profile.zone)[child.id, form_id]

    @cached_property
    def may_read(self) -> bool:
        if not any(question.is_sealed for question in definitions.questions(self._sections)):
            return True
        link = links.standing_of(self.guardian.id, self.child.id)
        return link is not None and link.may_see_health

    @cached_property
    def known(self) -> dict[str, Any]:
        """The child's answers and this household's own: another household's are not among them."""
        return building.initial_for(self.version, self.child, self.guardian)

    @property
    def can_renew(self) -> bool:
        """It was filled in once, and what is known answers all that is compulsory today."""
        return self.standing.last is not None and not building.gaps(self.version, self.known)

    def known_answers(self) -> Answers:
        return building.as_answers(self.version, self.known)

    def parts(self) -> list[Part]:
        names = {"level": str(self.child.level or ""), "establishment": str(self.child.establishment or "")}
        return wording.parts(self._sections, self.known, territory=self._profile.territory, names=names)

    def form(self, *said: Any) -> DefinedForm:
        made = building.form_class(
            self.version,
            establishments=organisation.establishments(),
            levels=organisation.levels(),
            territory=self._profile.territory,
            owner=str(self.guardian.id),
        )
        return made(*said, initial=self.known)

    def split(self, form: DefinedForm) -> tuple[Identity, Answers]:
        return building.split(self.version, form.cleaned_data)
