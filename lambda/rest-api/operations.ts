import {
  deleteDocument,
  getDocument,
  putDocument,
  updateDocument,
  type DocumentsTable,
  type Written,
} from './adapters/dynamodb-documents';
import { putOnce } from './adapters/dynamodb-idempotency';
import { listDocuments } from './adapters/dynamodb-pages';
import { deleteContent, downloadLink, uploadLink, type ContentBucket } from './adapters/s3-content';
import type { Access } from './caller';
import { readCursor, writeCursor } from './cursor';
import { bodyOf, changesOf, createDocument, etagOf, isDocumentId, versionsOf, type DocumentRecord } from './document';
import { fingerprintOf, idempotencyKeyOf } from './idempotency';
import { notFound, ProblemError } from './problem';
import { readBody, readQuery, type ApiRequest } from './request';
import { documentPatchSchema, listQuerySchema, newDocumentSchema, type Link } from './schemas';

export interface Dependencies {
  readonly table: DocumentsTable;
  readonly keysTableName: string;
  readonly bucket: ContentBucket;
  readonly cursorKey: () => Promise<string>;
  readonly randomBytes: () => Uint8Array;
  readonly uploadHours: number;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** Work of one method of a resource, and the access that it needs. */
export interface Operation {
  readonly access: Access;
  readonly run: (dependencies: Dependencies, owner: string, request: ApiRequest) => Promise<Answer>;
}

/** Operations by resource, as the gateway declares it, and method. */
export const operations: Readonly<Record<string, Readonly<Record<string, Operation>>>> = {
  '/documents': { GET: { access: 'read', run: list }, POST: { access: 'write', run: create } },
  '/documents/{id}': {
    GET: { access: 'read', run: get },
    PATCH: { access: 'write', run: patch },
    DELETE: { access: 'write', run: remove },
  },
};

async function create(dependencies: Dependencies, owner: string, request: ApiRequest): Promise<Answer> {
  const input = readBody(request, 'application/json', newDocumentSchema);
  const { table, randomBytes, uploadHours } = dependencies;
  const circumstances = { now: table.now(), randomBytes: randomBytes() };
  const made = createDocument(owner, input, circumstances, uploadHours);
  const key = idempotencyKeyOf(request.headers);
  const record = key === undefined ? made : await createOnce(dependencies, key, fingerprintOf(input), made);
  if (key === undefined) await putDocument(table, record);
  const answer = await answerWith(dependencies, record);
  // Relative to the request, whose path holds the stage or the base path of a domain.
  return { ...answer, status: 201, headers: { ...answer.headers, Location: `documents/${record.id}` } };
}

/** Creates the document, or returns the one that the first request with the key has created. */
async function createOnce(
  { table, keysTableName }: Dependencies,
  key: string,
  fingerprint: string,
  record: DocumentRecord,
): Promise<DocumentRecord> {
  const creation = await putOnce(table, keysTableName, { key, fingerprint, record });
  if (creation.outcome === 'created') return creation.record;
  if (creation.outcome === 'other-request') {
    throw new ProblemError(422, 'the Idempotency-Key was used for another body: use a new one');
  }
  const headers = { 'Retry-After': '1' };
  throw new ProblemError(409, 'a request with this Idempotency-Key is running: send it again', { headers });
}

async function get(dependencies: Dependencies, owner: string, request: ApiRequest): Promise<Answer> {
  const record = await getDocument(dependencies.table, idOf(owner, request));
  if (record === undefined) throw notFound();
  return answerWith(dependencies, record);
}

async function list(dependencies: Dependencies, owner: string, request: ApiRequest): Promise<Answer> {
  const { limit, cursor, tag } = readQuery(request, listQuerySchema);
  const key = await dependencies.cursorKey();
  const after = cursor === undefined ? undefined : readCursor(cursor, { owner, tag }, key);
  const { records, next } = await listDocuments(dependencies.table, { owner, limit, after, tag });
  const documents = records.map((record) => bodyOf(record));
  const body =
    next === undefined ? { documents } : { documents, cursor: writeCursor({ owner, tag, after: next }, key) };
  return { status: 200, body };
}

async function patch(dependencies: Dependencies, owner: string, request: ApiRequest): Promise<Answer> {
  const id = idOf(owner, request);
  const input = readBody(request, 'application/merge-patch+json', documentPatchSchema);
  const ifMatch = request.headers.get('if-match');
  if (ifMatch === undefined) {
    // Whether the document is the caller's comes first: 428 would tell that it exists.
    if ((await getDocument(dependencies.table, id)) === undefined) throw notFound();
    throw new ProblemError(428, 'send If-Match with the ETag of the document, so that no change of others is lost');
  }
  const change = { changes: changesOf(input), versions: versionsOf(ifMatch), requestId: request.requestId };
  return answerWith(dependencies, written(await updateDocument(dependencies.table, id, change)));
}

async function remove({ table, bucket }: Dependencies, owner: string, request: ApiRequest): Promise<Answer> {
  const id = idOf(owner, request);
  const ifMatch = request.headers.get('if-match');
  written(await deleteDocument(table, id, ifMatch === undefined ? 'any' : versionsOf(ifMatch)));
  await deleteContent(bucket, id);
  return { status: 204 };
}

function idOf(owner: string, { id }: ApiRequest): { owner: string; id: string } {
  if (!isDocumentId(id)) throw notFound();
  return { owner, id };
}

function written(result: Written): DocumentRecord {
  if (result.outcome === 'missing') throw notFound();
  if (result.outcome === 'changed') throw new ProblemError(412, 'the document has another ETag: read it again');
  return result.record;
}

async function answerWith({ bucket }: Dependencies, record: DocumentRecord): Promise<Answer> {
  const link: Link = await (record.status === 'available' ? downloadLink(bucket, record) : uploadLink(bucket, record));
  return { status: 200, headers: { ETag: etagOf(record) }, body: bodyOf(record, link) };
}
