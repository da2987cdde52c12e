import { DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { setTimeout as sleep } from 'node:timers/promises';

/** Invokes the sweep, which a schedule does every few minutes. */
export async function sweep(run: { output(name: string): string }): Promise<void> {
  const FunctionName = run.output('SweepFunctionName');
  await new LambdaClient({}).send(new InvokeCommand({ FunctionName, Payload: '{}' }));
}

/** Ends runs whose executions were stopped, with their locks, and waits for those that lost events have left. */
export async function recover(outputs: Readonly<Record<string, string>>): Promise<void> {
  const open = new QueryCommand({
    TableName: outputs['RunsTableName'],
    IndexName: 'Open',
    KeyConditionExpression: '#open = :run',
    ExpressionAttributeNames: { '#open': 'open' },
    ExpressionAttributeValues: { ':run': { S: 'run' } },
    Select: 'COUNT',
  });
  for (let attempt = 0; attempt < 120; attempt++) {
    await sweep({ output: (name) => outputs[name] ?? '' });
    const { Count } = await new DynamoDBClient({}).send(open);
    if (Count === 0) return;
    await sleep(500);
  }
}
