import { faultCatalog } from '../../../scenarios/shared/fault-catalog';
import { namesOf } from '../../../tools/new-architecture/names';
import { filesOf, fill, fixedCost } from '../../../tools/new-architecture/skeleton';

const files = filesOf(namesOf('order-intake', 'take-order'));
const text = (path: string): string => files.get(path) ?? '';

it('has files in every folder, named after the architecture and its handler', () => {
  expect([...files.keys()]).toEqual([
    'docs/runbook/order-intake.md',
    'lambda/order-intake/take-order.ts',
    'lambda/order-intake/answer.ts',
    'lambda/order-intake/bundle-budgets.json',
    'lib/order-intake/README.md',
    'lib/order-intake/order-intake-settings.ts',
    'lib/order-intake/order-intake-stack.ts',
    'lib/order-intake/usage.json',
    'operations/order-intake/README.md',
    'scenarios/order-intake.ts',
    'scenarios/order-intake/alarm-causes.json',
    'scenarios/order-intake/fault-answers.ts',
    'scenarios/order-intake/smoke-test.ts',
    'test/lambda/order-intake/take-order.test.ts',
    'test/lambda/order-intake/answer.test.ts',
    'test/lib/order-intake/order-intake-settings.test.ts',
    'test/lib/order-intake/order-intake-stack.test.ts',
  ]);
});

it('has no placeholder left', () => {
  const left = [...files].filter(([path, content]) => /__[a-zA-Z]+__|SLUG|HANDLER/.test(path + content));
  expect(left.map(([path]) => path)).toEqual([]);
});

it('names no other architecture in code', () => {
  const others = [...files].filter(([, content]) => /image-resize|queue-processor|scheduled-backup/.test(content));
  expect(others.map(([path]) => path)).toEqual([]);
});

it('deploys the function by the construct of its name, and meters it under that name', () => {
  const stack = text('lib/order-intake/order-intake-stack.ts');
  expect(stack).toContain("new ServiceFunction(this, 'TakeOrder'");
  expect(stack).toContain("handlerFile: 'order-intake/take-order'");
  expect(JSON.parse(text('lib/order-intake/usage.json'))).toHaveProperty(['each', 'TakeOrder/Function', 'invocations']);
});

it('answers every fault of the catalog', () => {
  const answers = text('scenarios/order-intake/fault-answers.ts');
  expect(Object.keys(faultCatalog).filter((fault) => !new RegExp(`^  '?${fault}'?: `, 'm').test(answers))).toEqual([]);
});

it('has at most twelve marks to fill in, with the one in the README', () => {
  const marks = [...files.values()].flatMap((content) => content.split('TODO(order-intake)').slice(1));
  expect(marks.length + 1).toBeLessThanOrEqual(12);
});

it('has a runbook entry for each alarm, to which the page links', () => {
  const page = text('docs/runbook/order-intake.md');
  for (const alarm of ['errors', 'throttles', 'slow']) {
    expect(page).toContain(`\n## TakeOrder ${alarm}\n`);
    expect(text('lib/order-intake/README.md')).toContain(`runbook/order-intake.md#takeorder-${alarm}`);
  }
});

it('gives the fixed cost of three alarms', () => {
  expect(fixedCost).toMatch(/^\$0\.\d\d$/);
  expect(text('lib/order-intake/README.md')).toContain(`three alarms, ${fixedCost} a month`);
});

it('fails on a placeholder without a value, and names the known ones', () => {
  expect(() => fill('__slag__', { slug: 'x' })).toThrow("a skeleton file has '__slag__': use one of slug");
});
