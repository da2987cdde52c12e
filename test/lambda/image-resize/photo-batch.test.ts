import { settleAll, type PhotoReport } from '../../../lambda/image-resize/photo-batch';

const photos = ['a', 'b', 'c'].map((key) => ({ bucket: 'uploads', key }));
const resized = { outcome: 'resized', versionId: 'v1', rounds: 1 } as const;

test('each photo is reported with the time it took', async () => {
  const reports: PhotoReport[] = [];
  let clock = 0;
  await settleAll(
    photos,
    async () => {
      clock += 7;
      return resized;
    },
    (report) => reports.push(report),
    () => clock,
  );
  expect(reports).toEqual(photos.map((photo) => ({ ...photo, milliseconds: 7, result: resized })));
});

test('a photo that fails stops no other, and the event fails at the end', async () => {
  const reports: PhotoReport[] = [];
  const slowDown = Object.assign(new Error('reduce your rate'), { name: 'SlowDown' });
  const settling = settleAll(
    photos,
    async ({ key }) => {
      if (key === 'b') throw slowDown;
      return resized;
    },
    (report) => reports.push(report),
    () => 0,
  );
  await expect(settling).rejects.toMatchObject({
    name: 'PhotosFailed',
    message: '1 of 3 photos failed and are tried again: SlowDown: reduce your rate',
    errors: [slowDown],
  });
  expect(reports.map((report) => 'failure' in report)).toEqual([false, true, false]);
});
