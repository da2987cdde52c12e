import { withExplanation, type Operations } from '../command-line/operation';
import { redriveOperation } from '../command-line/redrive';
import { runOrders } from './orders';
import { redriveOrderWorkflow } from './redrive-command';

export const operations: Operations = {
  orders: {
    summary: 'shows, lists and repairs orders: --restart, --fail, --notify',
    run: (args) =>
      withExplanation(
        () => runOrders(args),
        (reason) => `stopped: ${reason} (check AWS_REGION and AWS_PROFILE)`,
      ),
  },
  redrive: redriveOperation(redriveOrderWorkflow),
};
