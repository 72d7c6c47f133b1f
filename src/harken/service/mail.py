"""One message of the house to an office; whether it went, for what is done without mail."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import send_mail


def told(address: str, *, subject: str, text: str) -> bool:
    """Send it; False where the house has no mail, or mail cannot be reached now.

    Neither may name a person: mail is read by others.
    """
    if not settings.EMAIL_HOST:
        return False
    try:
        return bool(send_mail(subject, text, settings.MAIL_FROM, [address]))
    except OSError:
        return False
