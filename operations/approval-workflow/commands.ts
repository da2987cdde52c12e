import { withExplanation, type Operations } from '../command-line/operation';
import { runRequests } from './requests';

export const operations: Operations = {
  requests: {
    summary: 'lists requests, shows the story of one, cancels, and compares machines with requests',
    run: (args) =>
      withExplanation(
        () => runRequests(args),
        (reason) => `stopped: ${reason}: check credentials, region and stage, and run it again`,
      ),
  },
};
