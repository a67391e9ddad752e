"""The test suite: its own embedded server without fsync, fast hashing, no manifest."""

import os

from config.settings.base import *  # noqa: F403

DEMO = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}  # noqa: F405
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
WHITENOISE_AUTOREFRESH = True
DATABASES["default"]["CONN_MAX_AGE"] = 0  # noqa: F405
DATABASES["default"]["TEST"] = {"TEMPLATE": "template0"}  # noqa: F405
LOGGING["root"]["level"] = "ERROR" if not os.environ.get("QALXAN_TEST_LOG") else "INFO"  # type: ignore[index]  # noqa: F405
