import { GetBucketTaggingCommand, PutBucketTaggingCommand, type S3Client } from '@aws-sdk/client-s3';
import { isBusy } from '../../shared/service-busy';
import { failureOf, type TagStore, type WriteFailure } from '../tag-store';
import { missingTags, type Tags } from '../wanted-tags';

/**
 * Tags of buckets. Needs `s3:GetBucketTagging` and `s3:PutBucketTagging`.
 *
 * A write replaces the whole set, and S3 has no condition for it: the set is read again right before it is written.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketTagging.html
 */
export function s3Tags(client: S3Client, abortSignal: AbortSignal): TagStore {
  const readOne = async (arn: string): Promise<Tags> => {
    try {
      const { TagSet = [] } = await client.send(new GetBucketTaggingCommand({ Bucket: bucketOf(arn) }), {
        abortSignal,
      });
      return Object.fromEntries(TagSet.map(({ Key = '', Value = '' }) => [Key, Value]));
    } catch (error) {
      if (error instanceof Error && error.name === 'NoSuchTagSet') return {};
      throw error;
    }
  };

  return {
    holds: (arn) => arn.split(':')[2] === 's3',
    async read(arns) {
      const found = new Map<string, Tags>();
      for (const arn of arns) {
        try {
          found.set(arn, await readOne(arn));
        } catch (error) {
          // The write meets it again and says so for the bucket.
          if (!(error instanceof Error) || error.name !== 'NoSuchBucket') throw error;
        }
      }
      return found;
    },
    async write(arns, tags) {
      const failures: WriteFailure[] = [];
      for (const arn of arns) {
        try {
          const existing = await readOne(arn);
          // Those of AWS are sent as they are: S3 refuses a set that lacks them.
          const all = { ...existing, ...missingTags(tags, existing).tags };
          const TagSet = Object.entries(all).map(([Key, Value]) => ({ Key, Value }));
          const request = new PutBucketTaggingCommand({ Bucket: bucketOf(arn), Tagging: { TagSet } });
          await client.send(request, { abortSignal });
        } catch (error) {
          if (isBusy(error) || abortSignal.aborted) throw error;
          failures.push(failureOf(arn, error));
        }
      }
      return failures;
    },
  };
}

function bucketOf(arn: string): string {
  return arn.slice(arn.lastIndexOf(':') + 1);
}
