import { withExplanation, type Operations } from '../command-line/operation';
import { runUndo } from './undo-command';

export const operations: Operations = {
  undo: {
    summary: 'makes a deleted volume again from its snapshot',
    run: (args) =>
      withExplanation(
        () => runUndo(args),
        (reason) => `stopped: ${reason} (check AWS_REGION and AWS_PROFILE)`,
      ),
  },
};
