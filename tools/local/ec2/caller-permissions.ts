import { IAMClient, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { clientSettings } from '../client-settings';
import { account } from '../connection';
import { credentialsFile } from '../database/caller-credentials';
import type { IsAllowed } from './dry-run';

const callerSchema = z.object({ secretAccessKey: z.string(), sessionToken: z.string().optional() });

/** Asks the emulator's IAM for permissions of callers, by the credentials that functions publish. The root key may do everything. */
export function callerPermissions(endpoint: string, certificate: string, credentialsFolder: string): IsAllowed {
  const settings = clientSettings(endpoint, certificate);
  const iam = new IAMClient(settings);
  return async (accessKeyId, action, resource) => {
    if (accessKeyId === settings.credentials.accessKeyId) return true;
    const published: unknown = JSON.parse(readFileSync(credentialsFile(credentialsFolder, accessKeyId), 'utf8'));
    const { secretAccessKey, sessionToken } = callerSchema.parse(published);
    const credentials = { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
    const { Arn = '' } = await new STSClient({ ...settings, credentials }).send(new GetCallerIdentityCommand({}));
    const role = /:assumed-role\/([^/]+)\//.exec(Arn)?.[1] ?? '';
    return roleMay(iam, `arn:aws:iam::${account}:role/${role}`, action, resource);
  };
}

/** Whether the policies of a role allow an action on a resource. */
export async function roleMay(iam: IAMClient, roleArn: string, action: string, resource: string): Promise<boolean> {
  const simulate = { PolicySourceArn: roleArn, ActionNames: [action], ResourceArns: [resource] };
  const { EvaluationResults = [] } = await iam.send(new SimulatePrincipalPolicyCommand(simulate));
  return EvaluationResults.length > 0 && EvaluationResults.every((one) => one.EvalDecision === 'allowed');
}
