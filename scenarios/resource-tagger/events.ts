/** Event as EventBridge gets it from CloudTrail, and as the rule sends it to the queue. */
export interface CloudTrailEvent {
  readonly [key: string]: unknown;
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface CallRecord {
  readonly account: string;
  readonly region: string;
  readonly eventId: string;
  /** Such as `ec2`. */
  readonly service: string;
  readonly eventName: string;
  readonly time: Date;
  readonly identity?: object;
  readonly request?: object;
  readonly response?: object | null;
  readonly more?: object;
}

/** Session of a person in a role. */
export function roleSession(account: string, role: string, session: string): object {
  return {
    type: 'AssumedRole',
    principalId: `AROAEXAMPLEROLEID0000:${session}`,
    arn: `arn:aws:sts::${account}:assumed-role/${role}/${session}`,
    accountId: account,
    accessKeyId: 'ASIAEXAMPLEKEY000000',
    sessionContext: {
      sessionIssuer: {
        type: 'Role',
        principalId: 'AROAEXAMPLEROLEID0000',
        arn: `arn:aws:iam::${account}:role/${role}`,
        accountId: account,
        userName: role,
      },
      attributes: { creationDate: '2026-11-01T08:00:00Z', mfaAuthenticated: 'false' },
    },
  };
}

/**
 * Builds an event in the form that AWS documents.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
 */
export function cloudTrailEvent(call: CallRecord): CloudTrailEvent {
  const { account, region, eventId, service, eventName, time } = call;
  const eventTime = time.toISOString().replace(/\.\d+Z$/, 'Z');
  return {
    version: '0',
    id: eventId,
    'detail-type': 'AWS API Call via CloudTrail',
    source: `aws.${service}`,
    account,
    time: eventTime,
    region,
    resources: [],
    detail: {
      eventVersion: '1.11',
      userIdentity: call.identity ?? roleSession(account, 'Developer', 'dana'),
      eventTime,
      eventSource: `${service}.amazonaws.com`,
      eventName,
      awsRegion: region,
      sourceIPAddress: '192.0.2.10',
      userAgent: 'aws-cli/2.31.0',
      requestParameters: call.request ?? {},
      responseElements: call.response ?? null,
      requestID: `request-${eventId}`,
      eventID: eventId,
      readOnly: false,
      eventType: 'AwsApiCall',
      managementEvent: true,
      recipientAccountId: account,
      eventCategory: 'Management',
      ...call.more,
    },
  };
}
