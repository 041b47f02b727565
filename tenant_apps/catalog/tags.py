"""Keywords of an offering: few and short, whoever writes them."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from kernel.errors import Refusal

MOST, LONGEST = 20, 40


class BadTags(Refusal):
    code = "bad_tags"
    message = _("Au plus {most} mots-clés, de {longest} caractères au plus.")


def typed(text: str) -> list[str]:
    """Those between the commas, each once. Raises BadTags."""
    tags = list(dict.fromkeys(" ".join(each.split()) for each in text.split(",") if each.strip()))
    check(tags)
    return tags


def check(tags: Sequence[str]) -> None:
    """Raises BadTags."""
    if len(tags) > MOST or any(len(tag) > LONGEST for tag in tags):
        raise BadTags(most=MOST, longest=LONGEST)
