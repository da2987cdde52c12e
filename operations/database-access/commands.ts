import { withExplanation, type Operations } from '../command-line/operation';
import { runMigrate } from './migrate';

export const operations: Operations = {
  migrate: {
    summary: 'migrates the schema outside a deployment',
    run: (args) =>
      withExplanation(
        () => runMigrate(args),
        (reason) => `not migrated: ${reason}`,
      ),
  },
};
