import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { bundleHandlers, findHandlers, handlerFolder } from '../../../lib/bundling/bundle-handlers';
import { root } from '../../synthesis';

/** Kilobytes of a handler with one or two clients of the AWS SDK and the logger, with room for a tenth more. */
const usualKilobytes = 700;

/** `lambda/<slug>/bundle-budgets.json`: kilobytes of the handlers that need more, by file name. */
function budgetOf(handler: string): number {
  const [slug = '', file = ''] = handler.split('/');
  const budgets = join(root, 'lambda', slug, 'bundle-budgets.json');
  if (!existsSync(budgets)) return usualKilobytes;
  return (JSON.parse(readFileSync(budgets, 'utf8')) as Record<string, number>)[file] ?? usualKilobytes;
}

const handlers = findHandlers(root);
let folder: string;

beforeAll(() => {
  folder = bundleHandlers({ root, architecture: 'arm64' });
});

it.each(handlers)('%s stays within its budget: what it imports is paid for at every cold start', (handler) => {
  const kilobytes = Math.ceil(statSync(join(handlerFolder(folder, handler), 'index.js')).size / 1_000);
  expect({ handler, kilobytes, isWithinBudget: kilobytes <= budgetOf(handler) }).toMatchObject({
    isWithinBudget: true,
  });
});
