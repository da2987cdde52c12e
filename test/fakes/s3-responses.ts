import type { FakeRequest, FakeResponse } from './fake-service';
import type { StoredVersion } from './s3-bucket';
import { element, escaped } from './s3-xml';

/** Refusal of a request, as S3 words it. */
export class S3Refusal extends Error {
  constructor(
    readonly code: string,
    readonly status: number,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(code);
  }
}

/** Response of S3 that refuses; the one to HEAD has no body, so that only its status tells. */
export function s3Refusal(
  code: string,
  status: number,
  { method = 'GET' }: Partial<FakeRequest> = {},
  headers: Readonly<Record<string, string>> = {},
): FakeResponse {
  const body = `<Error><Code>${code}</Code><Message>refused: ${code}</Message></Error>`;
  const all = { 'content-type': 'application/xml', 'x-amz-request-id': 'REQUEST1', ...headers };
  return { status, headers: all, body: method === 'HEAD' ? '' : body };
}

export function xmlResponse(body: string, headers: Readonly<Record<string, string | undefined>> = {}): FakeResponse {
  return { status: 200, headers: { 'content-type': 'application/xml', ...present(headers) }, body };
}

export function present(headers: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/** Checksums as headers of an answer. */
export function checksumHeaders({ checksums, checksumType }: StoredVersion): Record<string, string> {
  const all = Object.entries(checksums).map(([name, value]) => [`x-amz-checksum-${name.toLowerCase()}`, value]);
  return all.length === 0 ? {} : { ...(Object.fromEntries(all) as object), 'x-amz-checksum-type': checksumType };
}

/** Checksums as elements of an answer. */
export function checksumElements({ checksums, checksumType }: StoredVersion): string {
  const all = Object.entries(checksums).map(([name, value]) => element(`Checksum${name}`, value));
  return all.length === 0 ? '' : [...all, element('ChecksumType', checksumType)].join('');
}

export function quoted(etag: string): string {
  return escaped(`"${etag}"`);
}
