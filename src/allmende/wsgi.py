"""The web application for the web server (server.py), or for any other of WSGI."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "allmende.settings")
application = get_wsgi_application()
# What is loaded by now stays for good. Without this, Python looks through all of it again and again
# for what could be freed, in the middle of requests, and so copies it into each web process.
gc.collect()
gc.freeze()
# A request makes thousands of objects and drops nearly all of them: looking after each 700th costs a tenth of it.
gc.set_threshold(10_000, 20, 50)
