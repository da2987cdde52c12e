import { dollarsOfSnapshot, dollarsOfVolume } from '../../../lambda/volume-cleanup/prices';

it.each([
  ['gp3', { iops: 3_000, throughput: 125 }, 8],
  ['gp3', { iops: 4_000, throughput: 225 }, 8 + 5 + 4],
  ['gp2', { iops: 300 }, 10],
  ['io1', { iops: 40_000 }, 12.5 + 2_600],
  ['io2', { iops: 10_000 }, 12.5 + 650],
  ['io2', { iops: 100_000 }, 12.5 + 2_080 + 1_472 + 1_152],
  ['sc1', {}, 1.5],
  ['unknown', { iops: 5 }, 0],
])('100 GiB of %s with %j cost %d dollars a month', (type, performance, dollars) => {
  expect(dollarsOfVolume({ type, gibibytes: 100, ...performance })).toBeCloseTo(dollars, 6);
});

it('a snapshot costs its size, less in the archive', () => {
  expect([dollarsOfSnapshot(100, 'standard'), dollarsOfSnapshot(100, 'archive')]).toEqual([5, 1.25]);
});
