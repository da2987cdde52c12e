import { request } from 'node:https';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ChildProcesses } from '../child-processes';
import { tailOf } from '../log-file';
import type { Workspace } from '../workspace';
import { conditionsPath } from './ec2-proxy';

const startWithinSeconds = 120;

/** EC2 actions of functions: a run whose templates allow none of them needs no proxy. */
const actions =
  /"ec2:(Run|Start|Stop|Terminate|Reboot)Instances|"ec2:(Create|Delete|Attach|Detach|Describe)(Volumes?|Snapshots?|Tags)"|"ec2:DescribeInstances"/;

/** Whether a stack's functions call EC2, according to its template. */
export function callsEc2(template: object): boolean {
  return actions.test(JSON.stringify(template));
}

/** Starts the EC2 proxy in a process of its own and waits until it answers. */
export async function startLocalEc2(
  { workspace, children }: { readonly workspace: Workspace; readonly children: ChildProcesses },
  { endpoint, ec2Endpoint }: { readonly endpoint: string; readonly ec2Endpoint: string },
): Promise<void> {
  const { certificate, certificateKey: key, callers, root } = workspace;
  const authority = readFileSync(certificate, 'utf8');
  const log = workspace.log('ec2');
  const port = Number(new URL(ec2Endpoint).port);
  const running = children.start({
    what: 'EC2 proxy',
    file: process.execPath,
    arguments: [
      ...['--import', 'tsx', join('tools', 'local', 'ec2', 'serve.ts')],
      JSON.stringify({ port, endpoint, certificate, key, callers }),
    ],
    folder: root,
    environment: process.env,
    log,
  });
  const end = new AbortController();
  void running.ended.then(() => end.abort());
  const until = Date.now() + startWithinSeconds * 1_000;
  while (Date.now() < until && !end.signal.aborted) {
    const answers = await setEc2Conditions(ec2Endpoint, authority, {}).then(
      () => true,
      () => false,
    );
    if (answers) return;
    await sleep(50);
  }
  throw new Error(`the EC2 proxy did not start. The end of ${log}:\n${tailOf(log)}`);
}

/** @param certificate PEM */
export function setEc2Conditions(ec2Endpoint: string, certificate: string, conditions: object): Promise<void> {
  return new Promise((resolve, reject) => {
    const options = { method: 'POST', ca: certificate, agent: false };
    const call = request(new URL(conditionsPath, ec2Endpoint), options, (response) => {
      response.resume();
      const { statusCode } = response;
      if (statusCode === 200) resolve();
      else reject(new Error(`the EC2 proxy answered ${statusCode}`));
    });
    call.on('error', reject);
    call.end(JSON.stringify(conditions));
  });
}
