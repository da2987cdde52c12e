/**
 * Import time of each handler, which a cold start pays: the bundle that is deployed against the same code bundled and packaged
 * in the ways that people use, and not bundled at all.
 *
 * A process for each measurement, on the Node that functions run on, with the environment of the template.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { architectures } from '../../lib/architectures';
import { findHandlers } from '../../lib/bundling/bundle-handlers';
import type { BundleVariables } from '../../lib/bundling/bundle-options';
import { synthesizeAll } from '../template/synthesis';
import { buildWays, wayNames, type Built, type Way } from './cold-start/build-ways';
import { environmentOf } from './cold-start/handler-environment';
import { importOnce, type Took } from './cold-start/import-once';
import { measureInTurn } from './measuring/in-turn';
import { versionOf } from './measuring/peers';
import { progress, runBench } from './measuring/run-bench';
import { medianOf, paragraphs, table } from './measuring/section';

const root = join(__dirname, '..', '..');

/** Highest median over all handlers of the deployed bundle's time relative to a peer's. */
const goals = { 'not bundled': 0.5, NodejsFunction: 0.6 } as const;

interface Measurement {
  readonly handler: string;
  readonly built: Built;
  readonly took: Readonly<Record<Way, Took>>;
}

void runBench(async ({ quick }) => {
  const turns = quick ? 1 : 9;
  progress('synthesizing, for the environments');
  const templateOf = await synthesizeAll(root, ['sandbox']);
  mkdirSync(join(root, '.build'), { recursive: true });
  const folder = mkdtempSync(join(root, '.build', 'cold-start-'));
  try {
    const handlers = findHandlers(root);
    progress(`bundling ${handlers.length} handlers in ${wayNames.length} ways`);
    const variables = Object.assign({}, ...architectures.map((one) => one.bundleVariables({}))) as BundleVariables;
    const built = buildWays({ root, folder, handlers, variables });
    const measured: Measurement[] = [];
    for (const [index, handler] of handlers.entries()) {
      const id = architectures.find(({ slug }) => slug === dirname(handler))?.id ?? '';
      const environment = environmentOf(templateOf(id, 'sandbox'), handler);
      measured.push(await measure(handler, built(handler), environment, turns));
      progress(`${index + 1} of ${handlers.length}: ${handler}`);
    }
    return { body: page(measured, turns), versions: { esbuild: versionOf(root, 'esbuild') } };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

async function measure(
  handler: string,
  built: Built,
  environment: Record<string, string>,
  turns: number,
): Promise<Measurement> {
  const ways = wayNames.map((name) => ({ name, act: () => importOnce(built.files[name], environment) }));
  // The first import of a file reads it from the disk.
  const samples = await measureInTurn(ways, { turns, warmUps: 1 });
  const took = Object.fromEntries(
    wayNames.map((name) => [
      name,
      {
        wall: medianOf(samples[name], (one) => one.wall),
        processor: medianOf(samples[name], (one) => one.processor),
      },
    ]),
  ) as Measurement['took'];
  return { handler, built, took };
}

function page(measured: readonly Measurement[], turns: number): string {
  const [, ...peers] = wayNames;
  const wallOf = ({ took }: Measurement, way: Way): number => took[way].wall;
  const ratioTo = (one: Measurement, peer: Way): number => wallOf(one, 'deployed') / wallOf(one, peer);
  const kilobytes = ({ built }: Measurement, way: Way): number => Math.round(built.bytes[way] / 1_000);
  const rows = measured.map((one) => [
    one.handler,
    kilobytes(one, 'esbuild defaults'),
    kilobytes(one, 'deployed'),
    wallOf(one, 'esbuild defaults'),
    wallOf(one, 'deployed'),
    one.took.deployed.processor,
    ...peers.map((peer) => ratioTo(one, peer)),
  ]);
  const medians = [
    '_median of all_',
    medianOf(measured, (one) => kilobytes(one, 'esbuild defaults')),
    medianOf(measured, (one) => kilobytes(one, 'deployed')),
    medianOf(measured, (one) => wallOf(one, 'esbuild defaults')),
    medianOf(measured, (one) => wallOf(one, 'deployed')),
    medianOf(measured, (one) => one.took.deployed.processor),
    ...peers.map((peer) => medianOf(measured, (one) => ratioTo(one, peer))),
  ];
  const outcomes = Object.entries(goals).map(([peer, goal]) => {
    const ratio = medianOf(measured, (one) => ratioTo(one, peer as Way));
    return `at most ${goal} of "${peer}", got ${ratio.toFixed(2)} (${ratio <= goal ? 'met' : 'missed'})`;
  });
  return paragraphs(
    'Milliseconds that importing a bundle takes, before and after: "before" bundles everything, minified, with the defaults of ' +
      'esbuild (the CommonJS of packages, all credential providers); "after" is what is deployed. The ratios are the time of the ' +
      'deployed bundle relative to other forms of the same handler: below 1 it starts faster. "NodejsFunction" has the ' +
      'defaults of that construct: the SDK from `node_modules`, not minified. "Powertools example" is the ES module that ' +
      "Powertools' example app deploys. " +
      '"Not bundled" is the source compiled file by file, with all packages from `node_modules`. Fresh processes in turn, ' +
      `medians of ${turns} after one that is not counted.`,
    table(
      [
        'handler',
        'kB before',
        'kB after',
        'ms before',
        'ms after',
        'processor ms after',
        ...peers.map((peer) => `to ${peer}`),
      ],
      [...rows, medians],
    ),
    `Goals, for the medians of all handlers: ${outcomes.join('; ')}.`,
  );
}
