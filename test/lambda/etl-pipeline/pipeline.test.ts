import iconv from 'text-encodings';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { captureOutput, type CapturedOutput } from '../../fakes/captured-output';
import { Pipeline } from './pipeline';
import { workKeys } from '../../../lambda/etl-pipeline/file';
import { header } from './products';

const line = (index: number, name = `Product ${index}`, price = '1.50'): string =>
  `SKU-${index},${name},${price},EUR,1,no,2026-01-31,2026-11-26T10:00:00Z`;
const csv = (...lines: string[]): string => [header.join(','), ...lines].join('\n');
const lines = Array.from({ length: 20 }, (_, index) => line(index));

const pipeline = new Pipeline();
let output: CapturedOutput;
beforeAll(() => pipeline.open());
afterAll(() => pipeline.close());
beforeEach(() => {
  pipeline.clear();
  output = captureOutput();
});
afterEach(() => jest.restoreAllMocks());

it('a file becomes rows, and its report adds up', async () => {
  const state = await pipeline.claim(pipeline.upload(csv(...lines, line(90, 'bad', 'free'))));
  const report = await pipeline.run(state);
  expect(report).toMatchObject({ status: 'loaded', rows: 21, loaded: 20, unchanged: 0, older: 0, rejected: 1 });
  expect(pipeline.rejected(state)).toEqual([
    { line: 22, raw: line(90, 'bad', 'free'), reasons: ['price: use a decimal number of up to 38 digits'] },
  ]);
  expect(pipeline.names()).toHaveLength(20);
  const curated = await pipeline.curated(state);
  expect(new Set(curated.map(({ sku }) => sku))).toEqual(new Set(lines.map((one) => one.split(',')[0])));
  expect(curated).toHaveLength(20);
  expect(pipeline.s3.keys('work', 'files/').filter((key) => key.includes('/chunks/')).length).toBeGreaterThan(3);
});

it.each([
  ['gzip', (text: string) => gzipSync(text)],
  ['zstd', (text: string) => zstdCompressSync(text)],
  ['UTF-16 with a mark', (text: string) => iconv.encode(text, 'utf-16le', { addBOM: true })],
  ['UTF-8 with a mark', (text: string) => Buffer.from(`\ufeff${text}`)],
  ['UTF-16 in gzip', (text: string) => gzipSync(iconv.encode(text, 'utf-16be', { addBOM: true }))],
  ['CRLF', (text: string) => Buffer.from(text.replaceAll('\n', '\r\n'))],
])('%s is the same file', async (_, encode) => {
  const report = await pipeline.run(await pipeline.claim(pipeline.upload(encode(csv(...lines, line(21, 'Grüße 😀'))))));
  expect(report).toMatchObject({ status: 'loaded', rows: 21, loaded: 21 });
  expect(pipeline.names()).toContain('Grüße 😀');
});

it('a file above its share of rejects is quarantined as a whole, with its rejected rows', async () => {
  const state = await pipeline.claim(pipeline.upload(csv(line(1), line(2, 'x', 'free'))));
  const report = await pipeline.run(state);
  expect(report).toMatchObject({
    status: 'quarantined',
    reason: '1 of 2 rows are rejected: the dataset permits 5 %',
    rows: 2,
    loaded: 0,
    rejected: 1,
    quarantinedTo: `quarantine/products/${state.file.fileId}/a.csv`,
  });
  expect(pipeline.names()).toEqual([]);
  expect(pipeline.s3.text('incoming', report.quarantinedTo!)).toContain('SKU-1');
});

it.each([
  ['an empty file', '', 'it is empty'],
  ['a file of blank lines', '\n\n', 'it has no header'],
  ['a wrong header', 'a,b\n1,2\n', "its header has no 'sku', 'name'"],
  ['ten thousand columns', `${'x'.repeat(900)},`.repeat(12), 'its header has no'],
  ['a quote that is not closed', csv('SKU-1,"open,1,EUR', ...lines), 'is not closed'],
  [
    'a field of 10 MB in quotes',
    gzipSync(csv(`SKU-1,"${'x'.repeat(10_000_000)}",1,EUR`)),
    'is not closed within 10000 bytes',
  ],
  ['a damaged gzip file', gzipSync(csv(...lines)).subarray(0, 200), 'it is damaged or cut off'],
  ['a file of another kind', Buffer.from('%PDF-1.7\n%âãÏÓ\n1 0 obj\n', 'latin1'), 'its header has no'],
])('%s goes to quarantine with the reason', async (_, body, reason) => {
  const report = await pipeline.run(await pipeline.claim(pipeline.upload(body)));
  expect(report).toMatchObject({ status: 'quarantined', rows: 0, loaded: 0 });
  expect(report.reason).toContain(reason);
});

it('a file of the longest key is quarantined under a name that S3 takes', async () => {
  const key = `incoming/products/${'é'.repeat(500)}.csv`;
  const report = await pipeline.run(await pipeline.claim(pipeline.upload('', key), { key }));
  expect(report.quarantinedTo).toMatch(/\/é{196}\.csv$/);
});

it('a file above the limit goes to quarantine without being read', async () => {
  const state = await pipeline.claim(pipeline.upload(csv(...lines)));
  const before = pipeline.s3.requests.length;
  const report = await pipeline.run({ ...state, file: { ...state.file, bytes: 100_000_001 } });
  expect(report).toMatchObject({ status: 'quarantined', rows: 0 });
  expect(report.reason).toBe('it has 100000001 bytes: use at most 100000000');
  const later = pipeline.s3.requests.slice(before).map(({ operation }) => operation);
  expect(later).toEqual(['CopyObject', 'PutObject']);
});

it('an archived file goes to quarantine with what to do, and is loaded by a replay once it is restored', async () => {
  const version = pipeline.s3.put('incoming', 'incoming/products/a.csv', {
    body: csv(...lines),
    storageClass: 'GLACIER',
  });
  const state = await pipeline.claim(version);
  const report = await pipeline.run(state);
  expect(report).toMatchObject({ status: 'quarantined', reason: expect.stringContaining('restore this version') });
  expect(report.quarantinedTo).toBeUndefined();
  Object.assign(pipeline.s3.bucket('incoming').find('incoming/products/a.csv', version)!, { isRestored: true });
  const again = await pipeline.claim(version, { execution: 'arn:two', replaces: 'arn:one' });
  expect(await pipeline.run(again)).toMatchObject({ status: 'loaded', loaded: 20, generation: 2 });
});

it('a field of 10 MB without quotes is one rejected row', async () => {
  const state = await pipeline.claim(pipeline.upload(gzipSync(csv(...lines, line(50, 'x'.repeat(10_000_000))))));
  expect(await pipeline.run(state)).toMatchObject({ status: 'loaded', loaded: 20, rejected: 1 });
  expect(pipeline.rejected(state)[0]).toMatchObject({ line: 22, reasons: ['row: longer than a record may be'] });
  expect(pipeline.rejected(state)[0]!.raw.length).toBe(1_000);
});

it('a file with a header alone is loaded, with no rows', async () => {
  const report = await pipeline.run(await pipeline.claim(pipeline.upload(csv())));
  expect(report).toMatchObject({ status: 'loaded', rows: 0, loaded: 0, rejected: 0 });
});

it('the same event twice is processed once', async () => {
  const version = pipeline.upload(csv(...lines));
  await pipeline.claim(version);
  expect(await pipeline.claim(version, { execution: 'arn:two' })).toMatchObject({ decision: 'nothing' });
});

it.each([
  ['of a version that is gone', 'incoming/products/gone.csv'],
  ['of no dataset', 'incoming/others/a.csv'],
])('an event %s ends quietly', async (_, key) => {
  expect(await pipeline.claim('no-such-version', { key })).toMatchObject({ decision: 'nothing' });
});

it('the same file twice changes nothing: every row is unchanged', async () => {
  await pipeline.run(await pipeline.claim(pipeline.upload(csv(...lines))));
  const again = await pipeline.run(await pipeline.claim(pipeline.upload(csv(...lines)), { execution: 'arn:two' }));
  expect(again).toMatchObject({ status: 'loaded', loaded: 0, unchanged: 20, older: 0 });
  // Rows that are not loaded are not written again.
  expect(pipeline.s3.keys('curated', 'curated/').every((key) => !key.includes(again.fileId))).toBe(true);
});

it('a key twice in a file: the later line stays, and both are counted', async () => {
  const report = await pipeline.run(await pipeline.claim(pipeline.upload(csv(line(1, 'first'), line(1, 'second')))));
  expect(report.loaded + report.older).toBe(2);
  expect(pipeline.names()).toEqual(['second']);
});

it('a step that is repeated changes neither rows nor verdicts', async () => {
  const claimed = await pipeline.claim(pipeline.upload(csv(...lines)));
  const split = await pipeline.step<typeof claimed>('split-file', await pipeline.step('inspect-file', claimed));
  expect(await pipeline.step('split-file', { ...split, decision: 'split' })).toEqual(split);
  for (let repeat = 0; repeat < 2; repeat++) await pipeline.map('transform-chunk', split, 'chunks');
  const decided = await pipeline.step('decide-file', split);
  for (let repeat = 0; repeat < 2; repeat++) await pipeline.map('load-chunk', split, 'staged');
  for (let repeat = 0; repeat < 2; repeat++) await pipeline.step('report-file', decided);
  expect(pipeline.report(claimed)).toMatchObject({ status: 'loaded', rows: 20, loaded: 20, unchanged: 0 });
});

it('a load that is killed after its writes finds the verdicts of its rows', async () => {
  const claimed = await pipeline.claim(pipeline.upload(csv(...lines)));
  const split = await pipeline.step<typeof claimed>('split-file', await pipeline.step('inspect-file', claimed));
  await pipeline.map('transform-chunk', split, 'chunks');
  const decided = await pipeline.step('decide-file', split);
  pipeline.s3.before = ({ operation, path }) =>
    operation === 'PutObject' && path.includes('/loaded/') ? { status: 400, body: '' } : undefined;
  await expect(pipeline.map('load-chunk', split, 'staged')).rejects.toThrow();
  pipeline.s3.before = () => undefined;
  await pipeline.map('load-chunk', split, 'staged');
  await pipeline.step('report-file', decided);
  expect(pipeline.report(claimed)).toMatchObject({ loaded: 20, unchanged: 0, older: 0 });
});

it('a load with busy rows keeps the verdicts of the others, and its retry writes the rest alone', async () => {
  const claimed = await pipeline.claim(pipeline.upload(csv(...lines)));
  const split = await pipeline.step<typeof claimed>('split-file', await pipeline.step('inspect-file', claimed));
  await pipeline.map('transform-chunk', split, 'chunks');
  const decided = await pipeline.step('decide-file', split);
  // One that the SDK does not repeat by itself.
  const busyAnswer = { status: 400, body: JSON.stringify({ __type: 'TransactionConflictException' }) };
  const written = new Map<string, number>();
  pipeline.dynamodb.before = ({ operation, body }) => {
    if (operation !== 'PutItem') return undefined;
    const { Item } = JSON.parse(body.toString()) as { Item: { id: { S: string } } };
    const times = (written.get(Item.id.S) ?? 0) + 1;
    written.set(Item.id.S, times);
    return Item.id.S.endsWith('3') && times === 1 ? busyAnswer : undefined;
  };
  let busy = 0;
  for (const chunk of pipeline.s3.keys('work', workKeys(claimed.file).staged)) {
    const load = () => pipeline.step('load-chunk', { file: claimed.file, format: split.format, chunk });
    await load().catch((error: unknown) => {
      expect(error).toMatchObject({ name: 'ServiceBusyError' });
      busy++;
      return load();
    });
  }
  await pipeline.step('report-file', decided);
  expect(busy).toBeGreaterThan(0);
  expect(output.text.match(/"ExpectedErrors":1/g)).toHaveLength(busy);
  expect([...written].filter(([id, times]) => times !== (id.endsWith('3') ? 2 : 1))).toEqual([]);
  expect(pipeline.report(claimed)).toMatchObject({ status: 'loaded', loaded: 20, unchanged: 0 });
});

it('counts that do not add up fail the file', async () => {
  const claimed = await pipeline.claim(pipeline.upload(csv(...lines)));
  const split = await pipeline.step<typeof claimed>('split-file', await pipeline.step('inspect-file', claimed));
  await pipeline.map('transform-chunk', split, 'chunks');
  const wrong = { ...split, split: { parts: split.split!.parts, rows: 21 } };
  await expect(pipeline.step('decide-file', wrong)).rejects.toMatchObject({ name: 'AccountingError' });
});

it('a failure is reported with its error, and a replay follows it once', async () => {
  const version = pipeline.upload(csv(...lines));
  const claimed = await pipeline.claim(version);
  await pipeline.step('report-file', { ...claimed, failure: { Error: 'Lambda.Unknown', Cause: 'secret' } });
  expect(pipeline.report(claimed)).toMatchObject({ status: 'failed', reason: 'Lambda.Unknown' });
  const replay = { execution: 'arn:two', replaces: 'arn:one' };
  const again = await pipeline.claim(version, replay);
  expect(await pipeline.claim(version, { ...replay, execution: 'arn:three' })).toMatchObject({ decision: 'nothing' });
  expect(await pipeline.run(again)).toMatchObject({ status: 'loaded', loaded: 20, generation: 2 });
});

it('the backlog is measured from the table', async () => {
  await pipeline.claim(pipeline.upload(csv(...lines)));
  await pipeline.step('watch-files', {});
  expect(output.lines('open files counted')).toMatchObject([{ count: 1 }]);
});

it('no row, name or value is logged', async () => {
  const bad = line(90, 'Jane Doe canary', 'canary-price');
  await pipeline.run(await pipeline.claim(pipeline.upload(csv(...lines, bad))));
  await pipeline.run(await pipeline.claim(pipeline.upload(csv('x,"canary')), { execution: 'arn:two' }));
  expect(output.text).toContain('file ended');
  expect(output.text).not.toContain('canary');
});
