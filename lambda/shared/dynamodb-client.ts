import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createLimitedClient, type ClientLimits } from './client-limits';

/** Makes the client for all of a function's requests to DynamoDB. */
export function createDynamoDBClient(limits: ClientLimits = {}): DynamoDBClient {
  return createLimitedClient(DynamoDBClient, limits);
}
