import { IAMClient, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { readFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { z } from 'zod';
import { account, region } from '../connection';
import { credentialsFile } from './caller-credentials';
import { parseToken, tokenError } from './rds-token';

const callerSchema = z.object({ secretAccessKey: z.string(), sessionToken: z.string().optional() });
type Caller = z.infer<typeof callerSchema>;

/** The emulator's root key, which has all permissions. */
const root = { accessKeyId: 'test', secretAccessKey: 'test' };

export interface IamAuthenticatorOptions {
  readonly credentialsFolder: string;
  /** Endpoint of the emulator. */
  readonly endpoint: string;
  /** PEM, of the emulator. */
  readonly certificate: string;
  /** Port that tokens must be issued for. */
  readonly port: number;
  /** Id of the proxy in policies. */
  readonly proxyId: string;
}

/** Checks a token's signature, port, user and age here, and `rds-db:connect` by the emulator's IAM. */
export class IamAuthenticator {
  private readonly verdicts = new Map<
    string,
    { readonly until: number; readonly verdict: Promise<string | undefined> }
  >();

  constructor(private readonly options: IamAuthenticatorOptions) {}

  /** Returns the reason for refusing this user's password, or undefined for a valid token. */
  async refusalReason(user: string, password: string, now: Date): Promise<string | undefined> {
    const token = parseToken(password);
    if (token === undefined) return 'the password is not an IAM token';
    const { accessKeyId } = token;
    const caller = accessKeyId === root.accessKeyId ? root : readCaller(this.options.credentialsFolder, accessKeyId);
    const error = tokenError(token, caller?.secretAccessKey, { user, port: this.options.port, now });
    if (error !== undefined || caller === undefined) return `the IAM token is refused: ${error}`;
    if (caller === root) return undefined;
    return this.missingPermission(accessKeyId, caller, user, now);
  }

  /** Caches each answer for a second: many clients connect at once, and policies may change. */
  private missingPermission(accessKeyId: string, caller: Caller, user: string, now: Date): Promise<string | undefined> {
    const cacheKey = `${accessKeyId} ${user}`;
    const known = this.verdicts.get(cacheKey);
    if (known !== undefined && now.getTime() < known.until) return known.verdict;
    const verdict = this.ask(accessKeyId, caller, user);
    this.verdicts.set(cacheKey, { until: now.getTime() + 1_000, verdict });
    verdict.catch(() => this.verdicts.delete(cacheKey));
    return verdict;
  }

  private async ask(accessKeyId: string, caller: Caller, user: string): Promise<string | undefined> {
    const { secretAccessKey, sessionToken } = caller;
    const keys = { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
    const { Arn = '' } = await new STSClient(this.settings(keys)).send(new GetCallerIdentityCommand({}));
    const role = /:assumed-role\/([^/]+)\//.exec(Arn)?.[1];
    if (role === undefined) return `the IAM token is refused: ${Arn} is not a role`;
    const resource = `arn:aws:rds-db:${region}:${account}:dbuser:${this.options.proxyId}/${user}`;
    const { EvaluationResults = [] } = await new IAMClient(this.settings(root)).send(
      new SimulatePrincipalPolicyCommand({
        PolicySourceArn: `arn:aws:iam::${account}:role/${role}`,
        ActionNames: ['rds-db:connect'],
        ResourceArns: [resource],
      }),
    );
    const isAllowed = EvaluationResults.length > 0 && EvaluationResults.every((one) => one.EvalDecision === 'allowed');
    return isAllowed ? undefined : `the role ${role} may not rds-db:connect as ${user}`;
  }

  private settings(credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string }) {
    const { endpoint, certificate } = this.options;
    const httpsAgent = new Agent({ ca: certificate });
    return { endpoint, region, credentials, requestHandler: { httpsAgent, requestTimeout: 10_000 } };
  }
}

function readCaller(folder: string, accessKeyId: string): Caller | undefined {
  try {
    return callerSchema.parse(JSON.parse(readFileSync(credentialsFile(folder, accessKeyId), 'utf8')));
  } catch {
    return undefined; // No function has published this key.
  }
}
