"""Receives webhooks in Django, in a view that needs no CSRF token.

::

    @webhook_view(settings.DEEPIDV_WEBHOOK_SECRET)
    def received(webhook: deepidv.Webhook) -> None: ...
"""

from functools import wraps

from .._public import Webhook, WebhookError
from .._webhook import as_secrets
from . import SIGNATURE, Decorator, Receiver, Secrets, read_body


def webhook_view(secrets: Secrets) -> Decorator:
    """Turn a function of a webhook into a view for POST."""
    from django import http
    from django.views.decorators import csrf
    from django.views.decorators import http as methods

    known = as_secrets(secrets)

    def decorate(received: Receiver) -> object:
        @wraps(received)
        def view(request: http.HttpRequest) -> http.HttpResponse:
            try:
                body = read_body(request.read, request.headers.get("Content-Length"))
                webhook = Webhook.open(body, request.headers.get(SIGNATURE), known)
            except http.UnreadablePostError:
                return http.HttpResponse(status=400)
            except WebhookError as error:
                return http.HttpResponse(error.text, "text/plain", error.response_status)
            received(webhook)
            return http.HttpResponse(status=204)

        return csrf.csrf_exempt(methods.require_POST(view))

    return decorate
