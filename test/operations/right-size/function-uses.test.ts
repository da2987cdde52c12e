import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { functionUses, type UseClients } from '../../../operations/right-size/function-uses';

const results = [
  [
    { field: 'invocations', value: '200' },
    { field: 'used', value: '310' },
    { field: 'p50', value: '12.5' },
    { field: 'p99', value: '80' },
    { field: 'billed', value: '20' },
  ],
];

/** Clients of a stack with one function; queries are answered with these, one after the other. */
function clientsOf(answers: { status: string; results?: typeof results }[]) {
  const asked: Record<string, unknown>[] = [];
  const cloudFormation = new CloudFormationClient({ region: 'eu-west-1' });
  const StackResourceSummaries = [
    { ResourceType: 'AWS::SQS::Queue', PhysicalResourceId: 'queue' },
    { ResourceType: 'AWS::Lambda::Function', PhysicalResourceId: 'work' },
  ];
  Object.assign(cloudFormation, { send: () => Promise.resolve({ StackResourceSummaries }) });
  const clients: UseClients = {
    cloudFormation,
    lambda: {
      send: () =>
        Promise.resolve({
          MemorySize: 512,
          Timeout: 20,
          Architectures: ['arm64'],
          LoggingConfig: { LogGroup: 'logs' },
        }),
    },
    logs: {
      send: ({ input }: { input: Record<string, unknown> }) => {
        asked.push(input);
        return Promise.resolve('queryId' in input ? answers.shift() : { queryId: 'query' });
      },
    },
  };
  return { clients, asked };
}

const options = { stack: 'Stack', days: 14, now: () => 2_000_000_000, sleep: () => Promise.resolve() };

it('reads the reports of each function from its own log group', async () => {
  const { clients, asked } = clientsOf([{ status: 'Running' }, { status: 'Complete', results }]);
  expect(await functionUses(clients, options)).toEqual([
    {
      ...{ name: 'work', architecture: 'arm64', memoryMegabytes: 512, timeoutSeconds: 20 },
      ...{ invocations: 200, usedMegabytes: 310, p50: 12.5, p99: 80, billed: 20 },
    },
  ]);
  expect(asked[0]).toMatchObject({ logGroupName: 'logs', startTime: 2_000_000 - 14 * 86_400, endTime: 2_000_000 });
});

it('a function that was not invoked has no figures', async () => {
  const { clients } = clientsOf([{ status: 'Complete', results: [] }]);
  expect(await functionUses(clients, options)).toMatchObject([{ invocations: 0, usedMegabytes: 0 }]);
});

it('a query that fails is an error that names its log group', async () => {
  const { clients } = clientsOf([{ status: 'Failed' }]);
  await expect(functionUses(clients, options)).rejects.toThrow('the query of logs ended as Failed');
});
