import { makeReport, messageOf, type ReportInput } from '../../../lambda/etl-pipeline/report';
import { fileOf } from './products';

const input: ReportInput = {
  run: {
    file: fileOf(),
    startedAt: '2026-11-26T10:00:00Z',
    split: { parts: 2, rows: 1_000 },
    transformed: { rows: 1_000, staged: 990, rejected: 10, reasons: { 'price: wrong': 8, 'sku: wrong': 2 } },
  },
  status: 'loaded',
  loaded: { loaded: 980, unchanged: 7, older: 3 },
  now: new Date('2026-11-26T10:01:00Z'),
};

it('a report has the counts, the reasons, the duration and a cost', () => {
  expect(makeReport(input)).toEqual({
    fileId: 'f1',
    file: 'incoming/products/a.csv',
    versionId: 'v1',
    dataset: 'products',
    status: 'loaded',
    rows: 1_000,
    loaded: 980,
    unchanged: 7,
    older: 3,
    rejected: 10,
    rejectedBecause: { 'price: wrong': 8, 'sku: wrong': 2 },
    rejectedRows: 'rejected/products/f1/',
    uploadedAt: '2026-11-26T10:00:00.000Z',
    endedAt: '2026-11-26T10:01:00.000Z',
    seconds: 60,
    generation: 1,
    // 997 writes, 36 transitions, 21 seconds of functions.
    estimatedUsd: 0.0018,
  });
});

it('the message says how the file ended, and how to learn more', () => {
  const { subject, message } = messageOf(
    makeReport({ ...input, status: 'quarantined', reason: 'too many', quarantinedTo: 'quarantine/products/f1/a.csv' }),
  );
  expect(subject).toBe('File of products QUARANTINED: 10 of 1000 rows rejected');
  expect(message.split('\n')).toEqual([
    'incoming/products/a.csv (dataset products): quarantined: too many',
    '1000 rows: 980 loaded, 7 unchanged, 3 older, 10 rejected, in 60 s.',
    'Rejected because:',
    '  8 × price: wrong',
    '  2 × sku: wrong',
    'Rejected rows: rejected/products/f1/',
    'Quarantined file: quarantine/products/f1/a.csv',
    'npm run ops -- etl-pipeline explain f1',
  ]);
});

it('a subject is short ASCII text, as SNS takes it, whatever the file is called', () => {
  const dataset = { ...input.run.file.dataset, name: 'x'.repeat(40) };
  const transformed = { rows: 999_999_999, staged: 0, rejected: 999_999_999, reasons: {} };
  const run = { ...input.run, file: fileOf({ key: 'ä\n', dataset }), transformed };
  const { subject } = messageOf(makeReport({ ...input, run, status: 'quarantined' }));
  expect(subject).toMatch(/^[ -~]{1,100}$/);
});

it('a message has the lines of its own alone, whatever files and fields are called', () => {
  const transformed = { rows: 2, staged: 1, rejected: 1, reasons: { 'a\u001b[2J\nb: use a text': 1 } };
  const run = { ...input.run, file: fileOf({ key: 'incoming/products/a\nloaded\u2028' }), transformed };
  const { message } = messageOf(makeReport({ ...input, run }));
  expect(message.split(/[\n\u2028]/)).toHaveLength(6);
  expect(message).toContain('incoming/products/a?loaded? (dataset products)');
  expect(message).toContain('1 × a?[2J?b: use a text');
});
