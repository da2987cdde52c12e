import { S3Client } from '@aws-sdk/client-s3';
import * as z from 'zod/mini';
import {
  fromJsonLines,
  readAllJson,
  readJson,
  readText,
  toJsonLines,
  writeJson,
  writeJsonOnce,
  type Store,
} from '../../../../lambda/etl-pipeline/adapters/s3-store';
import { InvalidInputError } from '../../../../lambda/shared/parse-input';
import { FakeS3 } from '../../../fakes/fake-s3';
import { s3Refusal } from '../../../fakes/s3-responses';

const partSchema = z.object({ part: z.number() });

let s3: FakeS3;
let store: Store;
beforeEach(() => {
  s3 = new FakeS3({ work: 'Off' }, { pageSize: 3 });
  store = { client: new S3Client(s3.clientConfig), bucket: 'work', signal: new AbortController().signal };
});

it('an object that does not exist is undefined, and one that may not be read an error', async () => {
  expect(await readText(store, 'none')).toBeUndefined();
  s3.before = () => s3Refusal('AccessDenied', 403);
  await expect(readText(store, 'none')).rejects.toMatchObject({ name: 'AccessDenied' });
});

it('what is written once stays', async () => {
  expect(await writeJsonOnce(store, 'k', { verdict: 'first' })).toBe(true);
  expect(await writeJsonOnce(store, 'k', { verdict: 'second' })).toBe(false);
  expect(await readText(store, 'k')).toBe('{"verdict":"first"}');
});

it('an object of another form is refused, and one that is missing is none', async () => {
  await writeJson(store, 'k', { part: 1 });
  expect(await readJson(store, 'k', partSchema)).toEqual({ part: 1 });
  expect(await readJson(store, 'other', partSchema)).toBeUndefined();
  await writeJson(store, 'k', { part: 'one' });
  await expect(readJson(store, 'k', partSchema)).rejects.toThrow(InvalidInputError);
});

it('all objects under a prefix are read, page by page', async () => {
  for (let part = 0; part < 8; part++) await writeJson(store, `a/${part}`, { part });
  await writeJson(store, 'b/0', { part: 'other' });
  expect(await readAllJson(store, 'a/', partSchema)).toEqual(Array.from({ length: 8 }, (_, part) => ({ part })));
});

it('of many objects, only those that are busy are read again', async () => {
  for (let part = 0; part < 8; part++) await writeJson(store, `a/${part}`, { part });
  const read: string[] = [];
  s3.before = ({ operation, path }) => {
    if (operation !== 'GetObject') return undefined;
    read.push(path);
    return path.endsWith('5') && read.filter((one) => one === path).length < 5 ? s3Refusal('SlowDown', 503) : undefined;
  };
  store = { ...store, client: new S3Client({ ...s3.clientConfig, maxAttempts: 1 }) };
  expect(await readAllJson(store, 'a/', partSchema)).toHaveLength(8);
  expect(read).toHaveLength(12);
});

it('lines of JSON come back, whatever is in the texts', () => {
  const values = [{ raw: 'a\nb\u2028c' }, ['x', null]];
  expect(fromJsonLines(toJsonLines(values))).toEqual(values);
});
