"""Names the caller of a function URL with AWS_IAM in the event, as AWS does.

MiniStack authorizes the call and leaves its caller out of the event.
https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-payloads
"""

from ministack.services import lambda_svc, sts


def install():
    build = lambda_svc._build_function_url_event

    def build_with_caller(url_id, account_id, region, method, path, headers, body, query_params, **more):
        event = build(url_id, account_id, region, method, path, headers, body, query_params, **more)
        caller = None if more.get("anonymous") else sts._caller_identity(headers, query_params)
        if isinstance(caller, dict):
            event["requestContext"]["authorizer"] = {"iam": {
                "accessKey": caller.get("accessKey", ""),
                "accountId": caller["accountId"],
                "callerId": caller["userId"],
                "cognitoIdentity": None,
                "principalOrgId": None,
                "userArn": caller["userArn"],
                "userId": caller["userId"],
            }}
        return event

    lambda_svc._build_function_url_event = build_with_caller
