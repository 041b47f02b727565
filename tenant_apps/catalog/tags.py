"""Keywords of an offering: few and short, whoever writes them."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from kernel.errors import Refusal
from kernel.lines import one_line

MOST, LONGEST = 20, 40


class BadTags(Refusal):
    code = "bad_tags"
    message = _("Au plus {most} mots-clés, de {longest} caractères au plus.")


def typed(text: str) -> list[str]:
    """Those between the commas, each once. Raises BadTags."""
    found = (" ".join(one_line(each).split()) for each in text.split(","))
    tags = list(dict.fromkeys(each for each in found if each))
    check(tags)
    return tags


def check(tags: Sequence[str]) -> None:
    """Raises BadTags."""
    if len(tags) > MOST or any(len(tag) > LONGEST for tag in tags):
        raise BadTags(most=MOST, longest=LONGEST)
