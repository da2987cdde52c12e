import pMap from 'p-map';
import type { DocumentBody } from '../../lambda/rest-api/schemas';
import type { Check, ScenarioRun } from '../shared/scenario';
import type { DocumentsClient } from './client';
import { everyDocument, openClient, succeeded } from './deployment';

const writers = 100;
const pageSize = 7;
const standing = 40;

export const lostUpdatesProof: Check = {
  name: 'lost-updates',
  title: 'of concurrent changes each success is kept and each conflict is 412; paging misses and repeats no document',
  async run(run) {
    const client = await openClient(run, 'ada');
    // Each is an execution environment of its own, on one machine in a local run.
    const atOnce = run.faults === undefined ? writers : 20;
    await run.step(`${writers} changes, ${atOnce} at once`, () => changeTogether(run, client, atOnce));
    await run.step('page through the list while documents come and go', () => pageUnderChange(run, client));
  },
};

const newDocument = (title: string) => ({ title, contentType: 'text/plain', bytes: 5 });

/** Each writer reads, then adds its sign to the title; it tries once only. */
async function changeTogether(run: ScenarioRun, client: DocumentsClient, atOnce: number): Promise<void> {
  const { id } = succeeded(await client.create(newDocument('0')), 201).body;
  const numbers = Array.from({ length: writers }, (_, index) => index + 1);
  const change = async (index: number) => {
    const read = succeeded(await client.get(id), 200);
    const reply = await client.patch(id, { title: read.body.title + signOf(index) }, read.headers.get('etag') ?? '');
    return { index, status: reply.status };
  };
  const outcomes = await pMap(numbers, change, { concurrency: atOnce });
  const won = outcomes.filter(({ status }) => status === 200).map(({ index }) => index);
  const conflicts = outcomes.filter(({ status }) => status === 412).length;
  // On a slow machine some end with 502 or 503, and nobody knows whether they took effect.
  const unknown = outcomes.filter(({ status }) => status >= 500).map(({ index }) => index);
  run.assert(won.length > 0, 'some changes succeed', `${won.length}`);
  run.assertEqual(conflicts, writers - won.length - unknown.length, 'answers 412 to all others');
  const final = succeeded(await client.get(id), 200);
  const signs = final.body.title.slice(1).split('').sort();
  const took = [...won, ...unknown.filter((index) => signs.includes(signOf(index)))];
  run.assertEqual(signs.join(''), took.map(signOf).sort().join(''), 'changes that the title holds');
  run.assertEqual(final.headers.get('etag'), `"${took.length + 1}"`, 'ETag after all changes');
  run.metric('changes that succeeded', won.length);
  run.metric('conflicts', conflicts);
}

/** One character for each writer: a title has 200 at most. */
const signOf = (writer: number): string => String.fromCodePoint(0x100 + writer);

async function pageUnderChange(run: ScenarioRun, client: DocumentsClient): Promise<void> {
  const create = async (title: string): Promise<DocumentBody> =>
    succeeded(await client.create(newDocument(title)), 201).body;
  const stays: string[] = [];
  const goes: string[] = [];
  for (let n = 0; n < standing; n += 1) {
    stays.push((await create('stays')).id);
    goes.push((await create('goes')).id);
  }
  const change = async (): Promise<void> => {
    for (const id of goes) {
      await client.remove(id);
      await create('comes');
    }
  };
  const [pages] = await Promise.all([everyDocument(client, pageSize), change()]);
  const ids = pages.map(({ id }) => id);
  run.assertEqual(new Set(ids).size, ids.length, 'documents that are listed, each once');
  const missed = stays.filter((id) => !ids.includes(id));
  run.assertEqual(missed.length, 0, `documents missed, of ${standing} that existed throughout`);
}
