import {
  paginateGetResources,
  ResourceGroupsTaggingAPIClient,
  TagResourcesCommand,
} from '@aws-sdk/client-resource-groups-tagging-api';
import { createLimitedClient } from '../../shared/client-limits';
import type { TagStore, WriteFailure } from '../tag-store';
import type { Tags } from '../wanted-tags';

/** It answers after the services that it calls. */
export function createTaggingClient(): ResourceGroupsTaggingAPIClient {
  return createLimitedClient(ResourceGroupsTaggingAPIClient, { requestTimeout: 10_000 });
}

/** https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_TagResources.html */
const arnsPerWrite = 20;

/**
 * Tags of all other services, by the Resource Groups Tagging API. Needs `tag:GetResources`, `tag:TagResources`, and the action
 * by which each service adds tags.
 *
 * It reads from an index that may be behind the services: that a tag is not overwritten is in the role's policy as well.
 */
export function taggingApi(client: ResourceGroupsTaggingAPIClient, abortSignal: AbortSignal): TagStore {
  return {
    holds: () => true,
    async read(arns) {
      const found = new Map<string, Tags>();
      // A call takes a hundred ARNs, and no event creates as many of these resources.
      const pages = paginateGetResources({ client }, { ResourceARNList: [...arns] }, { abortSignal });
      for await (const { ResourceTagMappingList = [] } of pages) {
        for (const { ResourceARN = '', Tags = [] } of ResourceTagMappingList) {
          found.set(ResourceARN, Object.fromEntries(Tags.map(({ Key = '', Value = '' }) => [Key, Value])));
        }
      }
      return found;
    },
    async write(arns, tags) {
      const failures: WriteFailure[] = [];
      for (let start = 0; start < arns.length; start += arnsPerWrite) {
        const ResourceARNList = arns.slice(start, start + arnsPerWrite);
        const request = new TagResourcesCommand({ ResourceARNList, Tags: { ...tags } });
        const { FailedResourcesMap = {} } = await client.send(request, { abortSignal });
        for (const [arn, { ErrorCode = 'unknown', ErrorMessage = '' }] of Object.entries(FailedResourcesMap)) {
          failures.push({ arn, name: ErrorCode, message: ErrorMessage });
        }
      }
      return failures;
    },
  };
}
