"""Publishes the credentials of roles' sessions, as functions publish theirs: MiniStack gives no secret away.

The services beside the emulator learn by them who calls, and what the caller may do.
"""

import json
import os
import threading

from ministack.services import sts


def install():
    register = sts.register_session

    def register_and_publish(access_key, session):
        register(access_key, session)
        folder = os.environ["LOCAL_RUN_CALLERS"]
        os.makedirs(folder, mode=0o700, exist_ok=True)
        file = os.path.join(folder, f"{access_key}.json")
        text = json.dumps({
            "secretAccessKey": session.get("SecretAccessKey", ""),
            "sessionToken": session.get("SessionToken", ""),
        })
        # Threads that start environments of one function register one session at the same time.
        draft = f"{file}.{threading.get_ident()}"
        with open(draft, "w", opener=lambda path, flags: os.open(path, flags, 0o600)) as opened:
            opened.write(text)
        os.replace(draft, file)

    sts.register_session = register_and_publish
