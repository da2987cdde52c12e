/**
 * What Step Functions bills for an order on each path: state transitions, and the functions invoked, against the same flow
 * with a function for each task. Counted on the definition itself; each retry is one transition more.
 *
 * Then orders per second and receipt to confirmation, where a stack is up.
 */
import { deployed, measurePace, type Pace } from './order-workflow/pace';
import { paths, walk } from './order-workflow/paths';
import { progress, runBench } from './measuring/run-bench';
import { paragraphs, table } from './measuring/section';

/** US dollars of one transition, us-east-1, price list of November 2026. */
const dollars = 0.000_025;

const notUp =
  'Orders per second are not measured: no stack was up (`npm run local -- order-workflow --keep`, then `source .local/env`).';

void runBench(async ({ quick }) => {
  const stack = deployed();
  const paces: Pace[] = [];
  if (stack !== undefined) {
    for (const orders of quick ? [5] : [10, 100]) {
      progress(`${orders} orders`);
      paces.push(await measurePace(stack, orders));
    }
  }
  return { body: paragraphs(billed(), stack === undefined ? notUp : paced(paces)), versions: {} };
});

function billed(): string {
  const rows = Object.entries(paths).map(([path, turns]) => {
    const visited = walk(turns);
    const tasks = visited.filter(({ Type }) => Type === 'Task');
    const functions = tasks.filter((task) => String(task['Resource']).includes(':lambda:')).length;
    const cost = Math.round(visited.length * dollars * 1_000_000);
    return [path, visited.length, cost, functions, tasks.length, functions / tasks.length];
  });
  return paragraphs(
    'What is billed for an order, counted on the definition, against the same flow with a function for each task. The ' +
      'transitions are the same in both; a step that never answers is billed for each retry. It grows with the orders and ' +
      'with nothing else: ten or a hundred times the orders are ten or a hundred times this.',
    table(['path', 'transitions', 'dollars a million', 'functions', 'one for each task', 'ratio'], rows),
  );
}

function paced(paces: readonly Pace[]): string {
  return paragraphs(
    'Plain orders on the stack that was up, 16 receipts at once, each of a SKU of its own; on the emulator it is the ' +
      "emulator's pace, and says nothing of AWS.",
    table(
      ['orders', 'orders/s', 'receipt to confirmation, median s', 'p99 s', 'transitions an order'],
      paces.map(({ orders, perSecond, median, p99, transitionsAnOrder }) => [
        String(orders),
        perSecond,
        median,
        p99,
        transitionsAnOrder,
      ]),
    ),
  );
}
