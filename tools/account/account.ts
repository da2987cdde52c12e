import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { GetAccountSettingsCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { PurgeClients } from '../../operations/purge/find-remains';
import { deployedStack } from '../../operations/purge/stack-resources';

/** Account and region of the credentials. */
export interface Account extends PurgeClients {
  readonly region: string;
  /** ARN of the caller. */
  readonly caller: string;
}

/** Problem with the account, with the fix. */
export class AccountError extends Error {
  override readonly name = 'AccountError';
}

/**
 * Finds credentials and region by the rules of the SDK, and passes both to the scenarios and to the CDK CLI through the
 * environment of this process.
 *
 * @throws AccountError with the fix
 */
export async function connect(profile: string | undefined, environment: NodeJS.ProcessEnv): Promise<Account> {
  if (profile !== undefined) {
    environment['AWS_PROFILE'] = profile;
    // As in the AWS CLI, a profile that is named on the command line goes before keys in the environment.
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN']) {
      Reflect.deleteProperty(environment, name);
    }
  }
  const used = environment['AWS_PROFILE'];
  const option = used === undefined ? '' : ` --profile ${used}`;
  const sts = new STSClient({});
  const region = await sts.config.region().catch(() => {
    throw new AccountError(`no region: set AWS_REGION, or run aws configure set region eu-central-1${option}`);
  });
  try {
    const { Account: account = '', Arn = '' } = await sts.send(new GetCallerIdentityCommand({}));
    // CDK's CLI and the SDKs of other languages read different variables.
    Object.assign(environment, { AWS_REGION: region, AWS_DEFAULT_REGION: region });
    const clients = {
      cloudFormation: new CloudFormationClient({}),
      s3: new S3Client({}),
      logs: new CloudWatchLogsClient({}),
    };
    return { ...clients, account, region, caller: Arn };
  } catch (error) {
    throw new AccountError(credentialsProblem(error, option), { cause: error });
  }
}

/** Message about credentials with the command that fixes it. */
export function credentialsProblem(error: unknown, option: string): string {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  const [line = ''] = message.split('\n');
  const said = `${name}: ${line}`;
  if (/multi-factor|mfa/i.test(message)) {
    return `${said}: get a session with the AWS CLI, which asks for the code: eval "$(aws configure export-credentials${option} --format env)", then leave --profile and AWS_PROFILE out`;
  }
  if (/sso/i.test(`${name} ${message}`)) return `${said}: run aws sso login${option}`;
  if (/Expired/i.test(`${name} ${message}`))
    return `${said}: get new credentials (aws sso login${option}, or assume the role again)`;
  if (/CredentialsProviderError/.test(name)) {
    return `${said}: run aws configure${option} or aws sso login${option}, or name a profile with --profile`;
  }
  return said;
}

/**
 * Checks that CDK's bootstrap stack is there and new enough.
 *
 * @param needed version that the assembly asks for; 0 for none
 * @throws AccountError with the command that bootstraps
 */
export async function checkBootstrap({ cloudFormation, account, region }: Account, needed: number): Promise<void> {
  if (needed === 0) return;
  const stack = await deployedStack(cloudFormation, 'CDKToolkit');
  const found = stack?.Outputs?.find(({ OutputKey }) => OutputKey === 'BootstrapVersion')?.OutputValue;
  if (found !== undefined && Number(found) >= needed) return;
  const what = found === undefined ? 'is not bootstrapped' : `has bootstrap version ${found}, and ${needed} is needed`;
  throw new AccountError(`account ${account} in ${region} ${what}: run npx cdk bootstrap aws://${account}/${region}`);
}

/** Concurrent executions of all functions of the account, or undefined where the caller may not ask. */
export async function concurrencyLimit(lambda = new LambdaClient({})): Promise<number | undefined> {
  const settings = await lambda.send(new GetAccountSettingsCommand({})).catch(() => undefined);
  return settings?.AccountLimit?.ConcurrentExecutions;
}
