"""How a page that shows a form knows whether it was sent."""

from django.http import HttpRequest, QueryDict


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form was sent with. Boxes that are all empty are an answer."""
    return request.POST if request.method == "POST" else None
