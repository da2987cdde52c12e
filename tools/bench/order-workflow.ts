/**
 * State transitions and function invocations that are billed for an order on each path, compared with the same flow with a
 * function for each task. Counted on the definition; each retry is one more transition.
 *
 * Orders per second and time to confirmation, if a stack is deployed.
 */
import { measurePace, readDeployed, type Pace } from './order-workflow/pace';
import { paths, walkPath } from './order-workflow/paths';
import { progress, runBench } from './measuring/run-bench';
import { paragraphs, table } from './measuring/section';

/** US dollars of one transition, us-east-1, price list of November 2026. */
const dollars = 0.000_025;

const notDeployed =
  'Orders per second were not measured: no stack was deployed (`npm run local -- order-workflow --keep`, then `source .local/env`).';

void runBench(async ({ quick }) => {
  const stack = readDeployed();
  const paces: Pace[] = [];
  if (stack !== undefined) {
    for (const orders of quick ? [5] : [10, 100]) {
      progress(`${orders} orders`);
      paces.push(await measurePace(stack, orders));
    }
  }
  return { body: paragraphs(describeBilling(), stack === undefined ? notDeployed : describePace(paces)), versions: {} };
});

function describeBilling(): string {
  const rows = Object.entries(paths).map(([path, choices]) => {
    const visited = walkPath(choices);
    const tasks = visited.filter(({ Type }) => Type === 'Task');
    const functions = tasks.filter((task) => String(task['Resource']).includes(':lambda:')).length;
    const cost = Math.round(visited.length * dollars * 1_000_000);
    return [path, visited.length, cost, functions, tasks.length, functions / tasks.length];
  });
  return paragraphs(
    'State transitions and functions billed for an order, counted on the definition, compared with the same flow with a ' +
      'function for each task. The transitions are equal in both; a step that never answers is billed for each retry. ' +
      'The bill is proportional to the number of orders.',
    table(['path', 'transitions', 'dollars a million', 'functions', 'one for each task', 'ratio'], rows),
  );
}

function describePace(paces: readonly Pace[]): string {
  return paragraphs(
    'Valid orders on the deployed stack, 16 at once, each with its own SKU. Times on the emulator say nothing about AWS.',
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
