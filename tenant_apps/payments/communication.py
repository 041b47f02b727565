"""The structured communication of a Belgian transfer: ten digits and two that check them (R-49)."""


def formatted(digits: str) -> str:
    """« +++090/9337/55493+++ » of ten digits; the check is what remains over 97, or 97 where nothing does."""
    whole = f"{digits}{int(digits) % 97 or 97:02}"
    return f"+++{whole[:3]}/{whole[3:7]}/{whole[7:]}+++"
