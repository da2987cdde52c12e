import { join } from 'node:path';
import { architectures } from '../../lib/architectures';
import { UsageError } from '../../operations/command-line/command';
import { loadOperations, runOperation, type AllOperations } from '../../operations/main';

let said: string[];
let received: readonly string[] | undefined;
beforeEach(() => {
  said = [];
  received = undefined;
});
const all: AllOperations = new Map([
  [
    'photos',
    {
      redrive: {
        summary: 'sends failures back',
        run: (args: readonly string[]) => {
          received = args;
          return Promise.resolve(1);
        },
      },
    },
  ],
  ['orders', { show: { summary: 'shows an order', run: () => Promise.resolve(0) } }],
]);
const run = (...args: string[]): Promise<number> => runOperation(args, all, (line) => said.push(line));

it('an operation gets the arguments after its name, and its exit code is that of the command', async () => {
  expect(await run('photos', 'redrive', '--dry-run')).toBe(1);
  expect(received).toEqual(['--dry-run']);
});

it('--help after an operation is for the operation', async () => {
  await run('photos', 'redrive', '--help');
  expect([received, said]).toEqual([['--help'], []]);
});

it('--help lists all operations, or those of one architecture', async () => {
  expect(await run('--help')).toBe(0);
  expect(said[0]).toContain('  photos redrive  sends failures back\n  orders show     shows an order\n');
  expect(await run('orders', '-h')).toBe(0);
  expect(said[1]).not.toContain('photos');
});

it.each([
  [[], "no operations for '': use one of photos, orders (--help)"],
  [['photo', 'redrive'], "no operations for 'photo'"],
  [['photos'], "photos has no operation '': use one of redrive (--help)"],
  [['photos', 'toString'], "photos has no operation 'toString'"],
])('%j is wrong usage, and the message names the valid values', async (args, message) => {
  await expect(run(...args)).rejects.toThrow(message);
  await expect(run(...args)).rejects.toThrow(UsageError);
});

it('operations of the architectures are found by their files', async () => {
  const loaded = await loadOperations(join(__dirname, '..', '..', 'operations'));
  expect(loaded.get('image-resize')).toHaveProperty('redrive.summary');
  expect([...loaded.keys()]).toEqual(architectures.map(({ slug }) => slug));
  for (const operations of loaded.values()) {
    expect(operations).toHaveProperty('purge');
    expect(operations).toHaveProperty('right-size');
  }
});
