import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './synthesis';

/** Words of an earlier vocabulary that readers had to decode, with the standard term. */
const replaced: readonly (readonly [RegExp, string])[] = [
  [/\b(Workplace|\w*Desk)\b/, 'Dependencies'],
  [/\b(Patience|hasTime)\b/, 'RetryPolicy, hasTimeLeft'],
  [/\b(convergence|touchedPhotos|NotSettled)\b/, 'reconcile, parseS3Event, NotReconciledError'],
  [/\b(lanes|inLanes)\b/i, 'concurrency'],
  [/\b(orStop|letIn|passOn|giveBack|mishap|keepReason)\b/, 'a verb of the domain'],
  [/\b(letterOf|TellableError|kindOf)\b/, 'renderEmail, PublicError, classifyError'],
  [/\b(saysTheSame|toldOf|told|heard)\b/i, 'received, reported, described'],
  [/\b(leftovers?|Surroundings|switchedOn|tellHowToTalk)\b/, 'the same as a plain noun'],
  [/\bmend(s|ed|ing)?\b/i, 'fix'],
  [/\btours?\b/i, 'smoke test'],
  [/\bthe house\b|\bway back\b|\bfaults of chance\b/i, 'repository layout, recovery commands, random fault injection'],
  [/\btalks? to\b|\bjudge[sd]?\b|\bjudging\b/i, 'connect, check'],
  [/^\s*(\/?\*\*?|\/\/) (What|How|Who|Whose|That which) (?!.*\?)/, 'a noun phrase or a verb in the third person'],
];

const files = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' })
  .split('\0')
  .filter((file) => /\.(ts|mjs|py|md|yml|json|css|skeleton)$/.test(file))
  .filter((file) => !/^(CHANGELOG\.md|test\/words\.test\.ts)$|package-lock\.json$/.test(file));

const lines = files.flatMap((file) =>
  readFileSync(join(root, file), 'utf8')
    .split('\n')
    .map((text, index) => ({ place: `${file}:${index + 1}`, text: text.trim() })),
);

it.each(replaced)('no text has %s', (word) => {
  expect(lines.filter(({ text }) => word.test(text)).map(({ place, text }) => `${place}: ${text}`)).toEqual([]);
});
