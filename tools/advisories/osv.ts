import { z } from 'zod';

/** Advisory as the scan of gitops-pipeline reads it: https://ossf.github.io/osv-schema/ */
export interface Advisory {
  readonly id: string;
  readonly aliases: readonly string[];
  readonly affected: readonly {
    readonly package: { readonly ecosystem: string; readonly name: string };
    readonly ranges: readonly { readonly type: string; readonly events: readonly object[] }[];
  }[];
}

const ecosystem = 'npm';
const address = 'https://api.osv.dev/v1';
/** Queries in a batch: https://google.github.io/osv.dev/post-v1-querybatch/ */
const mostQueries = 1_000;

const batchSchema = z.object({
  results: z.array(
    z.object({ vulns: z.array(z.object({ id: z.string() })).default([]), next_page_token: z.string().optional() }),
  ),
});
const vulnerabilitySchema = z.object({
  id: z.string(),
  withdrawn: z.string().optional(),
  aliases: z.array(z.string()).default([]),
  affected: z
    .array(
      z.object({
        package: z.object({ ecosystem: z.string(), name: z.string() }),
        ranges: z.array(z.object({ type: z.string(), events: z.array(z.record(z.string(), z.string())) })).default([]),
      }),
    )
    .default([]),
});

/** Answer of OSV as text; an error for any other status than 200. */
export type Ask = (url: string, body?: string) => Promise<string>;

/** Names of the packages that lock files install, each once. */
export function packagesIn(lockFiles: readonly string[]): string[] {
  const schema = z.object({ packages: z.record(z.string(), z.object({ name: z.string().optional() })) });
  const names = lockFiles.flatMap((text) =>
    Object.entries(schema.parse(JSON.parse(text)).packages)
      .filter(([key]) => key.includes('node_modules/'))
      .map(([key, { name }]) => name ?? key.slice(key.lastIndexOf('node_modules/') + 'node_modules/'.length)),
  );
  return [...new Set(names)].sort();
}

/** Advisories about packages, by id. Withdrawn ones and ranges of commits are left out. */
export async function advisoriesAbout(packages: readonly string[], ask: Ask): Promise<Advisory[]> {
  const ids = new Set<string>();
  let queries = packages.map((name) => ({ package: { name, ecosystem }, page_token: undefined as string | undefined }));
  while (queries.length > 0) {
    const batch = queries.splice(0, mostQueries);
    const { results } = batchSchema.parse(
      JSON.parse(await ask(`${address}/querybatch`, JSON.stringify({ queries: batch }))),
    );
    const more = results.flatMap(({ vulns, next_page_token: page_token }, index) => {
      for (const { id } of vulns) ids.add(id);
      const query = batch[index];
      return page_token === undefined || query === undefined ? [] : [{ ...query, page_token }];
    });
    queries = [...queries, ...more];
  }
  const found: Advisory[] = [];
  for (const id of [...ids].sort()) {
    const text = await ask(`${address}/vulns/${encodeURIComponent(id)}`);
    const advisory = toAdvisory(vulnerabilitySchema.parse(JSON.parse(text)));
    if (advisory !== undefined) found.push(advisory);
  }
  return found;
}

function toAdvisory({ id, withdrawn, aliases, affected }: z.output<typeof vulnerabilitySchema>): Advisory | undefined {
  const ofNpm = affected
    .filter((one) => one.package.ecosystem === ecosystem)
    .map(({ package: { name }, ranges }) => ({
      package: { ecosystem, name },
      ranges: ranges.filter(({ type }) => type === 'SEMVER'),
    }))
    .filter(({ ranges }) => ranges.length > 0);
  return withdrawn === undefined && ofNpm.length > 0 ? { id, aliases, affected: ofNpm } : undefined;
}

/** Advisories of both, by id; those of `newer` replace others. */
export function merged(older: readonly Advisory[], newer: readonly Advisory[]): Advisory[] {
  const byId = new Map([...older, ...newer].map((one) => [one.id, one]));
  return [...byId.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}
