import type { Context } from 'aws-lambda';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { unpackBrowser } from './browser/browser-files';
import { putBrowserFiles } from './adapters/s3-browser-files';
import {
  customResourceRequest,
  longestReason,
  sendResponse,
  type CustomResourceResponse,
} from '../shared/custom-resource';
import { readEnvironment } from '../shared/environment';
import { errorFields, logger } from '../shared/observability';
import { createS3Client } from '../shared/s3-client';

const settings = readEnvironment(
  z.object({ BROWSER_FILES_BUCKET_NAME: z.string(), CHROMIUM_FOLDER: z.string() }),
  process.env,
);
/** The browser has 209 MB. */
const client = createS3Client({ requestTimeout: 120_000 });

const requestSchema = customResourceRequest(z.object({ Folder: z.string() }));

/**
 * Puts the browser of the layer, unpacked, into the bucket that functions mount, and sends CloudFormation its digest.
 *
 * Each browser has a folder of its own, so that functions keep theirs until they are updated, and after a rollback. A deleted
 * resource leaves it: a function that still runs may have started from it.
 */
export const handler = async (event: unknown, context: Context): Promise<void> => {
  logger.addContext(context);
  const { RequestType, ResponseURL, PhysicalResourceId, ResourceProperties, ...ids } = requestSchema.parse(event);
  const { Folder: folder } = ResourceProperties;
  const request = { ...ids, PhysicalResourceId: PhysicalResourceId ?? folder };
  let response: CustomResourceResponse = { ...request, Status: 'SUCCESS', Reason: 'the folder stays' };
  try {
    if (RequestType !== 'Delete') {
      const Data = { Sha256: await seed(folder) };
      response = { ...request, PhysicalResourceId: folder, Status: 'SUCCESS', Reason: 'the browser is there', Data };
    }
    logger.info('deployment answered', { requestType: RequestType, folder });
  } catch (error) {
    logger.error('the browser was not put into its bucket', errorFields(error));
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    response = { ...request, Status: 'FAILED', Reason: reason.slice(0, longestReason) };
  }
  await sendResponse(ResponseURL, response);
};

/** @returns SHA-256 of the browser, in Base64 */
async function seed(folder: string): Promise<string> {
  const { BROWSER_FILES_BUCKET_NAME: bucketName, CHROMIUM_FOLDER: layerFolder } = settings;
  const executable = await unpackBrowser(layerFolder, join(tmpdir(), 'seeded-browser'));
  return putBrowserFiles({ client, bucketName }, { layerFolder, executable, folder });
}
