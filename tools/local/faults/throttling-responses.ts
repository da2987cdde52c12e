import type { DisturbedService } from '../../../scenarios/shared/faults/fault-injector';

/** HTTP response with a service's throttling error. */
export interface ThrottlingResponse {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

function json(status: number, error: string): ThrottlingResponse {
  const body = JSON.stringify({ __type: error, message: 'Rate exceeded' });
  return { status, type: 'application/x-amz-json-1.0', body };
}

/** Throttling response of each service, in its protocol. */
export const throttlingResponses: Readonly<Record<DisturbedService, ThrottlingResponse>> = {
  codebuild: json(400, 'ThrottlingException'),
  dynamodb: json(400, 'com.amazonaws.dynamodb.v20120810#ThrottlingException'),
  kinesis: json(400, 'com.amazonaws.kinesis#ProvisionedThroughputExceededException'),
  sqs: json(400, 'com.amazonaws.sqs#RequestThrottled'),
  states: json(400, 'com.amazonaws.states#ThrottlingException'),
  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
  ec2: {
    status: 503,
    type: 'text/xml',
    body: '<Response><Errors><Error><Code>RequestLimitExceeded</Code><Message>Request limit exceeded.</Message></Error></Errors></Response>',
  },
  // https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
  s3: {
    status: 503,
    type: 'application/xml',
    body: '<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>',
  },
  sns: {
    status: 400,
    type: 'text/xml',
    body: '<ErrorResponse><Error><Type>Sender</Type><Code>Throttling</Code><Message>Rate exceeded</Message></Error></ErrorResponse>',
  },
};
