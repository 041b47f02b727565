"""The preparation of a space as its page tells it: what is done, what is being done, what comes."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tenants import progress
from tenants.models import Organisation, State
from tenants.progress import Stage

_WORDS: dict[Stage, str | Promise] = {
    Stage.TABLES: _("Sa base de données, séparée des autres"),
    Stage.RULES: _("Ses règles, ses mots et ses formulaires"),
    Stage.PERSON: _("L’invitation de la première personne"),
    Stage.ADDRESS: _("Son adresse"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """`state`: done, now or next."""

    words: str | Promise
    state: str


@dataclass(frozen=True, slots=True)
class Preparation:
    """Without `steps` nobody can say how far it is: only whether it is done."""

    state: State
    steps: list[Step]

    @property
    def is_done(self) -> bool:
        return self.state not in (State.PROVISIONING, State.FAILED)

    @property
    def has_failed(self) -> bool:
        return self.state == State.FAILED

    @property
    def done(self) -> int:
        return sum(step.state == "done" for step in self.steps)


def of(organisation: Organisation) -> Preparation:
    state = State(organisation.state)
    if state == State.FAILED:
        return Preparation(state, [])
    if state != State.PROVISIONING:
        return Preparation(state, [Step(words, "done") for words in _WORDS.values()])
    at = progress.of(organisation.pk)
    return Preparation(state, [] if at is None else _steps(list(Stage).index(at)))


def _steps(position: int) -> list[Step]:
    states = {-1: "done", 0: "now", 1: "next"}
    return [
        Step(_WORDS[stage], states[(number > position) - (number < position)]) for number, stage in enumerate(Stage)
    ]
