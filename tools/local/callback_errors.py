"""Fails a task that waits for a token when the function that received the token fails, as AWS does.

MiniStack leaves such errors out and waits for the token until the state's timeout. On AWS a failed call of an integration fails
its task in every pattern, and Retry and Catch of the state see the function's error.
https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
"""

import threading

from ministack.services import stepfunctions

# Token of the task whose function this thread calls.
_calling = threading.local()


def install():
    invoke_with_callback = stepfunctions._invoke_with_callback
    call_lambda = stepfunctions._call_lambda

    def invoke(resource, input_data, token, state_def):
        _calling.token = token
        try:
            return invoke_with_callback(resource, input_data, token, state_def)
        finally:
            _calling.token = None

    def call(func_ref, event):
        token, _calling.token = getattr(_calling, "token", None), None
        try:
            return call_lambda(func_ref, event)
        except stepfunctions._ExecutionError as error:
            waiting = stepfunctions._task_tokens.get(token)
            if waiting is not None and not waiting["event"].is_set():
                waiting["error"] = {"Error": error.error, "Cause": error.cause}
                waiting["event"].set()
            raise

    stepfunctions._invoke_with_callback = invoke
    stepfunctions._call_lambda = call
