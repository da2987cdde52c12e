import { CreateTagsCommand, paginateDescribeTags, type EC2Client } from '@aws-sdk/client-ec2';
import { isBusy } from '../../shared/service-busy';
import { failureOf, type TagStore, type WriteFailure } from '../tag-store';
import type { Tags } from '../wanted-tags';

/** Values that a filter takes: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeTags.html */
const idsPerRead = 200;

/** EC2 takes 1,000 and recommends smaller batches: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateTags.html */
const idsPerWrite = 100;

/** Tags of EC2. Needs `ec2:DescribeTags` and `ec2:CreateTags`. */
export function ec2Tags(client: EC2Client, abortSignal: AbortSignal): TagStore {
  const write = async (arns: readonly string[], tags: Tags): Promise<WriteFailure[]> => {
    const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
    try {
      await client.send(new CreateTagsCommand({ Resources: arns.map(idOf), Tags }), { abortSignal });
      return [];
    } catch (error) {
      if (isBusy(error) || abortSignal.aborted) throw error;
      const [arn] = arns;
      if (arns.length === 1 && arn !== undefined) return [failureOf(arn, error)];
    }
    // One resource that is refused fails the call for all of them.
    const failures: WriteFailure[] = [];
    for (const arn of arns) failures.push(...(await write([arn], tags)));
    return failures;
  };

  return {
    holds: (arn) => arn.split(':')[2] === 'ec2',
    async read(arns) {
      const byId = new Map(arns.map((arn) => [idOf(arn), arn]));
      const found = new Map<string, Record<string, string>>();
      for (const ids of chunks([...byId.keys()], idsPerRead)) {
        const Filters = [{ Name: 'resource-id', Values: ids }];
        for await (const { Tags = [] } of paginateDescribeTags({ client }, { Filters }, { abortSignal })) {
          for (const { ResourceId = '', Key = '', Value = '' } of Tags) {
            const arn = byId.get(ResourceId);
            if (arn !== undefined) found.set(arn, { ...found.get(arn), [Key]: Value });
          }
        }
      }
      return found;
    },
    async write(arns, tags) {
      const failures: WriteFailure[] = [];
      for (const some of chunks(arns, idsPerWrite)) failures.push(...(await write(some, tags)));
      return failures;
    },
  };
}

function idOf(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
