"""The door for web servers."""

import os

from django.core.management import call_command
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")

application = get_wsgi_application()
# A server that would mix organisations up does not start.
call_command("check", databases=["default"], tags=["database"])
