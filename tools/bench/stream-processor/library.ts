import { IdempotencyConfig, makeIdempotent } from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { Context } from 'aws-lambda';
import { parseJson, parseReading, type Reading } from '../../../lambda/stream-processor/reading';
import type { ReceivedRecord } from '../../../lambda/stream-processor/reading-batch';
import { windowStart } from '../../../lambda/stream-processor/window';
import { tables, type Services } from './services';

/** Handler as in the library's documentation: a loop, and each reading wrapped in `makeIdempotent`. It has no archive, no least and no largest value. */
export function libraryHandler(services: Services): (records: readonly ReceivedRecord[]) => Promise<void> {
  const client = new DynamoDBClient(services.clientConfig);
  const config = new IdempotencyConfig({ eventKeyJmesPath: '[deviceId, readingId]' });
  // The field that the library reads.
  config.registerLambdaContext({ getRemainingTimeInMillis: () => 60_000 } as Context);
  const add = makeIdempotent((reading: Reading) => addReading(client, reading), {
    persistenceStore: new DynamoDBPersistenceLayer({ tableName: tables.idempotency, awsSdkV3Client: client }),
    config,
  });
  return async (records) => {
    for (const { data } of records) await add(parseReading(parseJson(data)));
  };
}

async function addReading(client: DynamoDBClient, { deviceId, readingId, takenAt, value }: Reading): Promise<string> {
  await client.send(
    new UpdateItemCommand({
      TableName: tables.windows,
      Key: { deviceId: { S: deviceId }, windowStart: { S: windowStart(takenAt, 60) } },
      UpdateExpression: 'ADD #count :one, #sum :value',
      ExpressionAttributeNames: { '#count': 'count', '#sum': 'sum' },
      ExpressionAttributeValues: { ':one': { N: '1' }, ':value': { N: value } },
    }),
  );
  return readingId;
}
