import * as z from 'zod/mini';

/** Largest document: a limit of this API, below the 5 GiB that S3 takes in one request. */
export const maximumBytes = 1_073_741_824;

/** U+0000 to U+001F and U+007F, in a form that regular expressions of every language read. */
const controlCharacters = String.raw`\u0000-\u001F\u007F`;

const title = z
  .string()
  .check(
    z.minLength(1),
    z.maxLength(200),
    z.regex(new RegExp(`^[^${controlCharacters}]*$`), 'use a text without control characters'),
  );

const tags = z
  .array(
    z.string().check(z.maxLength(50), z.regex(/^[a-z0-9][a-z0-9-]*$/, 'use lower-case letters, digits and hyphens')),
  )
  .check(z.maxLength(10));

/** Media type without parameters: S3 stores and signs it as it is. */
const contentType = z
  .string()
  .check(z.maxLength(100), z.regex(/^[a-z0-9][a-z0-9.+-]*\/[a-z0-9][a-z0-9.+-]*$/, 'use a media type in lower case'));

const bytes = z.int().check(z.gte(1), z.lte(maximumBytes));

/** Body of `POST /documents`. */
export const newDocumentSchema = z.strictObject({
  title,
  contentType,
  bytes,
  tags: z.optional(tags),
});

/** Body of `PATCH /documents/{id}`, a JSON merge patch: what is left out stays, `null` removes. */
export const documentPatchSchema = z.strictObject({
  title: z.optional(title),
  tags: z.optional(z.nullable(tags)),
});

/** Link that takes or gives the content, without any other credentials, until it expires. */
const linkSchema = z.object({
  method: z.enum(['GET', 'PUT']),
  url: z.string(),
  /** Headers that the request must have exactly so: they are signed. */
  headers: z.record(z.string(), z.string()),
  expiresAt: z.string(),
});

/** Document as the API returns it. */
export const documentSchema = z.object({
  id: z.string(),
  title: z.string(),
  contentType: z.string(),
  bytes,
  tags: z.array(z.string()),
  status: z.enum(['awaiting-upload', 'available']),
  createdAt: z.string(),
  updatedAt: z.string(),
  /** For the upload, until the content has arrived. */
  upload: z.optional(linkSchema),
  /** For the download, once the content has arrived. */
  download: z.optional(linkSchema),
});

/** Answer of `GET /documents`. */
export const documentListSchema = z.object({
  documents: z.array(documentSchema),
  /** For the next page; none on the last one. */
  cursor: z.optional(z.string()),
});

/** Query of `GET /documents`. */
export const listQuerySchema = z.strictObject({
  limit: z._default(
    z.pipe(
      z.string().check(z.regex(/^([1-9][0-9]?|100)$/, 'use a number from 1 to 100')),
      z.transform((text: string) => Number(text)),
    ),
    20,
  ),
  cursor: z.optional(z.string().check(z.maxLength(200))),
  tag: z.optional(z.string().check(z.maxLength(50))),
});

/** Error as RFC 9457 describes it. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  /** Missing where a function failed so that only the gateway knows it. */
  status: z.optional(z.int().check(z.gte(400), z.lte(599))),
  detail: z.string(),
  /** Places of the request that were refused. */
  errors: z.optional(z.array(z.string())),
  /** Correlation id: the log lines of the request have it too. */
  requestId: z.string(),
});

export type NewDocument = z.output<typeof newDocumentSchema>;
export type DocumentPatch = z.output<typeof documentPatchSchema>;
export type DocumentBody = z.output<typeof documentSchema>;
export type Link = z.output<typeof linkSchema>;
export type Problem = z.output<typeof problemSchema>;
