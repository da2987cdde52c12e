import { readFileSync } from 'node:fs';
import { Match } from 'aws-cdk-lib/assertions';
import { longestRetrySeconds, type Retrier } from '../../../lib/constructs/asl';
import { synthesize } from '../../synthesis';
import { definitionsOf, type Definition } from '../asl';

const large = { largeRenders: 'fargate', largeRenderSpot: true, largeRenderMinutes: 30 };
const template = synthesize({ 'document-renderer': large }).template('DocumentRenderer');

const machine = [...definitionsOf(template).values()][0] as Definition;

it('a sandbox has no task, network or state machine for large documents unless it is set', () => {
  const without = synthesize().template('DocumentRenderer');
  for (const type of ['AWS::ECS::Cluster', 'AWS::EC2::VPC', 'AWS::StepFunctions::StateMachine']) {
    without.resourceCountIs(type, 0);
  }
});

const attempts = ['Render on Spot', 'Render on demand'];

/** States that follow an attempt's end, until another attempt or the end of the execution. */
function statesAfter(
  attempt: string,
  end: 'success' | 'error',
  decision: 'again' | 'rendered' | 'set-aside',
): string[] {
  const passed: string[] = [];
  const { [attempt]: begun } = machine.States;
  let name =
    end === 'success' ? begun?.['Next'] : begun?.Catch?.find((one) => one.ErrorEquals[0] === 'States.ALL')?.Next;
  while (typeof name === 'string' && !attempts.includes(name)) {
    passed.push(name);
    const {
      Type,
      Next,
      Choices = [],
      Default,
    } = machine.States[name] as unknown as {
      Type: string;
      Next?: string;
      Choices?: { StringEquals: string; Next: string }[];
      Default?: string;
    };
    name = Type === 'Choice' ? (Choices.find((one) => one.StringEquals === decision)?.Next ?? Default) : Next;
  }
  return [...passed, ...(typeof name === 'string' ? [name] : [])];
}

describe.each(attempts)('after %s', (attempt) => {
  it.each(['success', 'error'] as const)('%s stops the task before anything else', (end) => {
    for (const decision of ['again', 'rendered', 'set-aside'] as const) {
      expect(statesAfter(attempt, end, decision)[0]).toBe('Stop the task');
    }
  });

  it('another attempt runs on demand, and every other decision ends the execution', () => {
    expect(statesAfter(attempt, 'error', 'again').at(-1)).toBe('Render on demand');
    for (const decision of ['rendered', 'set-aside'] as const) {
      expect(statesAfter(attempt, 'error', decision).at(-1)).toBe('Ended');
    }
  });

  it('a heartbeat that stays away for the time of the setting ends the attempt', () => {
    expect(machine.States[attempt]).toMatchObject({ HeartbeatSeconds: 300, TimeoutSeconds: 30 * 60 + 360 });
  });
});

it('the first attempt runs on Spot, and one that finds no place there goes on demand at once', () => {
  expect(machine).toMatchObject({ StartAt: 'Render on Spot' });
  expect(machine.States['Render on Spot']).toMatchObject({
    Retry: [],
    Parameters: { CapacityProviderStrategy: [{ CapacityProvider: 'FARGATE_SPOT' }] },
  });
});

it('a task on demand that could not be started is tried again for two hours, without using up an attempt', () => {
  const { Retry } = machine.States['Render on demand'] as unknown as { Retry: [Retrier] };
  const [retrier] = Retry;
  expect(retrier.ErrorEquals).toContain('AmazonECS.Unknown');
  // Nothing that a task reports, and no timeout: both end an attempt.
  expect(retrier.ErrorEquals.every((name) => /^(Amazon)?ECS\./.test(name))).toBe(true);
  const seconds = longestRetrySeconds(retrier, 0);
  expect(seconds).toBeGreaterThanOrEqual(7_200);
  expect(machine.TimeoutSeconds).toBeGreaterThan(3 * (seconds + 30 * 60 + 360 + 3_600));
});

it('without Spot every attempt runs on demand', () => {
  const onDemand = synthesize({ 'document-renderer': { largeRenders: 'fargate' } }).template('DocumentRenderer');
  expect(JSON.stringify(onDemand.findResources('AWS::StepFunctions::StateMachine'))).not.toContain('SPOT');
});

it('overrides hold the token and keys alone, whatever the request holds', () => {
  expect(machine.States['Render on demand']?.Parameters?.['Overrides']).toEqual({
    ContainerOverrides: [
      {
        Name: 'renderer',
        Environment: [
          { Name: 'TASK_TOKEN', 'Value.$': '$$.Task.Token' },
          { Name: 'REQUEST_KEY', 'Value.$': '$.requestKey' },
          { Name: 'EXECUTION_NAME', 'Value.$': '$$.Execution.Name' },
        ],
      },
    ],
  });
});

it('a task has two minutes to stop, the system of the function, and the time that the setting says', () => {
  template.hasResourceProperties('AWS::ECS::TaskDefinition', {
    RuntimePlatform: { CpuArchitecture: 'X86_64', OperatingSystemFamily: 'LINUX' },
    ContainerDefinitions: [
      Match.objectLike({
        StopTimeout: 120,
        Environment: Match.arrayWith([{ Name: 'RENDER_SECONDS', Value: '1800' }]),
      }),
    ],
  });
  expect(machine.States['Render on demand']?.Parameters).toMatchObject({ PlatformVersion: '1.4.0' });
});

it('the container has no root, no capability, a read-only system, and one folder of its user for what it writes', () => {
  template.hasResourceProperties('AWS::ECS::TaskDefinition', {
    Volumes: [{ Name: 'work' }],
    ContainerDefinitions: [
      Match.objectLike({
        User: '1000:1000',
        ReadonlyRootFilesystem: true,
        Memory: 8_192,
        LinuxParameters: { Capabilities: { Drop: ['ALL'] }, InitProcessEnabled: true },
        MountPoints: [{ ContainerPath: '/work', ReadOnly: false, SourceVolume: 'work' }],
        Environment: Match.arrayWith([{ Name: 'TMPDIR', Value: '/work' }]),
      }),
    ],
  });
  const dockerfile = readFileSync('lambda/document-renderer/native/Dockerfile', 'utf8');
  // A bind mount has the owner of the image's folder if it is declared a volume after that.
  expect(dockerfile).toMatch(/mkdir \/work && chown 1000:1000 \/work\nUSER 1000:1000\nVOLUME \["\/work"\]/);
});

it('a task without a public address finds the endpoints of every service that it calls', () => {
  const endpoints = Object.values(template.findResources('AWS::EC2::VPCEndpoint'));
  const names = JSON.stringify(endpoints.map(({ Properties }: { Properties?: object }) => Properties));
  for (const service of ['ecr.api', 'ecr.dkr', 'logs', 'states', 'events', 's3', 'dynamodb']) {
    expect(names).toContain(`.${service}"`);
  }
  template.resourceCountIs('AWS::EC2::NatGateway', 0);
  template.resourceCountIs('AWS::EC2::InternetGateway', 0);
});

it('the tasks of the cluster are listed on every resource, under the condition of the cluster', () => {
  template.hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        {
          Effect: 'Allow',
          Action: 'ecs:ListTasks',
          Resource: '*',
          Condition: { ArnEquals: { 'ecs:cluster': Match.anyValue() } },
        },
      ]),
    },
  });
});

it('the machine may run tasks of its family in its cluster, and pass two roles to tasks alone', () => {
  template.hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({ Action: 'ecs:RunTask', Condition: { ArnEquals: { 'ecs:cluster': Match.anyValue() } } }),
        Match.objectLike({
          Action: 'iam:PassRole',
          Condition: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
        }),
      ]),
    },
  });
});
