"""docs/data-inventory.md, from what the apps declare."""

from itertools import groupby

from django.utils.translation import override

from kernel.inventory import DataClass, declared

_HEAD = """# What is held about people

Written by `manage.py data_inventory` from the `inventory.py` of each app; a test keeps it fresh and complete. Purposes
are in French, as families and staff read them. *Copy*: the person finds it in the copy of their data
(`docs/privacy.md`). Fields that say nothing of a person are left out. *Santé* and *Numéro national* are encrypted with
the organisation's own key.
"""
_COLUMNS = "| Fields | Class | Why | Until when | By what right | Copy |\n|---|---|---|---|---|---|\n"


def inventory() -> str:
    telling = [(name, held) for name, held in declared().items() if held.data != DataClass.TECHNICAL]
    with override("fr"):
        parts = [_HEAD]
        for model, entries in groupby(telling, key=lambda entry: entry[0].rpartition(".")[0]):
            parts.append(f"\n## {model}\n\n{_COLUMNS}")
            for held, group in groupby(entries, key=lambda entry: entry[1]):
                names = ", ".join(f"`{name.rpartition('.')[2]}`" for name, _ in group)
                cells = (names, held.data.label, held.purpose, held.retention.label, held.basis.label)
                copy = "yes" if held.is_given_out else "no"
                parts.append("| " + " | ".join(str(cell) for cell in cells) + f" | {copy} |\n")
        return "".join(parts)
