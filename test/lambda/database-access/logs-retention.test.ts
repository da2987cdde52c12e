import { ResourceAlreadyExistsException, type CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { setRetention } from '../../../lambda/database-access/logs-retention';

/** CloudWatch Logs with these groups; keeps the retention of each. */
function logs(existing: readonly string[]) {
  const retention = new Map<string, number | undefined>(existing.map((name) => [name, undefined]));
  const send = ({ input }: { input: { logGroupName: string; retentionInDays?: number } }): Promise<object> => {
    const { logGroupName, retentionInDays } = input;
    const isCreation = retentionInDays === undefined;
    if (isCreation && retention.has(logGroupName)) {
      return Promise.reject(new ResourceAlreadyExistsException({ message: 'exists', $metadata: {} }));
    }
    retention.set(logGroupName, retentionInDays);
    return Promise.resolve({});
  };
  return { client: { send } as unknown as Pick<CloudWatchLogsClient, 'send'>, retention };
}

it('limits how long logs are kept, in groups that exist and in others', async () => {
  const { client, retention } = logs(['/aws/rds/instance/a/postgresql']);
  await setRetention({ client, names: ['/aws/rds/instance/a/postgresql', '/aws/rds/instance/a/upgrade'] }, 365);
  expect([...retention]).toEqual([
    ['/aws/rds/instance/a/postgresql', 365],
    ['/aws/rds/instance/a/upgrade', 365],
  ]);
});

it('passes on other errors of a creation, and sets nothing after one', async () => {
  const send = jest.fn().mockRejectedValueOnce(new Error('denied')).mockResolvedValue({});
  await expect(setRetention({ client: { send }, names: ['a'] }, 30)).rejects.toThrow('denied');
  expect(send).toHaveBeenCalledTimes(1);
});
