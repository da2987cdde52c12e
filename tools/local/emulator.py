"""Serves MiniStack as its own command does, by another server (docs/adr/0005-what-the-local-run-is.md)."""

import asyncio
import os
import resource
import socketserver

import uvicorn

import callback_errors
import exit_errors
import function_url_caller
import plain_key_sets
import repeated_events
import ses_authorization
import session_publisher

# A burst of functions holds more files open than the 1,024 that are usual.
_, most = resource.getrlimit(resource.RLIMIT_NOFILE)
try:
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
except (OSError, ValueError):
    pass  # macOS names a limit that it does not give.

# Functions get their events from Python's http.server, which sends the head and the body of an answer apart.
socketserver.StreamRequestHandler.disable_nagle_algorithm = True

ses_authorization.install()
function_url_caller.install()
callback_errors.install()
exit_errors.install()
repeated_events.install()
session_publisher.install()

key_sets_port = int(os.environ["KEY_SETS_PORT"])
plain_key_sets.install(key_sets_port)


class Server(uvicorn.Server):
    """The emulator, with the key sets on a port of their own beside it."""

    async def serve(self, sockets=None):
        key_sets = plain_key_sets.server(os.environ["BIND_HOST"], key_sets_port)
        beside = asyncio.create_task(key_sets.serve())
        await super().serve(sockets)
        key_sets.should_exit = True
        await beside


Server(
    uvicorn.Config(
        "ministack.app:app",
        host=os.environ["BIND_HOST"],
        port=int(os.environ["GATEWAY_PORT"]),
        ssl_certfile=os.environ["MINISTACK_SSL_CERT"],
        ssl_keyfile=os.environ["MINISTACK_SSL_KEY"],
        timeout_keep_alive=75,
        timeout_graceful_shutdown=1,
        # As AWS's endpoints: the emulator sets these headers itself where they belong.
        server_header=False,
        date_header=False,
        # The emulator has set up its own.
        log_config=None,
        access_log=False,
    )
).run()
