"""The proof of a consent as a PDF: the very words that were read, and who answered what, when and how."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.token import Token

from shared_apps.design import formats
from shared_apps.documents import rendering
from tenant_apps.forms import consents
from tenant_apps.forms.models import Means, Submission
from tenant_apps.organisation.models import Profile

_MARKDOWN = MarkdownIt("commonmark", {"html": False})


def pdf(submission: Submission, profile: Profile, *, signer: str, language: str) -> bytes:
    """`signer` is the name that the reader may know; `language` is the reader's, the text keeps its own."""
    locale = formats.locale_for(language, profile.territory)
    read = consents.wording_of(submission)
    at = submission.submitted_at.astimezone(profile.zone)
    version = submission.version
    data = {
        "title": version.form.title_in(read.language),
        "lang": locale.language,
        "region": profile.territory,
        "text_lang": read.language,
        "paper": rendering.paper(profile.territory),
        "brand": profile.brand_colour,
        "organisation": profile.name,
        "facts": [
            [_("Pour"), str(submission.participant)],
            [_("Décision"), submission.get_decision_display()],
            [_("Répondu par"), signer],
            [_("Le"), formats.datetime_words(at, locale)],
            [_("Moyen"), submission.get_means_display()],
            [_("Version du texte"), str(version.number)],
            [_("Empreinte du texte (SHA-256)"), _in_groups(submission.text_sha256)],
        ],
        "text_title": _("Texte présenté"),
        "blocks": [{"runs": runs, "item": item} for runs, item in blocks(read.text)],
        "note": _note(submission),
        "footer": f"{profile.name} · {profile.contact_email}",
        "page": _("Page"),
    }
    return rendering.pdf("consent", data)


def blocks(text: str) -> Iterator[tuple[list[tuple[str, bool]], bool]]:
    """Paragraphs of a Markdown text, each as runs of words (bold or not); True for an item of a list."""
    items = 0
    for token in _MARKDOWN.parse(text):
        if token.type in ("list_item_open", "list_item_close"):
            items += token.nesting
        if token.type == "inline":
            yield list(_runs(token.children or [])), items > 0


def _runs(tokens: list[Token]) -> Iterator[tuple[str, bool]]:
    bold = False
    for token in tokens:
        if token.type in ("strong_open", "strong_close"):
            bold = token.nesting > 0
        elif token.type in ("softbreak", "hardbreak"):
            yield " ", bold
        elif token.content:
            yield token.content, bold


def _in_groups(digits: str) -> str:
    """Read aloud or compared by eye; and a line can break between them."""
    return " ".join(digits[start : start + 8] for start in range(0, len(digits), 8))


def _note(submission: Submission) -> str:
    if submission.means != Means.ASSISTED:
        return ""
    return _("Réponse donnée en personne et saisie par le personnel, en présence du parent.")
