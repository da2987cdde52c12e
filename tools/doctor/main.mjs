import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { examine } from './checks.mjs';
import { machineOf } from './machine.mjs';

const help = `Checks what this machine and your AWS account need for each command. Works before npm ci; changes nothing.

  npm run doctor
  --help  this text

With credentials in the shell it asks the account for your identity and its bootstrap version.
Exit code: 0 nothing is missing, 1 something is, 2 wrong usage.`;

const isColored = process.stdout.isTTY && process.env.NO_COLOR === undefined;
const color = (code, text) => (isColored ? `\u001b[${code}m${text}\u001b[0m` : text);

async function main(args) {
  const [option] = args;
  if (option === '--help' || option === '-h') {
    console.log(help);
    return 0;
  }
  if (option !== undefined) {
    console.error(`unknown option '${option}' (--help lists the options)`);
    return 2;
  }
  const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
  const findings = await examine(machineOf(root, process.env));
  const width = Math.max(...findings.map(({ what }) => what.length));
  for (const finding of findings) console.log(lineOf(finding, width));
  return findings.some(({ isGood, isOptional }) => !isGood && !isOptional) ? 1 : 0;
}

function lineOf({ what, isGood, isOptional, found, fix, commands }, width) {
  const mark = isGood ? color(32, '✓') : isOptional ? color(33, '–') : color(31, '✗');
  const advice = isGood ? '' : `: ${fix} (needed for ${commands.join(', ')})`;
  return `${mark} ${what.padEnd(width)}  ${found}${advice}`;
}

process.exitCode = await main(process.argv.slice(2));
