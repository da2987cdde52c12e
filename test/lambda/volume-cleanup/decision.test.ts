import { decide } from '../../../lambda/volume-cleanup/decision';
import { day } from './fake-region';

const now = Date.UTC(2026, 0, 1);
const policy = { minimumAgeMilliseconds: 30 * day, graceMilliseconds: 7 * day, exemptTags: ['keep'], dryRun: false };
const old = {
  ...{ id: 'vol-1', region: 'us-east-1', version: 1, stage: 'unattached' as const, firstSeenAt: now - 60 * day },
  ...{ lastSeenAt: now - day, notifiedAt: now - 10 * day, claimedAt: now - day },
};
const step = (change: Partial<typeof old>) =>
  decide({ usage: undefined, tags: {} }, { ...old, ...change }, policy, now).step;

it.each(['firstSeenAt', 'lastSeenAt', 'notifiedAt', 'claimedAt'])('begins anew if %s is in the future', (time) => {
  expect(step({})).toBe('remove');
  expect(step({ [time]: now + 1 })).toBe('begin');
});

it.each(['keep', 'Keep', 'KEEP'])('keeps what has the exempt tag %s, as IAM reads it', (key) => {
  expect(decide({ usage: undefined, tags: { [key]: '' } }, old, policy, now)).toEqual({
    step: 'keep',
    reason: 'tag keep',
  });
});

it('begins anew after more than three days without a run, and if a time is no number', () => {
  expect(step({ lastSeenAt: now - 3 * day })).toBe('remove');
  expect(step({ lastSeenAt: now - 3 * day - 1 })).toBe('begin');
  expect(step({ firstSeenAt: NaN })).toBe('begin');
});
