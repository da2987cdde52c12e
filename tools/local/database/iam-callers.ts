import { IAMClient, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { readFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { z } from 'zod';
import { account, region } from '../connection';
import { callerFile } from './caller-folder';
import { readToken, refusalOf } from './rds-token';

const callerSchema = z.object({ secretAccessKey: z.string(), sessionToken: z.string().optional() });
type Caller = z.infer<typeof callerSchema>;

/** The emulator's root key, which may do everything. */
const root = { accessKeyId: 'test', secretAccessKey: 'test' };

export interface CallerCheck {
  readonly folder: string;
  /** The emulator's, and its certificate. */
  readonly endpoint: string;
  readonly certificate: string;
  /** The one that tokens are for. */
  readonly port: number;
  /** As policies name the proxy. */
  readonly proxyId: string;
}

/** Judges who comes with which token: its signature, host, user and age here, the right to connect by the emulator's IAM. */
export class IamCallers {
  private readonly verdicts = new Map<
    string,
    { readonly until: number; readonly verdict: Promise<string | undefined> }
  >();

  constructor(private readonly check: CallerCheck) {}

  /** Why this password does not let this user in, or undefined where it does. */
  async refusal(user: string, password: string, now: Date): Promise<string | undefined> {
    const token = readToken(password);
    if (token === undefined) return 'the password is no IAM token';
    const { accessKeyId } = token;
    const caller = accessKeyId === root.accessKeyId ? root : callerIn(this.check.folder, accessKeyId);
    const refusal = refusalOf(token, caller?.secretAccessKey, { user, port: this.check.port, now });
    if (refusal !== undefined || caller === undefined) return `the IAM token is refused: ${refusal}`;
    if (caller === root) return undefined;
    return this.mayConnect(accessKeyId, caller, user, now);
  }

  /** Asked at most once a second for each key and user: many connect at once, and policies may change meanwhile. */
  private mayConnect(accessKeyId: string, caller: Caller, user: string, now: Date): Promise<string | undefined> {
    const question = `${accessKeyId} ${user}`;
    const known = this.verdicts.get(question);
    if (known !== undefined && now.getTime() < known.until) return known.verdict;
    const verdict = this.ask(accessKeyId, caller, user);
    this.verdicts.set(question, { until: now.getTime() + 1_000, verdict });
    verdict.catch(() => this.verdicts.delete(question));
    return verdict;
  }

  private async ask(accessKeyId: string, caller: Caller, user: string): Promise<string | undefined> {
    const { secretAccessKey, sessionToken } = caller;
    const keys = { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
    const { Arn = '' } = await new STSClient(this.settings(keys)).send(new GetCallerIdentityCommand({}));
    const role = /:assumed-role\/([^/]+)\//.exec(Arn)?.[1];
    if (role === undefined) return `the IAM token is refused: ${Arn} is no role`;
    const resource = `arn:aws:rds-db:${region}:${account}:dbuser:${this.check.proxyId}/${user}`;
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
    const { endpoint, certificate } = this.check;
    const httpsAgent = new Agent({ ca: certificate });
    return { endpoint, region, credentials, requestHandler: { httpsAgent, requestTimeout: 10_000 } };
  }
}

function callerIn(folder: string, accessKeyId: string): Caller | undefined {
  try {
    return callerSchema.parse(JSON.parse(readFileSync(callerFile(folder, accessKeyId), 'utf8')));
  } catch {
    return undefined; // Nobody has lent this key.
  }
}
