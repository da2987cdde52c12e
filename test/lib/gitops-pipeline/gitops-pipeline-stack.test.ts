import validate from 'asl-validator';
import { synthesize } from '../../synthesis';
import { templatesChangeOnlyOnPurpose } from '../../template-snapshots';
import { definitionsOf, statesOf } from '../asl';

const template = synthesize().template('GitopsPipeline');

function idOf(type: string, start: string): string {
  const ids = Object.keys(template.findResources(type)).filter((id) => id.startsWith(start));
  expect(ids).toHaveLength(1);
  return ids[0]!;
}

const definition = definitionsOf(template).get(idOf('AWS::StepFunctions::StateMachine', 'Pipeline'))!;
const states = definition.States as Readonly<Record<string, Record<string, unknown>>>;

interface Policy {
  Properties: {
    Roles: { Ref: string }[];
    PolicyDocument: { Statement: { Action: string | string[]; Resource: unknown }[] };
  };
}

const statements = (Object.values(template.findResources('AWS::IAM::Policy')) as Policy[]).flatMap(({ Properties }) =>
  Properties.PolicyDocument.Statement.flatMap(({ Action, Resource }) =>
    [Action].flat().map((action) => ({ role: Properties.Roles[0]!.Ref, action, resource: JSON.stringify(Resource) })),
  ),
);

function rolesThatMay(action: string): string[] {
  const roles = statements
    .filter((one) => one.action === action)
    .map(({ role }) => role.replace(/(?:Role)?[0-9A-F]{8}$/, ''));
  return [...new Set(roles)].sort();
}

it('one function may sign, one may verify, and nothing else may use the key', () => {
  expect(rolesThatMay('kms:Sign')).toEqual(['SignArtifact']);
  expect(rolesThatMay('kms:Verify')).toEqual(['VerifyArtifact']);
});

it('the deploying project alone may assume the roles that deploy', () => {
  const deploying = statements.filter(
    ({ action, resource }) => action === 'sts:AssumeRole' && resource.includes('-deploy-role-'),
  );
  expect(deploying.map(({ role }) => role.slice(0, 15))).toEqual(['StepsDeployRole']);
  expect(rolesThatMay('sts:AssumeRole')).toEqual(['StepsDeploy', 'StepsDiff']);
});

it('a project may write below the name of its step alone', () => {
  const writing = statements
    .filter(({ role, action }) => role.startsWith('Steps') && action === 's3:PutObject')
    .map(({ role, resource }) => `${role.replace(/Role.*$/, '')} ${/"(\/[^"]*)"/.exec(resource)?.[1] ?? ''}`);
  expect(writing.sort()).toEqual([
    'StepsBuild /build/*',
    'StepsCheck /check/*',
    'StepsDeploy /deploy/*',
    'StepsDiff /diff/*',
    'StepsScan /scan/*',
  ]);
});

it('a project may do what its step needs, and nothing else', () => {
  const actionsOf = (step: string): string[] => {
    const own = statements.filter(({ role }) => role.startsWith(`Steps${step}Role`)).map(({ action }) => action);
    return [...new Set(own)].filter((action) => !action.startsWith('logs:')).sort();
  };
  const owner = ['s3:GetBucketAcl', 's3:GetBucketLocation'];
  const reading = [...owner, 's3:GetObject', 's3:GetObjectVersion'];
  expect(actionsOf('Test')).toEqual(['codecommit:GitPull']);
  expect(actionsOf('Build')).toEqual(['codecommit:GitPull', ...owner, 's3:PutObject']);
  expect(actionsOf('Scan')).toEqual(['codecommit:GitPull', ...reading, 's3:PutObject']);
  expect(actionsOf('Check')).toEqual([...reading, 's3:PutObject']);
  expect(actionsOf('Smoke')).toEqual(reading);
  expect(actionsOf('Diff')).toEqual([...reading, 's3:PutObject', 'sts:AssumeRole']);
  expect(actionsOf('Deploy')).toEqual([...reading, 's3:PutObject', 'sts:AssumeRole']);
});

it('one function may start builds, and none may push to the repository', () => {
  expect(rolesThatMay('codebuild:StartBuild')).toEqual(['StartBuild']);
  const onRepository = new Set(statements.map(({ action }) => action).filter((one) => one.startsWith('codecommit:')));
  expect([...onRepository].sort()).toEqual([
    'codecommit:GetBranch',
    'codecommit:GetCommit',
    'codecommit:GitPull',
    'codecommit:ListBranches',
    'codecommit:PostCommentForComparedCommit',
  ]);
});

it('projects have their buildspec in the template, and log to groups with a retention', () => {
  const projects = Object.values(template.findResources('AWS::CodeBuild::Project')) as {
    Properties: { Source: { BuildSpec: string }; LogsConfig: object; TimeoutInMinutes: number };
  }[];
  expect(projects).toHaveLength(7);
  for (const { Properties } of projects) {
    expect(JSON.parse(Properties.Source.BuildSpec)).toMatchObject({ version: 0.2 });
    expect(Properties.TimeoutInMinutes).toBe(30);
    expect(Properties.LogsConfig).toMatchObject({ CloudWatchLogs: { Status: 'ENABLED' } });
  }
});

it('the function URL takes signed requests alone', () => {
  template.allResourcesProperties('AWS::Lambda::Url', { AuthType: 'AWS_IAM' });
});

it('the definition is valid in the Amazon States Language', () => {
  const { isValid, errorsText } = validate(definition);
  expect(errorsText('\n')).toBe('');
  expect(isValid).toBe(true);
});

it('every state is reached, and every transition has a target', () => {
  const targets = [...JSON.stringify(definition).matchAll(/"(?:Next|Default|StartAt)":"([^"]+)"/g)].map(
    ([, name]) => name,
  );
  const names = statesOf(definition).map(([name]) => name);
  expect(targets.filter((name) => !names.includes(name!))).toEqual([]);
  expect(names.filter((name) => !targets.includes(name))).toEqual([]);
});

it('every way to the deployment passes the verification and the lock', () => {
  const before = (target: string): string[] =>
    Object.entries(states)
      .filter(([, state]) => new RegExp(`"(?:Next|Default)":"${target}"`).test(JSON.stringify(state)))
      .map(([name]) => name);
  expect(before('Deploy the assembly')).toEqual(['May it deploy\\?'.replace('\\', '')]);
  expect(before('May it deploy\\?')).toEqual(['Claim the environment']);
  expect(before('Claim the environment')).toEqual(['Verify the artifact']);
});

it('every step that fails for good ends in a message; a failed deployment looks for a rollback first', () => {
  const nexts = Object.fromEntries(
    Object.entries(states)
      .filter(([name, { Type }]) => Type === 'Task' && name !== 'End the run')
      .map(([name, { Catch }]) => [name, (Catch as { Next: string }[]).at(-1)!.Next]),
  );
  const { 'Deploy the assembly': deploy, 'Run the smoke test': smoke, 'Watch the alarms': watch, ...others } = nexts;
  expect(new Set([deploy, smoke, watch])).toEqual(new Set(['Choose the rollback']));
  expect(new Set(Object.values(others))).toEqual(new Set(['End the run']));
});

it('every wait has a limit, and a build that has timed out is not waited for again', () => {
  const tasks = Object.values(states).filter(({ Type }) => Type === 'Task');
  for (const { TimeoutSeconds, Retry } of tasks) {
    expect(Number(TimeoutSeconds)).toBeGreaterThan(0);
    expect(JSON.stringify(Retry)).not.toContain('States.Timeout');
  }
});

it('a lock ends later than the deployment, the smoke test and the waits for them', () => {
  const seconds = ['Deploy the assembly', 'Run the smoke test'].map((name) => Number(states[name]!['TimeoutSeconds']));
  const functions = Object.values(template.findResources('AWS::Lambda::Function')) as {
    Properties: { Environment?: { Variables?: Record<string, unknown> } };
  }[];
  const locks = functions.map(({ Properties }) => Properties.Environment?.Variables?.['LOCK_SECONDS']).filter(Boolean);
  expect(locks).toHaveLength(2);
  for (const lock of locks) expect(Number(lock)).toBeGreaterThan(seconds[0]! + seconds[1]!);
});

it('events that cannot be processed are retried for a day, and then kept', () => {
  const rules = Object.values(template.findResources('AWS::Events::Rule')) as {
    Properties: { Targets: { RetryPolicy: object; DeadLetterConfig: object }[] };
  }[];
  expect(rules).toHaveLength(3);
  for (const { Properties } of rules) {
    expect(Properties.Targets[0]).toMatchObject({
      RetryPolicy: { MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 86_400 },
      DeadLetterConfig: { Arn: { 'Fn::GetAtt': [expect.stringMatching(/^FailedEvents/), 'Arn'] } },
    });
  }
});

templatesChangeOnlyOnPurpose('GitopsPipeline', [{ stage: 'prod' }]);
