import { machineLine, type Machine } from '../../../../tools/bench/measuring/machine';

const machine: Machine = {
  date: '2026-11-21',
  commit: 'abc1234',
  processor: 'A Processor',
  cores: 2,
  memoryBytes: 8 * 1024 ** 3,
  system: 'Debian, kernel 6.1, x64',
  node: '24.9.0',
  load: 0.26,
};

test('a section has machine, time, versions and load', () => {
  expect(machineLine(machine, 41.7, { sharp: '0.35.5', jimp: '1.6.1' })).toBe(
    '_2026-11-21, commit abc1234; A Processor, 2 cores, 8.0 GiB; Debian, kernel 6.1, x64; ' +
      'Node 24.9.0, sharp 0.35.5, jimp 1.6.1; load 0.3 before, took 42 s._',
  );
});
