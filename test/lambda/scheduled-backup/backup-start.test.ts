import { beginBackup } from '../../../lambda/scheduled-backup/backup-start';
import { summaryKey, type Summary } from '../../../lambda/scheduled-backup/manifest';
import { MemoryTexts } from './memory-texts';

const day = '2026-11-21';
const request = { scheduledTime: `${day}T00:00:00Z` };
const summary: Summary = {
  day,
  status: 'complete',
  run: 'before',
  scheduledTime: request.scheduledTime,
  startedAt: '',
  finishedAt: '',
  source: 'source',
  parts: { prefix: `_manifests/${day}/before/`, count: 1 },
  counts: { copied: 1, skipped: 0, failed: 0, bytes: 1 },
  mismatched: 0,
  findings: [],
};

function stage(more: { backup?: Record<string, string>; source?: Record<string, string>; running?: string[] } = {}) {
  return {
    timeZone: 'UTC',
    journal: new MemoryTexts(),
    backup: new MemoryTexts(more.backup),
    source: new MemoryTexts(more.source ?? { 'a key': 'bytes' }),
    isRunning: async (execution: string) => (more.running ?? []).includes(execution),
  };
}

const input = (name: string, more: object = {}) => ({
  request: { ...request, ...more },
  execution: { id: `arn:${name}`, name, startedAt: 'now' },
});

it('a day without a backup is copied, anew', async () => {
  expect(await beginBackup(input('one'), stage())).toMatchObject({ decision: 'copy', day, run: 'one', resumed: false });
});

it('a schedule that fires twice at once makes one backup', async () => {
  const both = stage({ running: ['arn:one', 'arn:two'] });
  const starts = await Promise.all([beginBackup(input('one'), both), beginBackup(input('two'), both)]);
  expect(starts.map(({ decision }) => decision).sort()).toEqual(['copy', 'nothing']);
});

it('a schedule that fires again later finds the day complete', async () => {
  const later = stage({ backup: { [summaryKey(day)]: JSON.stringify(summary) } });
  expect(await beginBackup(input('two'), later)).toMatchObject({ decision: 'nothing' });
});

it('an incomplete day is done again', async () => {
  const incomplete = { ...summary, status: 'incomplete' };
  const backup = { [summaryKey(day)]: JSON.stringify(incomplete), [`${day}/a key`]: 'bytes' };
  expect(await beginBackup(input('two'), stage({ backup }))).toMatchObject({ decision: 'copy', resumed: true });
});

it('while a run of another day is going, the next is refused', async () => {
  const busy = stage({ running: ['arn:one', 'arn:two'] });
  await beginBackup(input('one'), busy);
  const next = await beginBackup(input('two', { scheduledTime: '2026-11-22T00:00:00Z' }), busy);
  expect(next).toMatchObject({ decision: 'refuse', because: `run one of ${day} is still going` });
});

it('a run that was stopped holds nobody up, and is resumed', async () => {
  const stopped = stage();
  await beginBackup(input('one'), stopped);
  stopped.backup.texts.set(`${day}/a key`, 'bytes');
  expect(await beginBackup(input('two'), stopped)).toMatchObject({ decision: 'copy', resumed: true });
});

it('a step that is tried again keeps its lock', async () => {
  const again = stage({ running: ['arn:one'] });
  await beginBackup(input('one'), again);
  expect(await beginBackup(input('one'), again)).toMatchObject({ decision: 'copy' });
});

it('an empty source goes straight to the manifest', async () => {
  expect(await beginBackup(input('one'), stage({ source: {} }))).toMatchObject({ decision: 'gather' });
});

it('a verification means the parts of the day as they are', async () => {
  const there = stage({ backup: { [summaryKey(day)]: JSON.stringify(summary) } });
  const start = await beginBackup(input('one', { verifyOnly: true }), there);
  expect(start).toMatchObject({ decision: 'verify', partsPrefix: summary.parts.prefix });
});

it('what has no backup cannot be verified', async () => {
  await expect(beginBackup(input('one', { verifyOnly: true }), stage())).rejects.toMatchObject({
    name: 'UnusableRequest',
  });
});

it.each([{}, { scheduledTime: 'today' }, { scheduledTime: '2026-11-21' }, { ...request, more: 1 }])(
  'the input %j is refused with its reason',
  async (wrong) => {
    const wronged = { ...input('one'), request: wrong };
    await expect(beginBackup(wronged, stage())).rejects.toMatchObject({ name: 'UnusableRequest' });
  },
);
