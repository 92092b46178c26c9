"""The site for a WSGI server: `gunicorn hakari.office.wsgi`."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hakari.office.settings")
application = get_wsgi_application()
