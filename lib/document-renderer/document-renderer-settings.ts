import { z } from 'zod';

/** Memory of a function or a task that its browser may take: the rest is for Node.js, which holds the page's text several times. */
export function browserMegabytes(megabytes: number): number {
  return megabytes - 640;
}

/** Seconds of the function's time that are left for reading, storing and the event. */
const reservedSeconds = 10;

/** Settings of document-renderer: `-c document-renderer='{…}'`, or the key `document-renderer` of the context in `cdk.json`. */
export const documentRendererSettings = z
  .strictObject({
    packaging: z
      .enum(['layer', 'image', 's3-files'])
      .default('layer')
      .describe(
        'Form in which the function gets its browser. Docker builds an image at deployment; S3 Files needs a VPC.',
      ),
    timeoutSeconds: z
      .int()
      .min(15)
      .max(900)
      .default(60)
      .describe('Longest time for one document; the visibility timeout follows.'),
    renderSeconds: z
      .int()
      .min(2)
      .max(890)
      .default(45)
      .describe('Time after which a browser that has not finished a document is killed.'),
    memoryMegabytes: z
      .int()
      .min(1_024)
      .max(10_240)
      .default(2_048)
      .describe('Memory of the function and its browser; CPU grows in proportion to it.'),
    ephemeralStorageMegabytes: z
      .int()
      .min(512)
      .max(10_240)
      .default(1_024)
      .describe('Size of /tmp. The unpacked browser takes 209 MB of it.'),
    maximumPages: z.int().min(1).max(2_000).default(100).describe('Documents with more pages are refused.'),
    maximumBytes: z.int().min(10_000).max(100_000_000).default(20_000_000).describe('Larger PDF files are refused.'),
    maximumDataBytes: z
      .int()
      .min(1_000)
      .max(20_000_000)
      .default(2_000_000)
      .describe('Larger data objects are refused unread. Inline data is limited by SQS to 1 MiB.'),
    maximumConcurrency: z
      .int()
      .min(2)
      .max(1_000)
      .default(2)
      .describe('Documents rendered at once. A new account may run ten functions at once in all.'),
    maxReceiveCount: z
      .int()
      .min(3)
      .max(100)
      .default(5)
      .describe('Receives after which a request that keeps failing goes to the failures queue.'),
    largeRenders: z
      .enum(['refused', 'fargate'])
      .default('refused')
      .describe('Documents that outgrow the function by pages or time: refused, or rendered by a task on Fargate.'),
    largeRenderSpot: z
      .boolean()
      .default(false)
      .describe('First attempts of large documents on Fargate Spot, further ones on demand.'),
    largeRenderMinutes: z
      .int()
      .min(2)
      .max(720)
      .default(60)
      .describe('Time after which a task that has not finished a large document gives it up.'),
    largeRenderHeartbeatSeconds: z
      .int()
      .min(12)
      .max(3_600)
      .default(300)
      .describe('Time without a heartbeat after which a task is given up. A task needs one or two minutes to start.'),
    largeRenderPages: z
      .int()
      .min(1)
      .max(20_000)
      .default(2_000)
      .describe('Large documents with more pages are refused.'),
    largeRenderProcessors: z
      .union([z.literal(1), z.literal(2), z.literal(4)])
      .default(2)
      .describe('Virtual processors of a task, with 4 GB of memory each.'),
    documentDays: z.int().min(2).max(3_650).default(90).describe('Documents are deleted after so many days.'),
    inputDays: z.int().min(15).max(3_650).default(30).describe('Data objects are deleted after so many days.'),
    lateAfterSeconds: z
      .int()
      .min(60)
      .max(86_400)
      .default(900)
      .describe('Age of the oldest request that raises the alarm.'),
    dashboard: z.boolean().optional().describe('CloudWatch dashboard. Default: on in prod.'),
  })
  .superRefine(({ renderSeconds, timeoutSeconds }, context) => {
    if (renderSeconds + reservedSeconds > timeoutSeconds) {
      context.addIssue({
        code: 'custom',
        path: ['renderSeconds'],
        message: `use at most ${timeoutSeconds - reservedSeconds}: ${reservedSeconds} s of timeoutSeconds are for reading, storing and the event`,
      });
    }
  });

export type DocumentRendererSettings = z.output<typeof documentRendererSettings>;
