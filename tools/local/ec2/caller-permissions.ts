import { IAMClient, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { clientSettings } from '../client-settings';
import { account } from '../connection';
import { credentialsFile } from '../database/caller-credentials';
import type { IsAllowed } from './dry-run';

const rootArn = `arn:aws:iam::${account}:root`;
const callerSchema = z.object({ secretAccessKey: z.string(), sessionToken: z.string().optional() });

/** ARN of a caller. */
export type ArnOf = (accessKeyId: string) => Promise<string>;

/** Asks the emulator who callers are, by the credentials that functions and sessions publish. */
export function callerArns(endpoint: string, certificate: string, credentialsFolder: string): ArnOf {
  const settings = clientSettings(endpoint, certificate);
  return async (accessKeyId) => {
    if (accessKeyId === settings.credentials.accessKeyId) return rootArn;
    const published: unknown = JSON.parse(readFileSync(credentialsFile(credentialsFolder, accessKeyId), 'utf8'));
    const { secretAccessKey, sessionToken } = callerSchema.parse(published);
    const credentials = { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
    const { Arn = '' } = await new STSClient({ ...settings, credentials }).send(new GetCallerIdentityCommand({}));
    return Arn;
  };
}

/** Asks the emulator's IAM for permissions of callers. The root key may do everything. */
export function callerPermissions(endpoint: string, certificate: string, credentialsFolder: string): IsAllowed {
  const iam = new IAMClient(clientSettings(endpoint, certificate));
  const arnOf = callerArns(endpoint, certificate, credentialsFolder);
  return async (accessKeyId, action, resource) => {
    const arn = await arnOf(accessKeyId);
    if (arn === rootArn) return true;
    const role = /:assumed-role\/([^/]+)\//.exec(arn)?.[1] ?? '';
    return roleMay(iam, `arn:aws:iam::${account}:role/${role}`, action, resource);
  };
}

/** Whether the policies of a role allow an action on a resource. */
export async function roleMay(iam: IAMClient, roleArn: string, action: string, resource: string): Promise<boolean> {
  const simulate = { PolicySourceArn: roleArn, ActionNames: [action], ResourceArns: [resource] };
  const { EvaluationResults = [] } = await iam.send(new SimulatePrincipalPolicyCommand(simulate));
  return EvaluationResults.length > 0 && EvaluationResults.every((one) => one.EvalDecision === 'allowed');
}
