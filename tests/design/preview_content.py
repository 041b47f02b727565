"""The context of the preview's pages: the made-up content, the forms, the colours asked for."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import yaml
from django.core.paginator import Paginator
from django.http import HttpRequest

from tests.design.preview_forms import ChildForm, ConsentForm, FilterForm, PortionForm

CONTENT = Path(__file__).with_name("preview_content.yaml")
FAILING = {"first_name": "", "email": "josee@", "born_on": "2019-06-12", "portions": "12"}


def context(request: HttpRequest) -> dict[str, Any]:
    """Return the context of the guide and of the made-up screens; `?brand=0057b8` gives the organisation a colour."""
    content = vars(_as_objects(yaml.safe_load(CONTENT.read_text())))
    colours = request.GET.copy()
    return {
        **content,
        "brand_css_url": f"/marque.css?{colours.urlencode()}" if "brand" in colours else "",
        "nav": content["office_nav"] if "office" in request.GET else [],
        "page": Paginator(range(120), 10).page(4),
        "portions": _as_objects(_portions()),
        "child_form": ChildForm(prefix="vide"),
        "failing_form": ChildForm(FAILING),
        "form": ChildForm(FAILING) if "errors" in request.GET else None,
        "filter_form": FilterForm(prefix="filtre"),
        "consent_form": ConsentForm(),
    }


def _portions() -> dict[str, Any]:
    rows = []
    for number, day in enumerate(("11 janvier 2023", "18 janvier 2023", "25 janvier 2023")):
        field = PortionForm(prefix=str(number), initial={"quantity": number})["quantity"]
        option = {"code": "", "name": day, "description": "Macaroni", "starts_on": None, "ends_on": None}
        rows.append({"option": option, "field": field, "unit_cents": 550, "amount_cents": 550 * number})
    return {"rows": rows, "total_cents": 1650}


class _MadeUp(SimpleNamespace):
    """With the texts in the reader's language that the product's own objects have (kernel.words)."""

    def __str__(self) -> str:
        return str(self.__dict__.get("title") or self.__dict__.get("name") or "")

    def get(self, name: str, default: Any = None) -> Any:
        return self.__dict__.get(name, default)

    def shown(self, column: str) -> str:
        return str(self.__dict__.get(column, ""))

    def language_of(self, column: str) -> str:
        return "fr"


def _as_objects(made_up: Any) -> Any:
    """Give what was written as mappings the attributes that the product's own objects have."""
    if isinstance(made_up, dict):
        return _MadeUp(**{name: _as_objects(value) for name, value in made_up.items()})
    return [_as_objects(each) for each in made_up] if isinstance(made_up, list) else made_up
