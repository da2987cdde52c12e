import {
  CreateLogGroupCommand,
  PutRetentionPolicyCommand,
  ResourceAlreadyExistsException,
  type CloudWatchLogsClient,
} from '@aws-sdk/client-cloudwatch-logs';

export interface LogGroups {
  readonly client: Pick<CloudWatchLogsClient, 'send'>;
  readonly names: readonly string[];
}

/**
 * Limits how long logs are kept. RDS creates the groups of exported logs with the first event, without a limit, under a name
 * with the instance's identifier, so the template cannot create them before.
 */
export async function setRetention({ client, names }: LogGroups, days: number): Promise<void> {
  for (const logGroupName of names) {
    try {
      await client.send(new CreateLogGroupCommand({ logGroupName }));
    } catch (error) {
      if (!(error instanceof ResourceAlreadyExistsException)) throw error;
    }
    await client.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays: days }));
  }
}
