import {
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  IAMClient,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { ScenarioRun } from '../shared/scenario';
import { fetchSigned, type Signer } from '../../operations/command-line/signed-request';

/** Somebody with credentials, who can be asked to decide on a deployment. */
export interface Person extends Signer {
  readonly arn: string;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken: string;
  };
}

/** Roles of this check: developers push and may call the function URL, as releasers may; strangers may do nothing. */
export interface People {
  readonly sessionOf: (role: 'developer' | 'releaser' | 'stranger', name: string) => Promise<Person>;
}

export async function createPeople(run: ScenarioRun): Promise<People> {
  const sts = new STSClient({});
  const [{ Arn: arn = '', Account = '' }, region] = await Promise.all([
    sts.send(new GetCallerIdentityCommand({})),
    sts.config.region(),
  ]);
  const partition = arn.split(':')[1] ?? 'aws';
  const get = new GetFunctionConfigurationCommand({ FunctionName: run.output('DecideApprovalFunctionName') });
  const { FunctionArn = '' } = await new LambdaClient({}).send(get);
  const roleOf = (role: string): string => `${run.runId}-${role}`;
  const decide = decisionStatements(run, { partition, region, account: Account, functionArn: FunctionArn });
  const pushing = {
    Effect: 'Allow',
    Action: ['codecommit:GetBranch', 'codecommit:CreateCommit'],
    Resource: `arn:${partition}:codecommit:${region}:${Account}:${run.output('RepositoryName')}`,
  };
  const roles = { developer: [...decide, pushing], releaser: decide, stranger: [] };
  await Promise.all(
    Object.entries(roles).map(([role, statements]) =>
      createRole(run, roleOf(role), `arn:${partition}:iam::${Account}:root`, statements),
    ),
  );
  return {
    async sessionOf(role, name) {
      const RoleArn = `arn:${partition}:iam::${Account}:role/${roleOf(role)}`;
      // A new role is known everywhere after some seconds.
      const { Credentials } = await run.eventually(`a session of the ${role}`, () =>
        sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: name })),
      );
      const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = Credentials ?? {};
      return {
        arn: `arn:${partition}:sts::${Account}:assumed-role/${roleOf(role)}/${name}`,
        region,
        credentials: { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken },
      };
    },
  };
}

async function createRole(
  run: ScenarioRun,
  RoleName: string,
  AWS: string,
  statements: readonly object[],
): Promise<void> {
  const iam = new IAMClient({});
  const document = (...Statement: object[]): string => JSON.stringify({ Version: '2012-10-17', Statement });
  const AssumeRolePolicyDocument = document({ Effect: 'Allow', Principal: { AWS }, Action: 'sts:AssumeRole' });
  await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
  run.cleanUp(`the role ${RoleName}`, async () => {
    await iam.send(new DeleteRoleCommand({ RoleName }));
  });
  if (statements.length === 0) return;
  const PolicyDocument = document(...statements);
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'decide', PolicyDocument }));
  run.cleanUp(`the policy of ${RoleName}`, async () => {
    await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: 'decide' }));
  });
}

/** Permissions of an approver: the outputs of the stack, the request, the difference, and the function URL. */
function decisionStatements(
  run: ScenarioRun,
  at: { readonly partition: string; readonly region: string; readonly account: string; readonly functionArn: string },
): object[] {
  const { partition, region, account, functionArn } = at;
  const allow = (Action: string, Resource: string, more: object = {}): object => ({
    ...{ Effect: 'Allow', Action, Resource },
    ...more,
  });
  return [
    allow('cloudformation:DescribeStacks', '*'),
    allow('dynamodb:GetItem', `arn:${partition}:dynamodb:${region}:${account}:table/${run.output('RunsTableName')}`),
    allow('s3:GetObject', `arn:${partition}:s3:::${run.output('ArtifactsBucketName')}/diff/*`),
    // https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
    allow('lambda:InvokeFunctionUrl', functionArn),
    allow('lambda:InvokeFunction', functionArn, { Condition: { Bool: { 'lambda:InvokedViaFunctionUrl': 'true' } } }),
  ];
}

/** Variables by which a command finds the credentials of somebody. */
export function environmentOf({ credentials }: Person): Record<string, string> {
  return {
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
  };
}

/** Sends a decision, signed by somebody; returns the result of the function, or the status of a refusal before it. */
export async function decideAs(run: ScenarioRun, person: Person, decision: object): Promise<string> {
  const body = JSON.stringify(decision);
  const answer = await fetchSigned(person, { url: run.output('ApproveUrl'), method: 'POST', body });
  return resultOf(answer);
}

/** The same without a signature. */
export async function decideUnsigned(run: ScenarioRun, decision: object): Promise<string> {
  return resultOf(await fetch(run.output('ApproveUrl'), { method: 'POST', body: JSON.stringify(decision) }));
}

async function resultOf(answer: Response): Promise<string> {
  const text = await answer.text();
  if (answer.status === 403) return 'forbidden';
  return (JSON.parse(text) as { result?: string }).result ?? `${answer.status} ${text}`;
}
