import type { StoredVersion } from './s3-bucket';
import { element, escaped, urlEncoded } from './s3-xml';

interface Page {
  readonly entries: readonly StoredVersion[];
  /** Common prefix of keys up to a delimiter. */
  readonly commonPrefixes: readonly string[];
  /** The last entry or prefix, where more follow. */
  readonly last?: { readonly key: string; readonly versionId: string | undefined };
}

/** @param isAfter whether an entry comes after the page before */
function pageOf(
  versions: readonly StoredVersion[],
  query: URLSearchParams,
  pageSize: number,
  isAfter: (version: StoredVersion, commonPrefix: string | undefined) => boolean,
): Page {
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  const limit = Math.min(Number(query.get('max-keys') ?? pageSize), pageSize);
  const entries: StoredVersion[] = [];
  const commonPrefixes: string[] = [];
  let last: Page['last'];
  for (const version of versions.filter(({ key }) => key.startsWith(prefix))) {
    const end = delimiter === '' ? -1 : version.key.indexOf(delimiter, prefix.length);
    const commonPrefix = end < 0 ? undefined : version.key.slice(0, end + delimiter.length);
    if (!isAfter(version, commonPrefix)) continue;
    if (commonPrefix !== undefined && commonPrefixes.includes(commonPrefix)) continue;
    if (entries.length + commonPrefixes.length === limit) return { entries, commonPrefixes, ...(last ? { last } : {}) };
    if (commonPrefix === undefined) entries.push(version);
    else commonPrefixes.push(commonPrefix);
    last = { key: commonPrefix ?? version.key, versionId: commonPrefix === undefined ? version.versionId : undefined };
  }
  return { entries, commonPrefixes };
}

function isBehind(key: string, other: string): boolean {
  return Buffer.compare(Buffer.from(key), Buffer.from(other)) > 0;
}

function describer(query: URLSearchParams): (text: string) => string {
  return query.get('encoding-type') === 'url' ? (text) => escaped(urlEncoded(text)) : escaped;
}

function head(bucket: string, query: URLSearchParams, isTruncated: boolean): string {
  const text = describer(query);
  const [prefix, delimiter, encoding] = ['prefix', 'delimiter', 'encoding-type'].map(
    (name) => query.get(name) ?? undefined,
  );
  return [
    element('Name', bucket),
    element('Prefix', text(prefix ?? '')),
    element('Delimiter', delimiter === undefined ? undefined : text(delimiter)),
    element('EncodingType', encoding),
    element('IsTruncated', isTruncated),
  ].join('');
}

/** Answers ListObjectsV2. */
export function listObjects(
  name: string,
  all: readonly StoredVersion[],
  query: URLSearchParams,
  pageSize: number,
): string {
  const text = describer(query);
  const token = query.get('continuation-token');
  const after = token === null ? (query.get('start-after') ?? '') : Buffer.from(token, 'base64url').toString();
  const current = all.filter((one, index) => one.key !== all[index - 1]?.key && !one.isDeleteMarker);
  const page = pageOf(
    current,
    query,
    pageSize,
    ({ key }, prefix) => isBehind(key, after) && !(after !== '' && prefix === after),
  );
  const contents = page.entries.map((one) => element('Contents', element('Key', text(one.key)) + facts(one)));
  return element(
    'ListBucketResult',
    head(name, query, page.last !== undefined),
    element('KeyCount', page.entries.length + page.commonPrefixes.length),
    element('NextContinuationToken', page.last && Buffer.from(page.last.key).toString('base64url')),
    ...contents,
    ...page.commonPrefixes.map((one) => element('CommonPrefixes', element('Prefix', text(one)))),
  );
}

/** Answers ListObjectVersions. */
export function listVersions(
  name: string,
  all: readonly StoredVersion[],
  query: URLSearchParams,
  pageSize: number,
): string {
  const text = describer(query);
  const [keyMarker, versionMarker] = [query.get('key-marker') ?? '', query.get('version-id-marker')];
  const marker = all.findIndex(({ key, versionId }) => key === keyMarker && versionId === versionMarker);
  const page = pageOf(all, query, pageSize, (version, prefix) => {
    if (prefix !== undefined && prefix === keyMarker) return false;
    return (
      isBehind(version.key, keyMarker) || (marker >= 0 && version.key === keyMarker && all.indexOf(version) > marker)
    );
  });
  const entries = page.entries.map((one) => {
    const isLatest = all.find(({ key }) => key === one.key) === one;
    const of = [element('Key', text(one.key)), element('VersionId', one.versionId), element('IsLatest', isLatest)].join(
      '',
    );
    return one.isDeleteMarker
      ? element('DeleteMarker', of + element('LastModified', one.lastModified.toISOString()))
      : element('Version', of + facts(one));
  });
  return element(
    'ListVersionsResult',
    head(name, query, page.last !== undefined),
    element('NextKeyMarker', page.last && text(page.last.key)),
    element('NextVersionIdMarker', page.last?.versionId),
    ...entries,
    ...page.commonPrefixes.map((one) => element('CommonPrefixes', element('Prefix', text(one)))),
  );
}

function facts({ body, etag, lastModified, storageClass }: StoredVersion): string {
  return [
    element('LastModified', lastModified.toISOString()),
    element('ETag', `&quot;${etag}&quot;`),
    element('Size', body.length),
    element('StorageClass', storageClass),
  ].join('');
}
