import { withExplanation, type Operations } from '../command-line/operation';
import { redriveOperation } from '../command-line/redrive';
import { runRebuild } from './rebuild-command';
import { redriveStreamProcessor } from './redrive-command';
import { runReplay } from './replay-command';
import { runReshard } from './reshard-command';

const explain = (reason: string): string => `stopped: ${reason}: check credentials, region and stage, and run it again`;

export const operations: Operations = {
  replay: {
    summary: 'sends records in Failures to their functions again, in order',
    run: (args) => withExplanation(() => runReplay(args), explain),
  },
  rebuild: {
    summary: 'compares the view of accounts with their table, and makes it again',
    run: (args) => withExplanation(() => runRebuild(args), explain),
  },
  redrive: redriveOperation(redriveStreamProcessor),
  reshard: {
    summary: 'changes the number of shards of the stream',
    run: (args) => withExplanation(() => runReshard(args), explain),
  },
};
