import { faultCatalog } from '../../../scenarios/shared/fault-catalog';
import { namesOf } from '../../../tools/new-architecture/names';
import { filesOf, fill, idleCost } from '../../../tools/new-architecture/skeleton';

const files = filesOf(namesOf('order-intake', 'take-order'));
const text = (path: string): string => files.get(path) ?? '';

it('every tree gets its files, under the name of the architecture and of its handler', () => {
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
    'test/lambda/order-intake/left-to-do.test.ts',
    'test/lib/order-intake/order-intake-settings.test.ts',
    'test/lib/order-intake/order-intake-stack.test.ts',
  ]);
});

it('no placeholder is left', () => {
  const left = [...files].filter(([path, content]) => /__[a-zA-Z]+__|SLUG|HANDLER/.test(path + content));
  expect(left.map(([path]) => path)).toEqual([]);
});

it('no file names another architecture', () => {
  const others = [...files].filter(([, content]) => /image-resize|queue-processor|scheduled-backup/.test(content));
  expect(others.map(([path]) => path)).toEqual([]);
});

it('the function is deployed by the construct of its name, and metered under it', () => {
  const stack = text('lib/order-intake/order-intake-stack.ts');
  expect(stack).toContain("new ServiceFunction(this, 'TakeOrder'");
  expect(stack).toContain("handlerFile: 'order-intake/take-order'");
  expect(JSON.parse(text('lib/order-intake/usage.json'))).toHaveProperty(['each', 'TakeOrder/Function', 'invocations']);
});

it('every fault of the catalog waits for its answer', () => {
  const answers = text('scenarios/order-intake/fault-answers.ts');
  const missing = Object.keys(faultCatalog).filter(
    (fault) => !answers.includes(`'${fault}': { notProvableHere: 'TODO(`),
  );
  expect(missing).toEqual([]);
});

it('the runbook gets a heading for each alarm of the function, and the page links to them', () => {
  const page = text('docs/runbook/order-intake.md');
  for (const alarm of ['errors', 'throttles', 'slow']) {
    expect(page).toContain(`\n## TakeOrder ${alarm}\n`);
    expect(text('lib/order-intake/README.md')).toContain(`runbook/order-intake.md#takeorder-${alarm}`);
  }
});

it('idle, three alarms are paid for', () => {
  expect(idleCost).toMatch(/^\$0\.\d\d$/);
  expect(text('lib/order-intake/README.md')).toContain(`three alarms, ${idleCost} a month`);
});

it('a placeholder without a value is an error that names those there are', () => {
  expect(() => fill('__slag__', { slug: 'x' })).toThrow("a skeleton file has '__slag__': use one of slug");
});
