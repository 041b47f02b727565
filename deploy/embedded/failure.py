"""What the person at the keyboard is told when the embedded platform cannot go on."""


class Failure(Exception):
    """A sentence for the user, with what to do about it; shown without a traceback."""
