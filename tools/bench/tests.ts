/**
 * Compares @swc/jest, with which this project compiles tests, with ts-jest with type checks, as `cdk init` sets it up, and without: the
 * same test files, with an empty and with a full cache.
 */
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { measureInTurn } from './measuring/in-turn';
import { measureProcess, type Usage } from './measuring/measured-process';
import { installPeers, versionOf } from './measuring/peers';
import { progress, runBench } from './measuring/run-bench';
import { medianOf, paragraphs, table } from './measuring/section';

const root = join(__dirname, '..', '..');
const folder = join(root, '.build', 'bench', 'tests');
const subset = 'test/lambda/queue-processor';

interface Sample {
  readonly cold: Usage;
  readonly warm: Usage;
}

void runBench(async ({ quick }) => {
  const turns = quick ? 1 : 3;
  const peers = installPeers(root);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const tsJest = join(peers, 'node_modules', 'ts-jest');
  const tsconfig = join(folder, 'tsconfig.json');
  // With isolatedModules, which the project's own has, ts-jest checks no types; without `include` it would load all files.
  const typed = { extends: join(root, 'tsconfig.json'), include: [join(root, subset)] };
  writeFileSync(tsconfig, JSON.stringify({ ...typed, compilerOptions: { isolatedModules: false } }));
  const configs = {
    '@swc/jest': join(root, 'jest.config.js'),
    'ts-jest': writeConfig('ts-jest', { '^.+\\.ts$': [tsJest, { tsconfig }] }),
    'ts-jest, no types': writeConfig('ts-jest-no-types', { '^.+\\.ts$': tsJest }),
  };
  const names = Object.keys(configs) as (keyof typeof configs)[];
  const contestants = names.map((name) => ({ name, act: () => sample(name, configs[name]) }));
  const onTurn = (turn: number): void => progress(`turn ${turn + 1} of ${turns}`);
  const samples = await measureInTurn(contestants, { turns, onTurn });
  const rows = (['cold', 'warm'] as const).map((cache) => {
    const walls = names.map((name) => medianOf(samples[name], (one) => one[cache].wallSeconds));
    const [ours = Number.NaN, ...others] = walls;
    return [cache === 'cold' ? 'empty' : 'full', ...walls, ...others.map((other) => ours / other)];
  });
  const files = readdirSync(join(root, subset)).filter((file) => file.endsWith('.test.ts')).length;
  return {
    body: paragraphs(
      `\`jest ${subset}\`, ${files} files, two workers: as the project runs it, with @swc/jest, against ts-jest. ` +
        `Seconds, medians of ${turns} in turn.`,
      table(['cache', ...names, 'ratio to ts-jest', 'to it without types'], rows),
      'ts-jest checks types while it compiles, as in an app of `cdk init`; here `npm run lint` does, once for all files.',
    ),
    versions: Object.fromEntries(['jest', '@swc/jest', 'ts-jest'].map((name) => [name, versionOf(root, name)])),
  };
});

/** The project's settings with another compiler. */
function writeConfig(name: string, transform: Readonly<Record<string, unknown>>): string {
  const file = join(folder, `${name}.config.js`);
  const settings = JSON.stringify({ rootDir: root, transform });
  writeFileSync(
    file,
    `module.exports = { ...require(${JSON.stringify(join(root, 'jest.config.js'))}), ...${settings} };\n`,
  );
  return file;
}

async function sample(name: string, config: string): Promise<Sample> {
  const cache = join(folder, `cache-${name.replaceAll(/\W+/g, '-')}`);
  rmSync(cache, { recursive: true, force: true });
  const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
  const options = ['--config', config, '--cacheDirectory', cache, '--ci', subset];
  const command = { file: process.execPath, arguments: [jest, ...options], cwd: root };
  const cold = await measureProcess(command);
  if (!existsSync(cache)) throw new Error(`${cache} does not exist: jest keeps its cache elsewhere`);
  return { cold, warm: await measureProcess(command) };
}
