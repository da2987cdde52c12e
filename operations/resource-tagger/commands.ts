import { withExplanation, type Operation, type Operations } from '../command-line/operation';
import { redriveOperation } from '../command-line/redrive';
import { runBackfill } from './backfill-command';
import { redriveResourceTagger } from './redrive-command';
import { runTestNotice } from './test-notice-command';
import { runTrails } from './trails-command';
import { runUntagged } from './untagged-command';

const explained = (summary: string, run: Operation['run']): Operation => ({
  summary,
  run: (args) =>
    withExplanation(
      () => run(args),
      (reason) => `stopped: ${reason} (check AWS_REGION and AWS_PROFILE)`,
    ),
});

export const operations: Operations = {
  redrive: redriveOperation(redriveResourceTagger),
  backfill: explained('tags what was created within the last 90 days', runBackfill),
  untagged: explained('lists what has no owner, or lacks a required tag', runUntagged),
  'test-notice': explained('sends a notice to Slack, Teams and mailboxes, to see that it arrives', runTestNotice),
  trails: explained('says whether a trail logs management events here', runTrails),
};
