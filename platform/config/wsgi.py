"""The door for web servers."""

import os
from importlib import import_module

from django.conf import settings
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")

_django = get_wsgi_application()
# Only once Django is set up: it reads models and settings.
from config.door import Door  # noqa: E402

application = Door(_django)
# Every page of the product: else the first visitor of each worker waits for them to be read.
for _pages in settings.URLCONFS.values():
    import_module(_pages)
# A server that would mix organisations up does not start.
call_command("check", databases=["default"], tags=["database"])
