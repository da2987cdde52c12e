import { withExplanation, type Operations } from '../command-line/operation';
import { showOrder } from './orders';

export const operations: Operations = {
  orders: {
    summary: 'shows the history of an order and its path through the state machine',
    run: (args) =>
      withExplanation(
        () => showOrder(args),
        (reason) => `cannot show the order: ${reason} (check AWS_REGION and AWS_PROFILE)`,
      ),
  },
};
