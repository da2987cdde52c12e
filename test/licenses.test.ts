import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './synthesis';

interface Lockfile {
  readonly packages: Readonly<Record<string, { readonly license?: string; readonly dev?: boolean }>>;
}

/** Licenses that require only their own text when code is distributed. */
const permissive = /^(MIT|ISC|0BSD|Apache-2\.0|BSD-[23]-Clause|BlueOak-1\.0\.0|CC0-1\.0|Unlicense|MIT-0|Python-2\.0)$/;

/** Loaded as a library of its own beside the bundle, unchanged, which the LGPL asks for. */
const librariesOfTheirOwn = /^node_modules\/@img\/sharp-/;

it('every package that is deployed has a permissive license', () => {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as Lockfile;
  const questionable = Object.entries(packages)
    .filter(([path, { dev }]) => path !== '' && dev !== true && !librariesOfTheirOwn.test(path))
    .filter(
      ([, { license = 'none' }]) =>
        !license
          .replace(/[()]/g, '')
          .split(/ OR /)
          .some((one) => permissive.test(one)),
    )
    .map(([path, { license }]) => `${path}: ${license ?? 'none'}`);
  expect(questionable).toEqual([]);
});
