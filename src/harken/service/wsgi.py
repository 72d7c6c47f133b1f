"""The application that gunicorn serves: loaded once, then shared by the workers."""

import gc
import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from harken.service import early

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "harken.service.settings")
application = get_wsgi_application()

# Every room and page is loaded before the workers are made, and what is loaded is taken out of
# the collector's rounds: the workers share its memory, and no round walks through it.
import_module(settings.ROOT_URLCONF)
early.load()
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 20)
