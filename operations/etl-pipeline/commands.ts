import { withExplanation, type Operations } from '../command-line/operation';
import { redriveOperation } from '../command-line/redrive';
import { runAthena } from './athena-command';
import { runExplain } from './explain-command';
import { redriveEtlPipeline } from './redrive-command';
import { runReplay } from './replay-command';

const explained = (run: () => Promise<number>): Promise<number> =>
  withExplanation(run, (reason) => `stopped: ${reason} (check AWS_REGION and AWS_PROFILE)`);

export const operations: Operations = {
  explain: {
    summary: 'shows what became of a file, or lists files that have reached no end',
    run: (args) => explained(() => runExplain(args)),
  },
  replay: {
    summary: 'sends quarantined or failed files through the state machine again',
    run: (args) => explained(() => runReplay(args)),
  },
  athena: {
    summary: 'prints the statement that makes curated rows a table of Athena',
    run: (args) => explained(() => runAthena(args)),
  },
  redrive: redriveOperation(redriveEtlPipeline),
};
