"""A release that does not exist: this one with three more migrations, as a program of that release would run them."""

import shutil
from pathlib import Path

from django.conf import settings

APP = "organisation"
_LAST = "0099_next_{number}"
_MIGRATION = """from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("organisation", "{before}")]
    operations = [{operation}]
"""
_ADD = 'migrations.AddField("establishment", "nickname", models.CharField(max_length=40, null=True))'
_BACKFILL = 'migrations.RunSQL("UPDATE organisation_establishment SET nickname = name WHERE nickname IS NULL", "")'
_CONTRACT = (
    'migrations.AlterField("establishment", "nickname", models.CharField(max_length=40, default="", db_default=""))'
)


def environment(folder: Path) -> dict[str, str]:
    """What to tell a process so that it runs the next release's migrations: add, backfill, contract."""
    package = folder / "next_migrations"
    shutil.copytree(settings.ROOT / "tenant_apps" / APP / "migrations", package, ignore=shutil.ignore_patterns("__py*"))
    before = max(file.stem for file in package.glob("0*.py"))
    for number, operation in enumerate((_ADD, _BACKFILL, _CONTRACT), 1):
        name = _LAST.format(number=number)
        (package / f"{name}.py").write_text(_MIGRATION.format(before=before, operation=operation))
        before = name
    (folder / "next_settings.py").write_text(
        f"from config.settings.test import *\n\nMIGRATION_MODULES = {{{APP!r}: 'next_migrations'}}\n"
    )
    roots = [str(folder), str(settings.ROOT), str(settings.ROOT / "platform")]
    return {"DJANGO_SETTINGS_MODULE": "next_settings", "PYTHONPATH": ":".join(roots)}
