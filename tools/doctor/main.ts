import { join } from 'node:path';
import pico from 'picocolors';
import { parseOptions, runCommand } from '../../operations/command-line/command';
import { examine, type Finding } from './check';
import { surroundingsOf } from './surroundings';

const help = `Says what this machine and your AWS account have and lack, and how to mend it.

  npm run doctor
  --help  this text

With credentials in the shell it asks the account who you are and which bootstrap version it has; it changes nothing.
Exit code: 0 nothing is lacking, 1 something is, 2 wrong usage.`;

const colours = pico.createColors(process.stdout.isTTY && process.env['NO_COLOR'] === undefined);
const marks = { good: colours.green('✓'), lacking: colours.red('✗'), optional: colours.yellow('–') };

async function main(): Promise<number> {
  const { values } = parseOptions({ options: { help: { type: 'boolean' } } });
  if (values.help) {
    console.log(help);
    return 0;
  }
  const findings = await examine(surroundingsOf(join(__dirname, '..', '..'), process.env));
  const width = Math.max(...findings.map(({ what }) => what.length));
  for (const finding of findings) console.log(lineOf(finding, width));
  return findings.some(({ status }) => status === 'lacking') ? 1 : 0;
}

function lineOf({ what, status, found, fix }: Finding, width: number): string {
  return `${marks[status]} ${what.padEnd(width)}  ${found}${fix === undefined ? '' : `: ${fix}`}`;
}

void runCommand(main);
