import { Deadline } from '../../../lambda/scheduled-backup/deadline';

it('work is begun in the first three quarters of the time, below what counts as slow', () => {
  let now = 0;
  const deadline = new Deadline(900_000, () => now);
  now = 674_000;
  expect(deadline.hasTime).toBe(true);
  now = 676_000;
  expect(deadline.hasTime).toBe(false);
  expect(deadline.signal.aborted).toBe(false);
});
