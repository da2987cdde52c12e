import { withExplanation, type Operations } from '../command-line/operation';
import { runUploads } from './uploads';

export const operations: Operations = {
  uploads: {
    summary: 'lists and repairs documents whose upload arrived unseen',
    run: (args) =>
      withExplanation(
        () => runUploads(args),
        (reason) => `stopped: ${reason}: check credentials, region and stage, and run it again`,
      ),
  },
};
