import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { marksOf } from '../../../tools/new-architecture/marks';

let folder: string;
const put = (path: string, text: string): void => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
};
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'marks-'));
});

it('lists every mark with its place and its text, handlers first', () => {
  put('README.md', '| [orders](…): TODO(orders): one sentence   | Lambda | $0.30 |');
  put('scenarios/orders/fault-answers.ts', '\n * TODO(orders): correct these answers');
  put('lambda/orders/answer.ts', '/** TODO(orders): decide. */\n// TODO(orders): act.');
  expect(marksOf(folder, 'orders')).toEqual([
    'lambda/orders/answer.ts:1: decide.',
    'lambda/orders/answer.ts:2: act.',
    'scenarios/orders/fault-answers.ts:2: correct these answers',
    'README.md:1: one sentence',
  ]);
});

it('ignores marks of another architecture', () => {
  put('docs/runbook/orders.md', 'TODO(other): later');
  expect(marksOf(folder, 'orders')).toEqual([]);
});
