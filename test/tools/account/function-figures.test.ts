import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import type { Account } from '../../../tools/account/account';
import { functionFigures } from '../../../tools/account/function-figures';
import type { Assembly } from '../../../tools/local/localize/assembly';
import { FakeCloudFormation } from '../../fakes/fake-cloudformation';
import { FakeLogs } from '../../fakes/fake-logs';

const reportOf = (durationMs: number, status = 'success', initDurationMs?: number): string =>
  JSON.stringify({
    type: 'platform.report',
    record: { requestId: 'r', status, metrics: { durationMs, maxMemoryUsedMB: 90, initDurationMs } },
  });

const template = {
  Resources: {
    ResizeFunction: {
      Type: 'AWS::Lambda::Function',
      Metadata: { 'aws:cdk:path': 'ImageResize/ResizeImage/Function/Resource' },
      Properties: { LoggingConfig: { LogGroup: { Ref: 'ResizeLogs' } } },
    },
    Idle: { Type: 'AWS::Lambda::Function', Properties: {} },
  },
};
const assembly = { stacks: [{ id: 'ImageResize', template }] } as unknown as Assembly;

it('counts invocations, errors, cold starts and throttles by what Lambda reports', async () => {
  const cloudFormation = new FakeCloudFormation([
    {
      ...{ name: 'ImageResize', id: 'arn:stack', status: 'CREATE_COMPLETE' },
      resources: [
        { logicalId: 'ResizeLogs', type: 'AWS::Logs::LogGroup', id: 'logs-1' },
        { logicalId: 'ResizeFunction', type: 'AWS::Lambda::Function', id: 'resize-1' },
      ],
    },
  ]);
  const messages = [
    reportOf(100, 'success', 250),
    reportOf(300, 'error'),
    reportOf(200, 'timeout'),
    'START RequestId: r',
  ];
  const logs = new FakeLogs({ 'logs-1': { messages } });
  const account = {
    cloudFormation: new CloudFormationClient(cloudFormation.clientConfig),
    logs: new CloudWatchLogsClient(logs.clientConfig),
  } as Account;
  const asked: unknown[] = [];
  const cloudWatch = {
    send: ({ input }: { input: { Dimensions: { Value: string }[] } }) => {
      asked.push(input.Dimensions[0]?.Value);
      return Promise.resolve({ Datapoints: [{ Sum: 2 }, { Sum: 5 }] });
    },
  } as unknown as CloudWatchClient;
  expect(await functionFigures(account, assembly, 'arn:stack', 'ImageResize', 0, cloudWatch)).toEqual([
    {
      ...{ slug: 'image-resize', function: 'ResizeImage', invocations: 3, errors: 2, throttles: 7, coldStarts: 1 },
      ...{ medianMilliseconds: 200, p99Milliseconds: 300, maxMemoryMegabytes: 90 },
    },
  ]);
  expect(asked).toContain('resize-1');
});
