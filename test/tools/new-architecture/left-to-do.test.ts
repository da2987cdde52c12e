import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { leftToDo } from '../../../tools/new-architecture/left-to-do';

let folder: string;
const put = (path: string, text: string): void => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
};
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'left-to-do-'));
});

it('every mark is listed with its place and what it says, handlers first', () => {
  put('README.md', '| [orders](…) | TODO(orders): what it shows   | $0.30 |');
  put(
    'scenarios/orders/fault-answers.ts',
    "\n  throttling: { notProvableHere: 'TODO(orders): throttling: nothing lost' },",
  );
  put('lambda/orders/answer.ts', '/** TODO(orders): decide. */\n// TODO(orders): act.');
  expect(leftToDo(folder, 'orders')).toEqual([
    'lambda/orders/answer.ts:1: decide.',
    'lambda/orders/answer.ts:2: act.',
    'scenarios/orders/fault-answers.ts:2: throttling: nothing lost',
    'README.md:1: what it shows',
  ]);
});

it('marks of another architecture, and those of the test that lists them, do not count', () => {
  put('docs/runbook/orders.md', 'TODO(other): later');
  put('test/lambda/orders/left-to-do.test.ts', '// TODO(orders)');
  expect(leftToDo(folder, 'orders')).toEqual([]);
});
