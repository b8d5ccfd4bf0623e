"""Receives webhooks in FastAPI and Starlette.

::

    @app.post("/webhooks/deepidv")
    @webhook_view(os.environ["DEEPIDV_WEBHOOK_SECRET"])
    async def received(webhook: deepidv.Webhook) -> None: ...
"""

from inspect import iscoroutinefunction

from .._public import Webhook, WebhookError
from .._webhook import as_secrets
from . import SIGNATURE, Decorator, Receiver, Secrets, collect_body


def webhook_view(secrets: Secrets) -> Decorator:
    """Turn a function of a webhook, async or not, into an endpoint for POST."""
    from starlette import concurrency, requests, responses

    known = as_secrets(secrets)

    def decorate(received: Receiver) -> object:
        is_async = iscoroutinefunction(received)

        async def endpoint(request: requests.Request) -> responses.Response:
            try:
                body = await collect_body(request.stream(), request.headers.get("Content-Length"))
                webhook = Webhook.open(body, request.headers.get(SIGNATURE), known)
            except requests.ClientDisconnect:
                return responses.Response(status_code=400)
            except WebhookError as error:
                return responses.PlainTextResponse(error.text, error.response_status)
            await (received(webhook) if is_async else concurrency.run_in_threadpool(received, webhook))
            return responses.Response(status_code=204)

        return endpoint

    return decorate
