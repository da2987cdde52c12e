import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { dynamodbRenders } from './adapters/dynamodb-renders';
import { createEventBridgeClient, publishRendered } from './adapters/eventbridge-documents';
import { readInput, storeDocument, type Buckets } from './adapters/s3-documents';
import { DocumentBrowser } from './browser/browser';
import type { RenderDependencies } from './render';
import { Templates } from './templates';
import type { Deadline } from '../shared/deadline';
import { createDynamoDBClient } from '../shared/dynamodb-client';
import { readEnvironment, wholeNumber } from '../shared/environment';
import { createS3Client } from '../shared/s3-client';

/** Settings of whatever renders documents: the function, and the container of large ones. */
export const renderSettings = readEnvironment(
  z.object({
    INPUT_BUCKET_NAME: z.string(),
    DOCUMENTS_BUCKET_NAME: z.string(),
    EVENT_BUS_NAME: z.string(),
    RENDERS_TABLE_NAME: z.string(),
    CHROMIUM_FOLDER: z.string(),
    ENGINE_VERSION: z.string(),
    CHROMIUM_SHA256: z.optional(z.string()),
    CHROMIUM_EXECUTABLE: z.optional(z.string()),
    MAXIMUM_PAGES: wholeNumber,
    MAXIMUM_BYTES: wholeNumber,
    MAXIMUM_DATA_BYTES: wholeNumber,
    RENDER_SECONDS: wholeNumber,
    BROWSER_MEGABYTES: wholeNumber,
    KEPT_SECONDS: wholeNumber,
  }),
  process.env,
);

/** Reserved for what follows the rendering: storing the document, its event, the response (milliseconds). */
const storeReserve = 5_000;
/** Reserved for a failed message's delay, and for the response (milliseconds). */
const failureReserve = 1_500;

export const s3 = createS3Client({ requestTimeout: 5_000 });
const dynamodb = createDynamoDBClient();
const events = createEventBridgeClient();
const templates = new Templates(join(__dirname, 'assets'));
export const browser = new DocumentBrowser({
  layerFolder: renderSettings.CHROMIUM_FOLDER,
  workFolder: join(tmpdir(), 'document-renderer'),
  maximumMegabytes: renderSettings.BROWSER_MEGABYTES,
  sha256: renderSettings.CHROMIUM_SHA256,
  executable: renderSettings.CHROMIUM_EXECUTABLE,
});

/**
 * Dependencies of one attempt.
 *
 * @param work name of the work that it is an attempt of, which has no other at the same time
 * @param interrupted ends the attempt, and the browser with it
 */
export function renderDependencies(deadline: Deadline, work: string, interrupted?: AbortSignal): RenderDependencies {
  const before = (reserve: number): AbortSignal =>
    AbortSignal.any([deadline.signalBefore(reserve), ...(interrupted === undefined ? [] : [interrupted])]);
  const signal = before(failureReserve);
  const buckets: Buckets = {
    client: s3,
    inputBucketName: renderSettings.INPUT_BUCKET_NAME,
    documentsBucketName: renderSettings.DOCUMENTS_BUCKET_NAME,
    signal,
  };
  return {
    limits: { maximumPages: renderSettings.MAXIMUM_PAGES, maximumBytes: renderSettings.MAXIMUM_BYTES },
    engine: renderSettings.ENGINE_VERSION,
    templateOf: (template, version) => templates.get(template, version),
    readInput: (key) => readInput(buckets, key, renderSettings.MAXIMUM_DATA_BYTES),
    renders: dynamodbRenders({
      client: dynamodb,
      tableName: renderSettings.RENDERS_TABLE_NAME,
      work,
      owner: `${work}/${randomUUID()}`,
      leaseSeconds: Math.ceil(deadline.remainingMilliseconds / 1_000),
      keptSeconds: renderSettings.KEPT_SECONDS,
      now: () => new Date(),
      signal,
    }),
    print: async (html, limits) => {
      const end = before(storeReserve);
      // Not within the time for rendering: a cold start says nothing about the document.
      await browser.prepare(end);
      const limit = AbortSignal.timeout(renderSettings.RENDER_SECONDS * 1_000);
      return browser.render(html, limits, AbortSignal.any([limit, end]));
    },
    store: (hash, page, pages) => storeDocument(buckets, hash, page, pages),
    publish: (rendered) =>
      publishRendered({ client: events, busName: renderSettings.EVENT_BUS_NAME, signal }, rendered),
  };
}
