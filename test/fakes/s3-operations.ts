import type { FakeRequest, FakeResponse } from './fake-service';
import type { Bucket, StoredVersion } from './s3-bucket';
import { checksumAlgorithms } from './s3-checksums';
import {
  attributesOf,
  bodyOf,
  checkedTags,
  givenChecksums,
  requireKey,
  requireReadable,
  requireWritable,
  sourceOf,
  unquoted,
} from './s3-requests';
import { checksumElements, checksumHeaders, present, quoted, S3Refusal, xmlResponse } from './s3-responses';
import { element, escaped, readAll } from './s3-xml';

/** @param bucketOf any bucket, which the source may lie in */
export function copy(
  { headers }: FakeRequest,
  bucket: Bucket,
  key: string,
  bucketOf: (name: string) => Bucket,
): FakeResponse {
  const source = sourceOf(headers, bucketOf);
  requireWritable(headers, bucket, key);
  const replaces = headers['x-amz-metadata-directive'] === 'REPLACE';
  const given = attributesOf(headers);
  // A plain copy keeps headers and metadata, but for the redirect, which goes only with a request that names it.
  const { 'x-amz-website-redirect-location': _, ...kept } = source.headers;
  const redirect = headers['x-amz-website-redirect-location'];
  const algorithm = headers['x-amz-checksum-algorithm'] ?? Object.keys(source.checksums)[0];
  const version = bucket.put(key, {
    body: source.body,
    headers: replaces
      ? (given.headers ?? {})
      : { ...kept, ...present({ 'x-amz-website-redirect-location': redirect }) },
    tags: headers['x-amz-tagging-directive'] === 'REPLACE' ? (given.tags ?? {}) : source.tags,
    storageClass: given.storageClass ?? 'STANDARD',
    checksums: checksumAlgorithms.find((one) => one === algorithm) ?? 'CRC64NVME',
  });
  const result = element('ETag', quoted(version.etag)) + element('LastModified', version.lastModified.toISOString());
  return xmlResponse(element('CopyObjectResult', result, checksumElements(version)), {
    ...versionHeader(bucket, version),
    'x-amz-copy-source-version-id': source.versionId,
  });
}

export function versionHeader({ versioning }: Bucket, { versionId }: StoredVersion): Record<string, string> {
  return versioning === 'Off' ? {} : { 'x-amz-version-id': versionId };
}

export function put(request: FakeRequest, bucket: Bucket, key: string): FakeResponse {
  const { body, headers } = bodyOf(request);
  requireWritable(headers, bucket, key);
  const checksums = givenChecksums(headers, body);
  const version = bucket.put(key, { ...attributesOf(headers), body, ...(checksums ? { checksums } : {}) });
  const answered = { etag: `"${version.etag}"`, ...versionHeader(bucket, version), ...checksumHeaders(version) };
  return { status: 200, headers: answered };
}

export function find(bucket: Bucket, key: string, query: URLSearchParams): StoredVersion {
  const versionId = query.get('versionId') ?? undefined;
  const found = bucket.find(key, versionId);
  if (found === undefined) throw new S3Refusal(versionId === undefined ? 'NoSuchKey' : 'NoSuchVersion', 404);
  if (!found.isDeleteMarker) return found;
  const marker = { 'x-amz-delete-marker': 'true', 'x-amz-version-id': found.versionId };
  throw versionId === undefined
    ? new S3Refusal('NoSuchKey', 404, marker)
    : new S3Refusal('MethodNotAllowed', 405, marker);
}

export function read({ operation, query, headers }: FakeRequest, bucket: Bucket, key: string): FakeResponse {
  const found = find(bucket, key, query);
  const keyMd5 = headers['x-amz-server-side-encryption-customer-key-md5'];
  if (operation === 'GetObject') requireReadable(found, keyMd5);
  else requireKey(found, keyMd5);
  const wanted = headers['if-match'];
  if (wanted !== undefined && unquoted(wanted) !== found.etag) throw new S3Refusal('PreconditionFailed', 412);
  const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(headers['range'] ?? '') ?? [];
  const body =
    first === undefined ? found.body : found.body.subarray(Number(first), last ? Number(last) + 1 : undefined);
  const end = Number(first) + body.length - 1;
  return {
    status: first === undefined ? 200 : 206,
    headers: {
      'content-type': 'binary/octet-stream',
      ...found.headers,
      ...versionHeader(bucket, found),
      // A checksum is over the whole object, and says nothing of a range.
      ...(headers['x-amz-checksum-mode'] === 'ENABLED' && first === undefined ? checksumHeaders(found) : {}),
      ...present({
        'content-length': String(body.length),
        'content-range': first === undefined ? undefined : `bytes ${first}-${end}/${found.body.length}`,
        etag: `"${found.etag}"`,
        'last-modified': found.lastModified.toUTCString(),
        'x-amz-storage-class': found.storageClass === 'STANDARD' ? undefined : found.storageClass,
        'x-amz-archive-status': found.archiveStatus,
        'x-amz-restore': found.isRestored ? 'ongoing-request="false"' : undefined,
        'x-amz-tagging-count':
          Object.keys(found.tags).length === 0 ? undefined : String(Object.keys(found.tags).length),
      }),
    },
    body: operation === 'HeadObject' ? '' : body,
  };
}

export function readTags({ tags }: StoredVersion): FakeResponse {
  const all = Object.entries(tags).map(([name, value]) =>
    element('Tag', element('Key', escaped(name)), element('Value', escaped(value))),
  );
  return xmlResponse(element('Tagging', element('TagSet', ...all)));
}

export function writeTags({ query, body }: FakeRequest, bucket: Bucket, key: string): FakeResponse {
  const [names, values] = ['Key', 'Value'].map((name) => readAll(body.toString(), name) ?? []);
  const tags = Object.fromEntries((names ?? []).map((name, index) => [name, values?.[index] ?? '']));
  bucket.setTags(find(bucket, key, query), checkedTags(tags));
  return { status: 200 };
}

/** Deletes, and returns the delete marker that was made or the version that was deleted. */
export function remove(bucket: Bucket, key: string, versionId: string | undefined): StoredVersion | undefined {
  return versionId === undefined ? bucket.delete(key) : bucket.deleteVersion(key, versionId);
}

export function deletionHeaders(removed: StoredVersion | undefined): Record<string, string> {
  if (removed === undefined) return {};
  return {
    'x-amz-version-id': removed.versionId,
    ...(removed.isDeleteMarker ? { 'x-amz-delete-marker': 'true' } : {}),
  };
}

export function removeMany({ body }: FakeRequest, bucket: Bucket): FakeResponse {
  const xml = body.toString();
  const objects = [...xml.matchAll(/<Object>(.*?)<\/Object>/gs)].map(([, text = '']) => text);
  const keys = readAll(xml, 'Key');
  if (keys === undefined || keys.length === 0 || keys.length > 1_000) throw new S3Refusal('MalformedXML', 400);
  const deleted = keys.map((key, index) => {
    const versionId = readAll(objects[index] ?? '', 'VersionId')?.[0];
    const removed = remove(bucket, key, versionId);
    return element(
      'Deleted',
      element('Key', escaped(key)),
      element('VersionId', versionId),
      removed?.isDeleteMarker === true
        ? element('DeleteMarker', true) + element('DeleteMarkerVersionId', removed.versionId)
        : '',
    );
  });
  return xmlResponse(element('DeleteResult', ...(xml.includes('<Quiet>true</Quiet>') ? [] : deleted)));
}
