"""The form in Django, one transaction for each request; DATABASE is sqlite:///FILE or postgresql://…

Kinder than most deployments: no sessions, no CSRF, no template, connections kept, WAL and a writer that waits on SQLite.
"""
import base64
import hashlib
import hmac
import os
from urllib.parse import urlsplit

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection, models, transaction
from django.http import HttpResponse
from django.urls import path

URL = urlsplit(os.environ["DATABASE"])
if URL.scheme == "sqlite":
    PLACE = {"ENGINE": "django.db.backends.sqlite3", "NAME": URL.path[1:], "CONN_MAX_AGE": None, "OPTIONS": {
        "timeout": 60, "transaction_mode": "IMMEDIATE", "init_command": "PRAGMA journal_mode=WAL"}}
else:
    PLACE = {"ENGINE": "django.db.backends.postgresql", "NAME": URL.path[1:], "HOST": URL.hostname, "PORT": URL.port,
             "USER": URL.username, "PASSWORD": URL.password or "", "CONN_MAX_AGE": None}
settings.configure(
    SECRET_KEY="a bench", ALLOWED_HOSTS=["*"], ROOT_URLCONF=__name__, MIDDLEWARE=[], USE_TZ=True,
    DATABASES={"default": PLACE}, DEFAULT_AUTO_FIELD="django.db.models.BigAutoField")
django.setup()


class Entry(models.Model):
    receipt = models.CharField(max_length=16, primary_key=True)
    person = models.TextField()
    want = models.BigIntegerField()
    wish = models.TextField()
    entered_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "peers"
        db_table = "django_entry"


def enter(request):
    person = request.POST["person"]
    digest = hmac.new(b"a key", person.encode(), hashlib.sha256).digest()
    receipt = base64.b32encode(digest[:10]).decode()
    with transaction.atomic():
        Entry(receipt=receipt, person=person, want=int(request.POST["want"]), wish=request.POST["wish"]).save(
            force_insert=True)
    return HttpResponse(status=303, headers={"Location": f"/my?{receipt}", "Content-Length": "0"})


urlpatterns = [path("entry", enter)]
application = get_wsgi_application()


def make():
    with connection.schema_editor() as editor:
        editor.create_model(Entry)
