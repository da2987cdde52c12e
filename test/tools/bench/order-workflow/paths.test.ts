import { paths, walkPath } from '../../../../tools/bench/order-workflow/paths';

test.each(Object.entries(paths))('the path %s reaches a terminal state', (_, turns) => {
  expect(['Succeed', 'Fail']).toContain(walkPath(turns).at(-1)?.Type);
});

test('counts every attempt of a step that never answers', () => {
  const declined = walkPath(paths['payment declined'] ?? []);
  const unanswered = walkPath(paths['payment never answered'] ?? []);
  expect(new Set(declined).size).toBe(declined.length);
  expect(new Set(unanswered).size).toBeLessThan(unanswered.length);
});

test('refuses a path that the state machine does not take', () => {
  expect(() => walkPath(['Ask for approval'])).toThrow('name its choices');
  expect(() => walkPath(['No such state'])).toThrow("no state 'No such state'");
});
