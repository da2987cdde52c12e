import { join } from 'node:path';
import { architectures } from '../../lib/architectures';
import { UsageError } from '../../operations/command-line/command';
import { Display } from '../scenario-runner/display';
import { Progress } from '../scenario-runner/progress';
import { stopOnSignal } from '../scenario-runner/stop-on-signal';
import { AccountError } from './account';
import { help, readOptions } from './command-line';
import { runInAccount } from './account-run';

async function main(args: readonly string[]): Promise<number> {
  const options = readOptions(args, architectures);
  if (options === 'help') {
    console.log(help);
    return 0;
  }
  const progress = new Progress(new Display(process.stdout));
  try {
    return await runInAccount(join(__dirname, '..', '..'), options, { progress, stop: stopOnSignal() });
  } finally {
    progress.display.close();
  }
}

main(process.argv.slice(2)).then(
  // Sockets that a stopped check left open must not keep the process alive.
  (code) => process.exit(code),
  (error: unknown) => {
    const isKnown = error instanceof UsageError || error instanceof AccountError;
    console.error(isKnown || error instanceof Error ? error.message : error);
    process.exit(error instanceof UsageError ? 2 : 1);
  },
);
