import { asArray, resourcesIn, type Template } from './template';
import { needsAroundDatabases } from './database-roles';
import { grantsOfRole, type Need } from './grants';
import { definitionOf, statesOf, type StatePart } from './state-machines';

/**
 * Actions needed by each role that a service assumes, by the role's logical id: from definitions, targets and other references.
 * The emulator does not check these roles, so a test compares them with the template.
 */
export function needsOfServices(template: Template): ReadonlyMap<string, ReadonlySet<Need>> {
  const { Resources } = template;
  const needs = new Map<string, Set<Need>>();
  const add = (role: unknown, more: readonly Need[]): void => {
    const [id] = resourcesIn(role);
    if (id !== undefined) needs.set(id, new Set([...(needs.get(id) ?? []), ...more]));
  };
  for (const [role, more] of needsAroundDatabases(template)) add(role, more);
  for (const [id, { Type, Properties = {} }] of Object.entries(Resources)) {
    if (Type === 'AWS::StepFunctions::StateMachine') {
      add(Properties['RoleArn'], [...needsOfMachine(id, Properties), ...passedRoles(Properties, template)]);
    }
    if (Type === 'AWS::Events::Rule') {
      for (const { Arn, RoleArn } of asArray(Properties['Targets'] ?? []) as { Arn: unknown; RoleArn?: unknown }[]) {
        add(
          RoleArn,
          resourcesIn(Arn).map((arn) => `${startOf(Resources[arn]?.Type)} ${arn}`),
        );
      }
    }
    if (Type === 'AWS::Lambda::Function') needsOfMadeSchedules(Properties).forEach(([role, more]) => add(role, more));
    if (Type === 'AWS::CodeDeploy::DeploymentGroup')
      add(Properties['ServiceRoleArn'], needsOfDeployments(id, template));
    if (Type === 'AWS::Scheduler::Schedule') {
      const target = Properties['Target'] as { Arn: unknown; RoleArn: unknown; DeadLetterConfig?: unknown };
      add(target.RoleArn, [
        ...resourcesIn(target.Arn).map((arn) => `${startOf(Resources[arn]?.Type)} ${arn}`),
        ...resourcesIn(target.DeadLetterConfig).map((queue) => `sqs:SendMessage ${queue}`),
      ]);
    }
  }
  return needs;
}

/** Role of the schedules that a function makes, with the function and the queue that they are for, as its environment names them. */
function needsOfMadeSchedules(functionProperties: Readonly<Record<string, unknown>>): [role: unknown, Need[]][] {
  const { Variables = {} } = (functionProperties['Environment'] ?? {}) as { Variables?: Record<string, unknown> };
  const { SCHEDULE_ROLE_ARN: role, END_MACHINE_FUNCTION_ARN: target, DEAD_LETTERS_ARN: queue } = Variables;
  if (role === undefined || target === undefined) return [];
  const needs = [
    ...resourcesIn(target).map((id): Need => `lambda:InvokeFunction ${id}`),
    ...resourcesIn(queue).map((id): Need => `sqs:SendMessage ${id}`),
  ];
  return [[role, needs]];
}

/** Actions granted to a role that a service assumes. */
export function grantsOfService(template: Template, role: string): ReadonlySet<Need> {
  return new Set(grantsOfRole(template, role).map(({ action, resource }) => `${action} ${resource}`));
}

/** https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSCodeDeployRoleForLambdaLimited.html */
const aliasActions = ['GetAlias', 'GetProvisionedConcurrencyConfig', 'UpdateAlias'];

/** Shifting an alias, and taking it back on an alarm. */
function needsOfDeployments(group: string, { Resources }: Template): Need[] {
  const shifted = Object.values(Resources).filter(({ UpdatePolicy }) => resourcesIn(UpdatePolicy).includes(group));
  return [
    ...shifted
      .flatMap(({ Properties }) => resourcesIn(Properties?.['FunctionName']))
      .flatMap((id) => aliasActions.map((action): Need => `lambda:${action} ${id}`)),
    ...resourcesIn(Resources[group]?.Properties?.['AlarmConfiguration']).map(
      (id): Need => `cloudwatch:DescribeAlarms ${id}`,
    ),
  ];
}

/** https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html and …/concepts-xray-tracing.html: all for `*`. */
const logging = [
  'CreateLogDelivery',
  'DeleteLogDelivery',
  'DescribeLogGroups',
  'DescribeResourcePolicies',
  'GetLogDelivery',
  'ListLogDeliveries',
  'PutResourcePolicy',
  'UpdateLogDelivery',
];
const tracing = ['GetSamplingRules', 'GetSamplingTargets', 'PutTelemetryRecords', 'PutTraceSegments'];

function startOf(type: string | undefined): string {
  return type === 'AWS::Lambda::Function' ? 'lambda:InvokeFunction' : 'states:StartExecution';
}

function needsOfMachine(id: string, properties: Readonly<Record<string, unknown>>): Need[] {
  const states = statesOf(definitionOf(properties['DefinitionString']));
  const isDistributed = states.some(({ ItemProcessor }) => ItemProcessor?.ProcessorConfig?.Mode === 'DISTRIBUTED');
  return [
    ...states.flatMap((state) =>
      [state, state.ItemReader, state.ResultWriter].flatMap((part) => (part === undefined ? [] : needsOfState(part))),
    ),
    // Children of a distributed map are executions of the machine itself.
    ...(isDistributed ? ['states:StartExecution', 'states:DescribeExecution', 'states:StopExecution'] : []).map(
      (action) => `${action} ${id}`,
    ),
    ...(properties['LoggingConfiguration'] === undefined ? [] : logging.map((action) => `logs:${action} *`)),
    ...(properties['TracingConfiguration'] === undefined ? [] : tracing.map((action) => `xray:${action} *`)),
  ];
}

/** Roles of the tasks that a machine runs: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html */
function passedRoles(properties: Readonly<Record<string, unknown>>, { Resources }: Template): Need[] {
  const families = statesOf(definitionOf(properties['DefinitionString'])).flatMap(({ Parameters }) => {
    const family = Parameters?.['TaskDefinition'];
    return typeof family === 'string' ? [resourceOf(family)] : [];
  });
  return families
    .map((id) => Resources[id]?.Properties ?? {})
    .flatMap(({ TaskRoleArn, ExecutionRoleArn }) => [TaskRoleArn, ExecutionRoleArn])
    .flatMap((role) => resourcesIn(role))
    .map((id): Need => `iam:PassRole ${id}`);
}

/** Service integrations in use, with the argument that names the resource and the actions needed. */
const integrations: Readonly<Record<string, readonly [argument: string, ...actions: string[]]>> = {
  'lambda:invoke': ['FunctionName', 'lambda:InvokeFunction'],
  'dynamodb:updateItem': ['TableName', 'dynamodb:UpdateItem'],
  'dynamodb:putItem': ['TableName', 'dynamodb:PutItem'],
  'dynamodb:getItem': ['TableName', 'dynamodb:GetItem'],
  'events:putEvents': ['EventBusName', 'events:PutEvents'],
  'sns:publish': ['TopicArn', 'sns:Publish'],
  'sqs:sendMessage': ['QueueUrl', 'sqs:SendMessage'],
  'ecs:runTask': ['TaskDefinition', 'ecs:RunTask'],
  's3:listObjectsV2': ['Bucket', 's3:ListBucket'],
  // Of a map's ResultWriter: https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html
  's3:putObject': ['Bucket', 's3:PutObject', 's3:GetObject', 's3:ListMultipartUploadParts', 's3:AbortMultipartUpload'],
};

function needsOfState({ Resource, Arguments, Parameters }: StatePart): Need[] {
  if (Resource === undefined) return [];
  const name = Resource.replace(/^.*:states:::/, '').replace(/\.waitForTaskToken$/, '');
  const integration = integrations[name];
  if (integration === undefined) {
    throw new Error(`no integration '${name}' in tools/template/service-roles.ts: add its argument and its actions`);
  }
  const [argument, ...actions] = integration;
  const given = Arguments ?? Parameters ?? {};
  const entries = asArray(given['Entries']) as Readonly<Record<string, unknown>>[];
  return [given, ...entries].flatMap(({ [argument]: named }) =>
    typeof named === 'string' ? actions.map((action) => `${action} ${resourceOf(named)}`) : [],
  );
}

/** Logical id if the definition refers to one; otherwise the name of a bucket of another stack. */
function resourceOf(named: string): string {
  return /^\$\{(\w+)\}$/.exec(named)?.[1] ?? `arn:…:s3:::${named}`;
}

/**
 * Logical ids of the roles that services assume. Without those of functions, whose calls show what they need, and that of AWS
 * Backup, which has AWS managed policies.
 */
export function serviceRoles({ Resources }: Template): string[] {
  // No template has the needs of a build's commands, a machine's agent, a task or S3 Files; the stack's own test has them.
  const others = ['lambda', 'backup', 'codebuild', 'ec2', 'ecs-tasks', 'elasticfilesystem', 'vpc-flow-logs'].map(
    (service) => `${service}.amazonaws.com`,
  );
  return Object.entries(Resources)
    .filter(([, { Type }]) => Type === 'AWS::IAM::Role')
    .filter(([, { Properties }]) => {
      const document = (Properties?.['AssumeRolePolicyDocument'] ?? {}) as { Statement?: unknown };
      const trusted = JSON.stringify(asArray(document.Statement));
      return !others.some((service) => trusted.includes(service));
    })
    .map(([id]) => id);
}
