import { createDocument, isDocumentId, contentKeyOf, ownerOf, versionsOf } from '../../../lambda/rest-api/document';
import { newDocument } from './test-api';

const at = (time: string, byte: number) => ({ now: new Date(time), randomBytes: new Uint8Array(16).fill(byte) });
const idAt = (time: string, byte: number) => createDocument('ada', newDocument, at(time, byte), 1).id;

it('gives ids that sort by the time of creation', () => {
  const ids = [idAt('2026-01-01T00:00:00Z', 255), idAt('2026-01-01T00:00:00.001Z', 0), idAt('2027-01-01T00:00:00Z', 7)];
  expect([...ids].sort()).toEqual(ids);
  expect(ids.every(isDocumentId)).toBe(true);
});

it('expires a document whose content does not arrive, and keeps each tag once', () => {
  const input = { ...newDocument, tags: ['a', 'b', 'a'] };
  const made = createDocument('ada', input, at('1970-01-01T01:00:00Z', 1), 24);
  expect(made).toMatchObject({ expiresAt: 25 * 3_600, tags: ['a', 'b'], version: 1, status: 'awaiting-upload' });
});

it.each([
  ['*', 'any'],
  [' * ', 'any'],
  ['"1"', [1]],
  ['"1", "22"', [1, 22]],
  ['W/"1"', []],
  ['"01", "x", ""', []],
])('If-Match %s accepts %j', (header, versions) => {
  expect(versionsOf(header)).toEqual(versions);
});

it.each(['', '1', '"1', 'w/"1"', '"1";', Array(11).fill('"1"').join()])('refuses If-Match %s', (header) => {
  expect(() => versionsOf(header)).toThrow(expect.objectContaining({ status: 400 }) as Error);
});

it('finds owner and id in the key of the content, and nothing in other keys', () => {
  const id = { owner: 'ada', id: '01890000-0000-7000-8000-000000000000' };
  expect(ownerOf(contentKeyOf(id))).toEqual(id);
  for (const key of ['x', `documents/${id.id}`, `documents/a/b/${id.id}`, `${contentKeyOf(id)}/x`])
    expect(ownerOf(key)).toBeUndefined();
});
