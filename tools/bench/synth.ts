/**
 * Compares `cdk synth` of this app, which bundles all handlers with one call of esbuild, with an app as `cdk init` creates it, with a
 * NodejsFunction for each of the same handlers.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findHandlers } from '../../lib/bundling/bundle-handlers';
import { measureInTurn } from './measuring/in-turn';
import { measureProcess, type Usage } from './measuring/measured-process';
import { installPeers, versionOf } from './measuring/peers';
import { progress, runBench } from './measuring/run-bench';
import { medianOf, paragraphs, table } from './measuring/section';
import { writeNodejsFunctionApp } from './synth/nodejs-function-app';

const root = join(__dirname, '..', '..');
const folder = join(root, '.build', 'bench', 'synth');

void runBench(async ({ quick }) => {
  const turns = quick ? 1 : 3;
  const peers = installPeers(root);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const handlers = findHandlers(root);
  const peerApp = writeNodejsFunctionApp({ root, folder: join(folder, 'app'), peers, handlers });
  const contestants = [
    { name: 'new bundles' as const, act: () => synthesizeWithNewBundles() },
    { name: 'existing bundles' as const, act: () => synthesize(root, 'ours') },
    { name: 'NodejsFunction' as const, act: () => synthesize(peerApp, 'peer') },
  ];
  const onTurn = (turn: number): void => progress(`turn ${turn + 1} of ${turns}`);
  const samples = await measureInTurn(contestants, { turns, onTurn });
  const wall = (own: readonly Usage[]): number => medianOf(own, ({ wallSeconds }) => wallSeconds);
  const processor = (own: readonly Usage[]): number => medianOf(own, ({ processorSeconds }) => processorSeconds);
  const peer = samples.NodejsFunction;
  const rows = Object.entries(samples).map(([name, own]) => [
    name === 'NodejsFunction' ? 'NodejsFunction and ts-node' : `ours, ${name}`,
    wall(own),
    wall(own) / wall(peer),
    processor(own),
    processor(own) / processor(peer),
  ]);
  return {
    body: paragraphs(
      `\`cdk synth\` of all stacks with ${handlers.length} handlers, compared with an app as \`cdk init\` creates it (ts-node) that has ` +
        'only a NodejsFunction for each handler, in as many stacks, without the SDK in its bundles; validation is off ' +
        `in both. Medians of ${turns} in turn.`,
      table(['way', 'wall s', 'ratio', 'processor s', 'ratio'], rows),
      'Our stacks also have all their tables, state machines and alarms, which the other app lacks.',
    ),
    versions: Object.fromEntries(
      ['aws-cdk', 'aws-cdk-lib', 'esbuild', 'ts-node'].map((name) => [name, versionOf(root, name)]),
    ),
  };
});

function synthesizeWithNewBundles(): Promise<Usage> {
  rmSync(join(root, '.build', 'handlers'), { recursive: true, force: true });
  return synthesize(root, 'ours');
}

function synthesize(app: string, name: string): Promise<Usage> {
  const cdk = join(root, 'node_modules', 'aws-cdk', 'bin', 'cdk');
  const output = join(folder, `${name}.out`);
  rmSync(output, { recursive: true, force: true });
  const options = ['synth', '--quiet', '--no-notices', '--no-validation', '--output', output];
  return measureProcess({ file: process.execPath, arguments: [cdk, ...options], cwd: app });
}
