"""Names the error of an environment that exits while it starts as AWS does, Runtime.ExitError.

MiniStack calls it Runtime.Unknown, which no retrier names, and ends the other environments of the function with it: on a machine
without time for so many starts, state machines failed. A log of AWS with that error, of a runtime that exits before its first event:
https://github.com/aws/aws-lambda-python-runtime-interface-client/issues/10
"""

from ministack.services import lambda_svc


def install():
    execute = lambda_svc._execute_function_provided_warm

    def named(func, event, request_id):
        result = execute(func, event, request_id)
        body = result.get("body")
        exited = isinstance(body, dict) and "exited during init" in str(body.get("errorMessage"))
        if result.get("error") and exited and body.get("errorType") == "Runtime.Unknown":
            return {**result, "body": {**body, "errorType": "Runtime.ExitError"}}
        return result

    lambda_svc._execute_function_provided_warm = named
