import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EC2Client, TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import { SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { Policy } from '../../lambda/approval-workflow/policy';
import type { ScenarioRun } from '../shared/scenario';
import type { Signer } from '../../operations/command-line/signed-request';
import { machinesOf } from './machines';
import { openTopicMails, type Mails } from './mails';

export interface Deployment {
  readonly run: ScenarioRun;
  readonly dynamodb: DynamoDBClient;
  readonly ec2: EC2Client;
  readonly sfn: SFNClient;
  readonly credentials: Signer['credentials'];
  readonly region: string;
  /** Names of this check in the policy. */
  readonly team: string;
  readonly person: string;
  readonly requestIds: Set<string>;
  readonly policy: Policy;
  readonly mails: Mails;
}

export type PolicyChange = Partial<Pick<Policy, 'autoApproveDollars' | 'secondApproverDollars' | 'perPerson'>> & {
  readonly team?: Partial<Policy['teams'][string]>;
};

/** Opens the stack for a check: a policy with the caller as a requester, two approvers, and all mails. */
export async function openDeployment(
  run: ScenarioRun,
  change: PolicyChange = {},
  openMails: (run: ScenarioRun) => Promise<Mails> = openTopicMails,
): Promise<Deployment> {
  const sts = new STSClient({});
  const { Arn = '' } = await sts.send(new GetCallerIdentityCommand({}));
  const [team, person] = [`t${run.runId}`, `ana-${run.runId}`];
  const { team: teamChange, ...more } = change;
  const limits = { machines: 100, monthlyDollars: 100_000 };
  const approvers = [`ben-${run.runId}`, `cleo-${run.runId}`, person];
  const email = (name: string): string => `${name}@example.com`;
  const policy: Policy = {
    people: {
      [person]: { principals: [Arn], email: email(person) },
      ...Object.fromEntries(approvers.slice(0, 2).map((name) => [name, { principals: [], email: email(name) }])),
    },
    teams: { [team]: { members: [person], approvers, ...limits, ...teamChange } },
    perPerson: limits,
    autoApproveDollars: 0,
    secondApproverDollars: 50,
    ...more,
  };
  await usePolicy(run, policy);
  const deployment: Deployment = {
    run,
    dynamodb: new DynamoDBClient({}),
    ec2: new EC2Client({}),
    sfn: new SFNClient({}),
    credentials: await sts.config.credentials(),
    region: await sts.config.region(),
    team,
    person,
    requestIds: new Set(),
    policy,
    mails: await openMails(run),
  };
  run.cleanUp('requests and machines', () => cleanUp(deployment));
  return deployment;
}

/** Puts a policy until the end of the check. */
export async function usePolicy(run: ScenarioRun, policy: Policy): Promise<void> {
  const ssm = new SSMClient({});
  const Name = run.output('PolicyParameterName');
  const { Parameter } = await ssm.send(new GetParameterCommand({ Name }));
  const put = (Value: string) => ssm.send(new PutParameterCommand({ Name, Value, Type: 'String', Overwrite: true }));
  run.cleanUp('the policy', async () => {
    await put(Parameter?.Value ?? '{}');
  });
  await put(JSON.stringify(policy));
}

async function cleanUp({ run, sfn, ec2, requestIds }: Deployment): Promise<void> {
  const executions = run.output('ApprovalStateMachineArn').replace(':stateMachine:', ':execution:');
  for (const requestId of requestIds) {
    for (const round of [1, 2]) {
      const executionArn = `${executions}:${requestId}-${round}`;
      await sfn.send(new StopExecutionCommand({ executionArn })).catch(() => undefined);
    }
    const ids = (await machinesOf(ec2, requestId)).map(({ id }) => id);
    if (ids.length > 0) await ec2.send(new TerminateInstancesCommand({ InstanceIds: ids }));
  }
}
