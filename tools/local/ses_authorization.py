"""Authorizes SendEmail of SES as AWS does: on identities, with the sender as a condition key.

MiniStack checks it on every resource at once, and knows no ses:FromAddress.
https://docs.aws.amazon.com/ses/latest/dg/control-user-access.html
"""

import json

import ministack.app as app


def install():
    enforce_ses = app._enforce_ses_v2

    def enforce_send(method, path, headers, body, query_params, request_id):
        if method != "POST" or path.rstrip("/") != "/v2/email/outbound-emails":
            return enforce_ses(method, path, headers, body, query_params, request_id)
        message = json.loads(body or b"{}")
        sender = message.get("FromEmailAddress", "")
        for identity in _identities(sender, message.get("Destination") or {}):
            arn = f"arn:aws:ses:{app.extract_region(headers, query_params)}:{_account()}:identity/{identity}"
            denied = app._enforce_data_plane(
                "sesv2", "ses:SendEmail", headers, query_params, request_id,
                resource_arn=arn, service_context={"ses:FromAddress": sender}, named_resource=arn,
            )
            if denied:
                return denied
        return None

    app._enforce_ses_v2 = enforce_send


def _identities(sender, destination):
    """The sender's identity; in the sandbox also those of the recipients, which have to be verified there.

    https://github.com/aws/aws-sdk-js/issues/3641
    """
    from ministack.services import ses

    recipients = [] if ses._production_access_enabled() else destination.get("ToAddresses") or []
    return [_identity(sender)] + [_identity(recipient) for recipient in recipients if ses._identity_verified(recipient)]


def _identity(address):
    """The identity of the address where there is one, else of its domain."""
    from ministack.services import ses, ses_v2

    if address in ses._identities or address in ses_v2._identities:
        return address
    return address.rpartition("@")[2]


def _account():
    from ministack.core.responses import get_account_id

    return get_account_id()
