"""Serves the key sets of Cognito user pools without TLS, on a port of their own.

The emulator's authorizers fetch the keys that tokens are checked with from itself, and do so without TLS whatever it is
served with, so that every token is refused otherwise.
"""

import contextlib

import uvicorn


def install(port):
    """Sends the authorizers of REST and HTTP APIs to the port."""
    from ministack.services import apigateway

    resolve = apigateway._resolve_jwks_url

    async def resolve_plain(authorizer):
        url = await resolve(authorizer)
        own = f"http://{apigateway._HOST}:{apigateway._PORT}/"
        return f"http://{apigateway._HOST}:{port}/{url[len(own):]}" if url and url.startswith(own) else url

    from ministack.services import apigateway_v1

    apigateway._resolve_jwks_url = resolve_plain
    apigateway_v1._resolve_jwks_url = resolve_plain


def server(host, port):
    """Server of the key sets alone."""
    quiet = {"log_config": None, "access_log": False, "server_header": False, "date_header": False}
    one = uvicorn.Server(uvicorn.Config(_key_sets, host=host, port=port, lifespan="off", **quiet))
    # The server beside it handles the signals of the process.
    one.capture_signals = contextlib.nullcontext
    return one


async def _key_sets(scope, receive, send):
    import ministack.app

    if scope["type"] == "http" and scope["path"].endswith("/.well-known/jwks.json"):
        await ministack.app.app(scope, receive, send)
        return
    await send({"type": "http.response.start", "status": 404, "headers": []})
    await send({"type": "http.response.body"})
