import { ProblemError } from './problem';
import type { DocumentBody, DocumentPatch, Link, NewDocument } from './schemas';

/** Seconds that an upload or download link is valid. */
export const linkSeconds = 900;

/** Document as it is stored. */
export interface DocumentRecord {
  readonly owner: string;
  readonly id: string;
  readonly title: string;
  readonly contentType: string;
  readonly bytes: number;
  readonly tags: readonly string[];
  readonly status: 'awaiting-upload' | 'available';
  /** Raised by every change; the entity tag. */
  readonly version: number;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** Time at which a document without content is gone, in seconds since 1970. */
  readonly expiresAt?: number;
}

/** Time and random bytes, which a core is given. */
export interface Circumstances {
  readonly now: Date;
  readonly randomBytes: Uint8Array;
}

/** Makes a document that waits for its content for so many hours. */
export function createDocument(
  owner: string,
  { title, contentType, bytes, tags = [] }: NewDocument,
  circumstances: Circumstances,
  uploadHours: number,
): DocumentRecord {
  const at = circumstances.now.toISOString();
  return {
    owner,
    id: uuidV7(circumstances),
    ...{ title, contentType, bytes },
    tags: [...new Set(tags)],
    status: 'awaiting-upload',
    version: 1,
    createdAt: at,
    updatedAt: at,
    expiresAt: Math.floor(circumstances.now.getTime() / 1_000) + uploadHours * 3_600,
  };
}

/** Attributes that a merge patch sets: `null` removes, and there is always a list of tags. */
export function changesOf({ title, tags }: DocumentPatch): { title?: string; tags?: string[] } {
  return {
    ...(title === undefined ? {} : { title }),
    ...(tags === undefined ? {} : { tags: [...new Set(tags ?? [])] }),
  };
}

/** Whether the content never arrived in time; DynamoDB deletes such items days later. */
export function isExpired({ expiresAt }: DocumentRecord, now: Date): boolean {
  return expiresAt !== undefined && expiresAt * 1_000 <= now.getTime();
}

export function etagOf({ version }: DocumentRecord): string {
  return `"${version}"`;
}

/**
 * Returns the versions that an `If-Match` header accepts, or `any` for `*`. A weak tag never matches a strong one.
 *
 * @throws ProblemError 400
 */
export function versionsOf(ifMatch: string): readonly number[] | 'any' {
  if (ifMatch.trim() === '*') return 'any';
  const tags = ifMatch.split(',').map((tag) => tag.trim());
  if (tags.length > 10 || !tags.every((tag) => /^(W\/)?"[^"]*"$/.test(tag))) {
    throw new ProblemError(400, 'If-Match is not valid: use the ETag of the document');
  }
  return tags.flatMap((tag) => {
    const digits = /^"([1-9]\d{0,14})"$/.exec(tag)?.[1];
    return digits === undefined ? [] : [Number(digits)];
  });
}

/** The document as its owner sees it, with the link for its content where there is one. */
export function bodyOf(record: DocumentRecord, link?: Link): DocumentBody {
  const { id, title, contentType, bytes, tags, status, createdAt, updatedAt } = record;
  const name = link?.method === 'PUT' ? 'upload' : 'download';
  return {
    ...{ id, title, contentType, bytes, tags: [...tags], status, createdAt, updatedAt },
    ...(link === undefined ? {} : { [name]: link }),
  };
}

/** Key of the document's content in the bucket. */
export function contentKeyOf({ owner, id }: Pick<DocumentRecord, 'owner' | 'id'>): string {
  return `documents/${owner}/${id}`;
}

/** Owner and id of a key, or undefined for one that is not a document's. */
export function ownerOf(key: string): Pick<DocumentRecord, 'owner' | 'id'> | undefined {
  const [, owner, id] = /^documents\/([\w-]+)\/([0-9a-f-]{36})$/.exec(key) ?? [];
  return owner === undefined || id === undefined ? undefined : { owner, id };
}

/** Whether a text may be the id of a document. */
export function isDocumentId(text: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(text);
}

/** UUID that begins with the time, so that documents are listed in the order of creation: RFC 9562, version 7. */
function uuidV7({ now, randomBytes }: Circumstances): string {
  const bytes = Buffer.from(randomBytes.subarray(0, 16));
  bytes.writeUIntBE(now.getTime(), 0, 6);
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
