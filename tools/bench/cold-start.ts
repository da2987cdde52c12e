/**
 * What a handler's import costs at a cold start: the bundle that is deployed against the same code as an ES module, with the
 * SDK left out of the bundle, and not bundled at all.
 *
 * A process for each figure, on the Node that functions run on, with the environment of the template.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { architectures } from '../../lib/architectures';
import { findHandlers } from '../../lib/bundling/bundle-handlers';
import { synthesizeAll } from '../template/synthesis';
import { buildWays, type Built, wayNames } from './cold-start/build-ways';
import { environmentOf } from './cold-start/handler-environment';
import { importOnce, type Took } from './cold-start/import-once';
import { measureInTurn } from './measuring/in-turn';
import { versionOf } from './measuring/peers';
import { progress, runBench } from './measuring/run-bench';
import { medianOf, paragraphs, table } from './measuring/section';

const root = join(__dirname, '..', '..');

interface Started {
  readonly handler: string;
  readonly built: Built;
  readonly took: Readonly<Record<(typeof wayNames)[number], Took>>;
}

void runBench(async ({ quick }) => {
  const rounds = quick ? 1 : 5;
  progress('synthesizing, for the environments');
  const templateOf = await synthesizeAll(root, ['sandbox']);
  // Below the root, so that packages that stay out of a bundle are found.
  mkdirSync(join(root, '.build'), { recursive: true });
  const folder = mkdtempSync(join(root, '.build', 'cold-start-'));
  try {
    const handlers = findHandlers(root);
    progress(`bundling ${handlers.length} handlers in ${wayNames.length} ways`);
    const built = buildWays(root, folder, handlers);
    const started: Started[] = [];
    for (const [index, handler] of handlers.entries()) {
      const id = architectures.find(({ slug }) => slug === dirname(handler))?.id ?? '';
      const environment = environmentOf(templateOf(id, 'sandbox'), handler);
      started.push(await start(handler, built(handler), environment, rounds));
      progress(`${index + 1} of ${handlers.length}: ${handler}`);
    }
    return { body: page(started, rounds), versions: { esbuild: versionOf(root, 'esbuild') } };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

async function start(handler: string, built: Built, environment: Record<string, string>, rounds: number) {
  const ways = wayNames.map((name) => ({ name, act: () => importOnce(built.files[name], environment) }));
  // The first import of a file reads it from the disk.
  const samples = await measureInTurn(ways, { rounds, warmUps: 1 });
  const took = Object.fromEntries(
    wayNames.map((name) => {
      const [wall, processor] = [
        medianOf(samples[name], (one) => one.wall),
        medianOf(samples[name], (one) => one.processor),
      ];
      return [name, { wall, processor }];
    }),
  ) as Started['took'];
  return { handler, built, took };
}

/** The deployed bundle's time in that of each other form. */
function ratiosOf({ took: { deployed, ...peers } }: Started, figure: keyof Took): number[] {
  return Object.values(peers).map((peer) => deployed[figure] / peer[figure]);
}

/** By so much a form has to be faster in wall and in processor time, which work beside it disturbs less. */
const noise = 1.05;

function isBehind(started: Started): boolean {
  const processor = ratiosOf(started, 'processor');
  return ratiosOf(started, 'wall').some((ratio, peer) => ratio > noise && (processor[peer] ?? 0) > noise);
}

function page(started: readonly Started[], rounds: number): string {
  const [, ...peers] = wayNames;
  const behind = started.filter(isBehind);
  const all = peers.map((_, peer) => medianOf(started, (one) => ratiosOf(one, 'wall')[peer] ?? Number.NaN));
  const median = (figure: keyof Took): number => medianOf(started, (one) => one.took.deployed[figure]);
  return paragraphs(
    'Milliseconds that importing the deployed bundle takes (CommonJS, minified, everything in it but sharp), and its ratio ' +
      'to the same handler in other forms: below 1 the bundle starts faster. "SDK external" takes the SDK from ' +
      '`node_modules`, as a runtime that brings it does; "not bundled" are the sources compiled file by file, with all ' +
      `packages from \`node_modules\`. Fresh processes in turn, medians of ${rounds} after one that is not counted.`,
    table(
      ['handler', 'kB', 'kB, SDK external', 'ms', 'processor ms', ...peers],
      [
        ...started.map((one) => {
          const { handler, built, took } = one;
          const sizes = [Math.round(built.bytes / 1_000), Math.round(built.bytesWithoutSdk / 1_000)];
          return [handler, ...sizes, took.deployed.wall, took.deployed.processor, ...ratiosOf(one, 'wall')];
        }),
        ['_median of all_', '', '', median('wall'), median('processor'), ...all],
      ],
    ),
    "The SDK's clients are few and large files already, so that leaving them out changes the start little: it saves bytes, and " +
      'leaves to AWS which version runs.',
    behind.length === 0
      ? 'No handler starts more than 5 % slower than in another form, in wall and in processor time.'
      : `More than 5 % slower than in another form, in wall and in processor time: ${behind.map(({ handler }) => handler).join(', ')}.`,
  );
}
