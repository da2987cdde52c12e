import { paginateGetResources, type ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api';
import { printable } from '../../lambda/shared/plain-text';

export interface Untagged {
  readonly arn: string;
  readonly lacks: readonly string[];
}

/** Returns the resources that lack one of the tags, among those that have or had any: the API knows no others. */
export async function findUntagged(
  client: ResourceGroupsTaggingAPIClient,
  keys: readonly string[],
): Promise<{ readonly all: number; readonly untagged: readonly Untagged[] }> {
  const untagged: Untagged[] = [];
  let all = 0;
  for await (const { ResourceTagMappingList = [] } of paginateGetResources({ client }, { ResourcesPerPage: 100 })) {
    for (const { ResourceARN = '', Tags = [] } of ResourceTagMappingList) {
      all += 1;
      const has = new Set(Tags.map(({ Key }) => Key));
      const lacks = keys.filter((key) => !has.has(key));
      if (lacks.length > 0) untagged.push({ arn: printable(ResourceARN), lacks });
    }
  }
  return { all, untagged: untagged.sort((one, other) => (one.arn < other.arn ? -1 : 1)) };
}
