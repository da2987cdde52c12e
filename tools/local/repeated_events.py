"""Repeats an event of a rule that a function has failed, as Lambda does with asynchronous events: MiniStack sends it once.

https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
"""

import json

from ministack.services import eventbridge, lambda_svc


def install():
    def dispatch(arn, payload):
        func, config, _ = lambda_svc._get_func_record_for_ref(arn)
        if not func or not config:
            return
        record = lambda_svc._execution_record_for_config(func, config)
        lambda_svc.invoke_async_with_retry(record, json.loads(payload))

    eventbridge._dispatch_to_lambda = dispatch
