/**
 * Finds versions of packages in a lock file that advisories are about.
 * https://docs.npmjs.com/cli/configuring-npm/package-lock-json, https://ossf.github.io/osv-schema/
 *
 * @param {string} text
 * @param {{ id: string, aliases: string[], affected: object[] }[]} advisories
 */
export function vulnerableIn(text, advisories) {
  const lines = text.split('\n');
  return packagesOf(text).flatMap(({ key, name, version }) =>
    advisories
      .filter(({ affected }) => affected.some((one) => one.package.name === name && isAffected(version, one.ranges)))
      .map(({ id, aliases }) => ({
        rule: id,
        line:
          1 +
          Math.max(
            0,
            lines.findIndex((line) => line.includes(JSON.stringify(key))),
          ),
        message: `${name} ${version}: ${[id, ...aliases].join(' ')}`,
      })),
  );
}

/**
 * Packages that a lock file installs, by their own names.
 *
 * @param {string} text
 * @returns {{ key: string, name: string, version: string }[]}
 */
function packagesOf(text) {
  const { packages, lockfileVersion } = JSON.parse(text);
  if (packages === undefined) throw new Error(`lockfileVersion ${lockfileVersion}: use 2 or 3`);
  return Object.entries(packages).flatMap(([key, { name, version }]) =>
    key.includes('node_modules/') && version !== undefined
      ? [{ key, name: name ?? key.slice(key.lastIndexOf('node_modules/') + 'node_modules/'.length), version }]
      : [],
  );
}

/** Evaluates events in order of their versions, as the schema says: the last one at or before the version decides. */
function isAffected(version, ranges) {
  return ranges.some(({ events }) => {
    const past = events
      .flatMap((event) => Object.entries(event))
      .filter(([kind, at]) => at === '0' || compare(version, at) >= (kind === 'last_affected' ? 1 : 0))
      .sort(([, one], [, other]) => compare(one, other));
    return past.at(-1)?.[0] === 'introduced';
  });
}

/** Order of two versions: https://semver.org/#spec-item-11 */
export function compare(left, right) {
  const [a, b] = [left, right].map((version) => {
    const [core, ...pre] = version.replace(/\+.*$/, '').split('-');
    return { core: core.split('.').map(Number), pre: pre.join('-') };
  });
  for (let index = 0; index < 3; index++) {
    const difference = (a.core[index] ?? 0) - (b.core[index] ?? 0);
    if (difference !== 0) return difference;
  }
  if (a.pre === b.pre) return 0;
  if (a.pre === '' || b.pre === '') return a.pre === '' ? 1 : -1;
  return comparePrereleases(a.pre.split('.'), b.pre.split('.'));
}

function comparePrereleases(a, b) {
  for (let index = 0; index < Math.min(a.length, b.length); index++) {
    if (a[index] === b[index]) continue;
    const [left, right] = [a[index], b[index]].map((part) => (/^\d+$/.test(part) ? Number(part) : part));
    if (typeof left === typeof right) return left < right ? -1 : 1;
    return typeof left === 'number' ? -1 : 1;
  }
  return a.length - b.length;
}
