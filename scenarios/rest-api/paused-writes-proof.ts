import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { setTimeout as sleep } from 'node:timers/promises';
import { hasAwsCli, runCommand } from '../shared/runbook-commands';
import type { Check, ScenarioRun } from '../shared/scenario';
import type { DocumentsClient } from './client';
import { openClient, succeeded } from './deployment';

/** Setting of a local run of the proofs. */
export const localCacheSeconds = 3;
const defaultCacheSeconds = 30;
/** Requests at once, so that several execution environments answer, each with a value of its own. */
const atOnce = 8;

export const pausedWritesProof: Check = {
  name: 'paused-writes',
  title: 'an operator pauses writes and accepts them again without a deployment; reads go on, nothing is half written',
  async run(run) {
    const cacheSeconds = run.faults === undefined ? defaultCacheSeconds : localCacheSeconds;
    const client = await openClient(run, 'ada');
    const { id } = succeeded(await client.create(newDocument), 201).body;
    run.assertEqual(await statusesOf(client), all(201), 'answers while writes are accepted');
    run.cleanUp('the parameter of writes', () => put(run, 'accepted'));

    await run.step('pause writes', () => runOrPut(run, pause, 'paused'));
    await run.step(`wait ${cacheSeconds} s, as long as a value is kept`, () => sleep(cacheSeconds * 1_000));
    run.assertEqual(await statusesOf(client), all(503), 'answers of every environment from then on');
    const refused = await client.create(newDocument);
    run.assertEqual(refused.headers.get('retry-after'), '60', 'Retry-After');
    run.assertEqual((await client.patch(id, { title: 'Late' }, '*')).status, 503, 'status of a change');
    run.assertEqual((await client.remove(id)).status, 503, 'status of a deletion');
    run.assertEqual(succeeded(await client.get(id), 200).body.title, newDocument.title, 'title that is read');

    await run.step('accept writes again', () => runOrPut(run, accept, 'accepted'));
    await run.step(`wait ${cacheSeconds} s`, () => sleep(cacheSeconds * 1_000));
    run.assertEqual(await statusesOf(client), all(201), 'answers of every environment from then on');
    const { body } = succeeded(await client.list(), 200);
    run.assertEqual(body.documents.length, 1 + 2 * atOnce, 'documents: none of a refused request');
  },
};

const newDocument = { title: 'Report', contentType: 'text/plain', bytes: 5 };

const all = (status: number): string => Array(atOnce).fill(status).join(' ');

const pause = 'aws ssm put-parameter --name <WritesParameterName> --value paused --overwrite';
const accept = 'aws ssm put-parameter --name <WritesParameterName> --value accepted --overwrite';

/** Runs the command of the runbook, or sends its request by the SDK where the AWS CLI is not installed. */
async function runOrPut(run: ScenarioRun, command: string, value: string): Promise<void> {
  if (!(await hasAwsCli())) return put(run, value);
  const values = { WritesParameterName: run.output('WritesParameterName') };
  await runCommand(run, 'rest-api', command, { values });
}

async function put(run: ScenarioRun, Value: string): Promise<void> {
  const Name = run.output('WritesParameterName');
  await new SSMClient({}).send(new PutParameterCommand({ Name, Value, Overwrite: true }));
}

async function statusesOf(client: DocumentsClient): Promise<string> {
  const replies = await Promise.all(Array.from({ length: atOnce }, () => client.create(newDocument)));
  return replies.map(({ status }) => status).join(' ');
}
