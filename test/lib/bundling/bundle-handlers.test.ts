import { execFile } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { bundleHandlers, findHandlers } from '../../../lib/bundling/bundle-handlers';
import { root } from '../../synthesis';

/** A checkout in small: one handler that imports a native package, one that does not, and a core beside them. */
function smallCheckout(): string {
  const folder = mkdtempSync(join(tmpdir(), 'bundle-'));
  const files: Record<string, string> = {
    'lambda/work/native/package.json': '{"dependencies":{"stone":"1.0.0"}}',
    'lambda/work/do-work.ts':
      "import { weigh } from 'stone';\nimport { add } from './sum';\nexport const handler = async () => add(weigh(), 1);\n",
    'lambda/work/rest.ts': 'export const handler = async () => undefined;\n',
    'lambda/work/sum.ts': 'export const add = (one: number, other: number) => one + other;\n',
    'lambda/work/assets/note.txt': 'a note',
    '.native/work/arm64/node_modules/stone/index.js': 'exports.weigh = () => 41;',
    '.native/work/arm64/.installed-from': 'hash',
  };
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(join(folder, file, '..'), { recursive: true });
    writeFileSync(join(folder, file), content);
  }
  return folder;
}

/** Invokes a bundle's handler in a process of its own and returns its result, or the stack of its error. */
async function invoke(file: string): Promise<string> {
  const print = 'console.log';
  const script = `require(${JSON.stringify(file)}).handler().then(${print}, ({ stack }) => ${print}(stack))`;
  return (await promisify(execFile)(process.execPath, ['-e', script])).stdout.trimEnd();
}

let checkout: string;
beforeEach(() => (checkout = smallCheckout()));
afterEach(() => rmSync(checkout, { recursive: true, force: true }));

it('a handler is found by what it exports, a core is not one', () => {
  expect(findHandlers(checkout)).toEqual(['work/do-work', 'work/rest']);
  expect(findHandlers(root)).toContain('image-resize/resize-image');
});

it('a bundle runs, with its native package, its assets and its source map beside it', async () => {
  const folder = bundleHandlers({ root: checkout, architecture: 'arm64' });
  expect(await invoke(join(folder, 'work/do-work/index.js'))).toBe('42');
  expect(existsSync(join(folder, 'work/do-work/index.js.map'))).toBe(true);
  expect(readFileSync(join(folder, 'work/do-work/assets/note.txt'), 'utf8')).toBe('a note');
});

it("an error's stack has the positions in the sources, and in the bundle if its map is missing or damaged", async () => {
  writeFileSync(
    join(checkout, 'lambda/work/rest.ts'),
    '// Comments are not in the bundle.\n\nexport const handler = async () => {\n  throw new Error("out of order");\n};\n',
  );
  const file = join(bundleHandlers({ root: checkout, architecture: 'arm64' }), 'work/rest/index.js');
  expect(await invoke(file)).toMatch(/^Error: out of order\n    at .*lambda\/work\/rest\.ts:4:9\)?$/m);
  writeFileSync(`${file}.map`, '{');
  expect(await invoke(file)).toMatch(/^Error: out of order\n    at .*work\/rest\/index\.js:\d+:\d+\)?$/m);
  rmSync(`${file}.map`);
  expect(await invoke(file)).toMatch(/^Error: out of order\n    at .*work\/rest\/index\.js:\d+:\d+\)?$/m);
});

it("an error's stack reaches the handler, also from below a client's middleware", async () => {
  writeFileSync(
    join(checkout, 'lambda/work/rest.ts'),
    `const call = async (depth: number): Promise<never> => {
  await undefined;
  if (depth === 0) throw new Error('denied');
  return await call(depth - 1);
};
export const handler = async () => {
  await call(12);
};
`,
  );
  const file = join(bundleHandlers({ root: checkout, architecture: 'arm64' }), 'work/rest/index.js');
  expect(await invoke(file)).toMatch(/lambda\/work\/rest\.ts:7:\d+\)?$/m);
});

it('only a handler that imports native packages carries them', () => {
  const folder = bundleHandlers({ root: checkout, architecture: 'arm64' });
  expect(existsSync(join(folder, 'work/do-work/node_modules/stone'))).toBe(true);
  expect(existsSync(join(folder, 'work/rest/node_modules'))).toBe(false);
});

it('what has not changed is not written again', () => {
  const file = join(bundleHandlers({ root: checkout, architecture: 'arm64' }), 'work/rest/index.js');
  const before = statSync(file, { bigint: true }).mtimeNs;
  bundleHandlers({ root: checkout, architecture: 'arm64' });
  expect(statSync(file, { bigint: true }).mtimeNs).toBe(before);
});

it('packages of another version replace the old ones, whole', () => {
  bundleHandlers({ root: checkout, architecture: 'arm64' });
  const native = join(checkout, '.native/work/arm64');
  rmSync(join(native, 'node_modules/stone'), { recursive: true });
  mkdirSync(join(native, 'node_modules/pebble'), { recursive: true });
  writeFileSync(join(native, '.installed-from'), 'another hash');
  const folder = bundleHandlers({ root: checkout, architecture: 'arm64' });
  expect(existsSync(join(folder, 'work/do-work/node_modules/pebble'))).toBe(true);
  expect(existsSync(join(folder, 'work/do-work/node_modules/stone'))).toBe(false);
});

it('an asset that is gone, and packages that are needed no more, are not deployed', () => {
  const folder = bundleHandlers({ root: checkout, architecture: 'arm64' });
  rmSync(join(checkout, 'lambda/work/assets/note.txt'));
  writeFileSync(join(checkout, 'lambda/work/do-work.ts'), 'export const handler = async () => undefined;\n');
  bundleHandlers({ root: checkout, architecture: 'arm64' });
  expect(existsSync(join(folder, 'work/do-work/assets/note.txt'))).toBe(false);
  expect(existsSync(join(folder, 'work/do-work/node_modules'))).toBe(false);
});

it('an architecture whose packages are not installed is named with the fix', () => {
  expect(() => bundleHandlers({ root: checkout, architecture: 'x86_64' })).toThrow(/do-work on x86_64 .*: run npm ci/);
});

it('runs at the same time in one checkout do not get into each other', async () => {
  for (let file = 0; file < 600; file++) {
    writeFileSync(join(checkout, `.native/work/arm64/node_modules/stone/${file}.js`), '');
  }
  const options = { root: checkout, architecture: 'arm64' };
  const script = `require('./bundle-handlers').bundleHandlers(${JSON.stringify(options)})`;
  const runs = Array.from({ length: 3 }, () =>
    promisify(execFile)(process.execPath, ['--import', 'tsx', '-e', script], { cwd: join(root, 'lib/bundling') }),
  );
  await Promise.all(runs);
  expect(readdirSync(join(checkout, '.build'))).toEqual(['handlers']);
});

describe('bundles that are there', () => {
  const long = new Date(Date.now() - 60_000);
  const bundled = (): string => {
    const folder = bundleHandlers({ root: checkout, architecture: 'arm64' });
    return readFileSync(join(folder, 'work/do-work/index.js'), 'utf8');
  };
  const write = (file: string, content: string, changed = new Date()): void => {
    writeFileSync(join(checkout, file), content);
    utimesSync(join(checkout, file), changed, changed);
  };
  const sum = (sign: string): string => `export const add = (one: number, other: number) => one ${sign} other;\n`;
  let before: string;

  beforeEach(() => {
    for (const file of ['do-work.ts', 'rest.ts', 'sum.ts']) utimesSync(join(checkout, 'lambda/work', file), long, long);
    before = bundled();
  });

  it('stay while every source has its size and its time of change', () => {
    write('lambda/work/sum.ts', sum('-'), long);
    expect(bundled()).toBe(before);
  });

  it('are made again once a source has changed', () => {
    write('lambda/work/sum.ts', sum('-'));
    expect(bundled()).not.toBe(before);
  });

  it.each(['package-lock.json', 'tsconfig.json', 'lambda/work/native/package.json'])(
    'are made again after %s',
    (file) => {
      write('lambda/work/sum.ts', sum('-'), long);
      write(file, '{"dependencies":{"stone":"1.0.0"}}');
      expect(bundled()).not.toBe(before);
    },
  );

  it('are made again where one is gone, or is another', () => {
    const file = '.build/handlers/arm64/work/do-work/index.js';
    rmSync(join(checkout, file));
    expect(bundled()).toBe(before);
    write(file, 'exports.handler = undefined;');
    expect(bundled()).toBe(before);
  });

  it('are made again where a source changed while they were made', () => {
    const soon = new Date(Date.now() + 60_000);
    write('lambda/work/sum.ts', sum('-'), soon);
    const between = bundled();
    write('lambda/work/sum.ts', sum('+'), soon);
    expect(bundled()).not.toBe(between);
  });
});
