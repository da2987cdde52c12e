import { paginateDescribeTags } from '@aws-sdk/client-ec2';
import type { ScenarioRun } from '../shared/scenario';
import type { Deployment } from './deployment';

export type Tags = Record<string, string>;

/** Returns tags of resources of EC2 by id. */
export async function tagsOf({ ec2 }: Deployment, ids: readonly string[]): Promise<Map<string, Tags>> {
  const found = new Map<string, Tags>();
  for (let start = 0; start < ids.length; start += 100) {
    const Filters = [{ Name: 'resource-id', Values: ids.slice(start, start + 100) }];
    for await (const { Tags = [] } of paginateDescribeTags({ client: ec2 }, { Filters })) {
      for (const { ResourceId = '', Key = '', Value = '' } of Tags)
        found.set(ResourceId, { ...found.get(ResourceId), [Key]: Value });
    }
  }
  return found;
}

/** Waits until each resource has a tag of each key that is due. */
export async function awaitAll(
  run: ScenarioRun,
  deployment: Deployment,
  expected: readonly { readonly id: string; readonly tags: Tags }[],
): Promise<void> {
  await run.eventually(
    `the tags of ${expected.length} resources`,
    async () => {
      const tags = await tagsOf(
        deployment,
        expected.map(({ id }) => id),
      );
      const waiting = expected.filter(({ id, tags: due }) =>
        Object.keys(due).some((key) => tags.get(id)?.[key] === undefined),
      );
      if (waiting.length > 0) throw new Error(`${waiting.length} wait`);
      return true;
    },
    { everyMilliseconds: 1_000 },
  );
}

/** Whether a resource has exactly the tags that are due. */
export function sameTags(found: Tags | undefined, due: Tags): boolean {
  const sorted = (tags: Tags) => JSON.stringify(Object.entries(tags).sort(([one], [other]) => (one < other ? -1 : 1)));
  return found !== undefined && sorted(found) === sorted(due);
}
