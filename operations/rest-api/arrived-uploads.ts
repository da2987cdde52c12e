import { GetItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { HeadObjectCommand, paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import { keyOf, recordOf } from '../../lambda/rest-api/adapters/document-item';
import { recordArrival, type UploadOutcome } from '../../lambda/rest-api/adapters/dynamodb-uploads';
import { ownerOf, type DocumentRecord } from '../../lambda/rest-api/document';

export interface ApiData {
  readonly dynamodb: DynamoDBClient;
  readonly s3: S3Client;
  readonly tableName: string;
  readonly bucketName: string;
  readonly now: () => Date;
}

/** State of an object: its document knows it, waits for it in vain, or expects another size; or there is no document. */
export type Finding = 'known' | 'unseen' | 'other-size' | 'no-document';

export interface FoundUpload {
  readonly key: string;
  readonly bytes: number;
  readonly finding: Finding;
}

/** Compares an object with its document. */
export function findingOf(bytes: number, record: DocumentRecord | undefined): Finding {
  if (record === undefined) return 'no-document';
  if (record.status === 'available') return 'known';
  return record.bytes === bytes ? 'unseen' : 'other-size';
}

/** Compares each object of the bucket with its document. */
export async function* findUploads(data: ApiData): AsyncGenerator<FoundUpload> {
  const pages = paginateListObjectsV2({ client: data.s3 }, { Bucket: data.bucketName });
  for await (const { Contents = [] } of pages) {
    for (const { Key: key = '', Size: bytes = 0 } of Contents) {
      yield { key, bytes, finding: findingOf(bytes, await readDocument(data, key)) };
    }
  }
}

/** Makes the document of an unseen upload available. Can be run again. */
export async function recordUnseen(data: ApiData, { key, bytes }: FoundUpload): Promise<UploadOutcome> {
  const id = ownerOf(key);
  if (id === undefined) return 'no-document';
  const { dynamodb: client, s3, tableName, bucketName, now } = data;
  const { VersionId = '' } = await s3.send(new HeadObjectCommand({ Bucket: bucketName, Key: key }));
  return recordArrival({ client, tableName, now }, { ...id, bytes, versionId: VersionId });
}

async function readDocument({ dynamodb, tableName }: ApiData, key: string): Promise<DocumentRecord | undefined> {
  const id = ownerOf(key);
  if (id === undefined) return undefined;
  const { Item } = await dynamodb.send(
    new GetItemCommand({ TableName: tableName, Key: keyOf(id), ConsistentRead: true }),
  );
  return Item === undefined ? undefined : recordOf(Item);
}
