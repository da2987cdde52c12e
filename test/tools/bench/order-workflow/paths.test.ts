import { paths, walk } from '../../../../tools/bench/order-workflow/paths';

test.each(Object.entries(paths))('an order that is %s comes to an end of the machine', (_, turns) => {
  expect(['Succeed', 'Fail']).toContain(walk(turns).at(-1)?.Type);
});

test('a step that never answers counts once for each time that it is tried', () => {
  const declined = walk(paths['payment declined'] ?? []);
  const unanswered = walk(paths['payment never answered'] ?? []);
  expect(new Set(declined).size).toBe(declined.length);
  expect(new Set(unanswered).size).toBeLessThan(unanswered.length);
});

test('a path whose turns the machine does not take is refused', () => {
  expect(() => walk(['Ask for approval'])).toThrow('name its turns');
  expect(() => walk(['No such state'])).toThrow("no state 'No such state'");
});
