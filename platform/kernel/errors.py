"""Refusals that a person can act on. Each room derives its own and names what is the case."""

from django.utils.functional import Promise


class Refusal(Exception):
    """The rules say no. `message` is for the reader, translated; `code` is for programs; `values` fill both."""

    code = "refused"
    message: str | Promise = ""

    def __init__(self, **values: object) -> None:
        super().__init__(self.code, values)
        self.values = values

    def __str__(self) -> str:
        return str(self.message).format(**self.values) if self.values else str(self.message)
