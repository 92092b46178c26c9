"""The office's settings for tests: an empty folder, quick hashes, mail in memory."""

from __future__ import annotations

import os
import tempfile

# Kept by name, so that it goes when the process ends and not before.
FOLDER = tempfile.TemporaryDirectory(prefix="hakari-office-tests-", ignore_cleanup_errors=True)
os.environ["HAKARI_OFFICE_FOLDER"] = FOLDER.name
os.environ["HAKARI_OFFICE_MODE"] = "demo"
os.environ["HAKARI_OFFICE_ADDRESS"] = "http://testserver"
os.environ["HAKARI_OFFICE_HOSTS"] = "testserver,127.0.0.1,localhost"
os.environ["DATABASE_URL"] = os.environ.get("OFFICE_TEST_DATABASE", "")

from hakari.office.settings import *  # noqa: E402, F403  # the variables come first

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
ACCOUNT_RATE_LIMITS = {}
