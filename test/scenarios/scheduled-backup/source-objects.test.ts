import { differences, fingerprintOf, type SourceObject } from '../../../scenarios/scheduled-backup/source-objects';

const object: SourceObject = {
  key: 'k',
  body: Buffer.from('bytes'),
  contentType: 'text/plain',
  metadata: { a: '1' },
  tags: { t: '1' },
};

it.each<[string, Partial<SourceObject>]>([
  ['byte', { body: Buffer.from('bytez') }],
  ['content type', { contentType: 'text/html' }],
  ['value of its metadata', { metadata: { a: '2' } }],
  ['tag', { tags: {} }],
  ['encoding', { contentEncoding: 'gzip' }],
  ['Cache-Control', { cacheControl: 'no-store' }],
])('an object with another %s has another fingerprint', (_what, change) => {
  expect(fingerprintOf({ ...object, ...change })).not.toBe(fingerprintOf(object));
});

it('names missing, different and unexpected objects', () => {
  const expected = new Map([
    ['same', 'x'],
    ['gone', 'x'],
    ['other', 'x'],
  ]);
  const found = new Map([
    ['same', 'x'],
    ['other', 'y'],
    ['more', 'x'],
  ]);
  expect(differences(expected, found)).toBe('3: missing: gone, differs: other, unexpected: more');
  expect(differences(expected, new Map(expected))).toBe('');
});
