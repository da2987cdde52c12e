import { z } from 'zod';
import type { FaultInjector } from '../faults';

/** What a local run is asked for, over HTTP. */
export const faultRequestSchema = z.discriminatedUnion('fault', [
  z.strictObject({ fault: z.literal('kill'), functionName: z.string() }),
  z.strictObject({
    fault: z.literal('throttle'),
    functionName: z.string(),
    service: z.enum(['dynamodb']),
    share: z.number().min(0).max(1),
  }),
  z.strictObject({ fault: z.literal('stop-throttling'), id: z.int() }),
  z.strictObject({ fault: z.enum(['crash-database', 'watch-database', 'stop-watching']) }),
]);
export type FaultRequest = z.infer<typeof faultRequestSchema>;

const killedSchema = z.object({ killed: z.int() });
const throttleSchema = z.object({ id: z.int() });
const crashSchema = z.object({ returnedAt: z.number() });
const watchSchema = z.object({ most: z.int(), limit: z.int(), clients: z.int(), looks: z.int() });
const throttledCallsSchema = z.object({ calls: z.int(), throttled: z.int() });

/**
 * The faults that a local run offers.
 *
 * @param url which the local run passes by `--faults`
 */
export function remoteFaults(url: string): FaultInjector {
  const ask = async <T extends z.ZodType>(request: FaultRequest, answer: T): Promise<z.output<T>> => {
    const response = await fetch(url, { method: 'POST', body: JSON.stringify(request) });
    const body = await response.text();
    if (!response.ok) throw new Error(`the local run refused the fault '${request.fault}': ${body}`);
    return answer.parse(JSON.parse(body));
  };
  return {
    async kill(functionName) {
      return (await ask({ fault: 'kill', functionName }, killedSchema)).killed;
    },
    async throttle(functionName, service, share) {
      const { id } = await ask({ fault: 'throttle', functionName, service, share }, throttleSchema);
      return () => ask({ fault: 'stop-throttling', id }, throttledCallsSchema);
    },
    crashDatabase: () => ask({ fault: 'crash-database' }, crashSchema),
    async watchDatabase() {
      await ask({ fault: 'watch-database' }, z.object({}));
      return () => ask({ fault: 'stop-watching' }, watchSchema);
    },
  };
}
