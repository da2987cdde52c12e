/**
 * State transitions and function invocations that are billed for an order on each path, compared with the same flow with a
 * function for each task. Counted on the definition; each retry is one more transition.
 */
import { paths, walkPath } from './order-workflow/paths';
import { runBench } from './measuring/run-bench';
import { paragraphs, table } from './measuring/section';

/** US dollars of one transition, us-east-1, price list of November 2026. */
const dollars = 0.000_025;

void runBench(() => Promise.resolve({ body: describeBilling(), versions: {} }));

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
