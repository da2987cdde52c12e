import { z } from 'zod';
import { disturbedServices, type FaultInjector } from '../../scenarios/shared/faults/fault-injector';

const share = z.number().min(0).max(1).default(0);

/** What a local run is asked for, over HTTP. */
export const faultRequestSchema = z.discriminatedUnion('fault', [
  z.strictObject({ fault: z.literal('kill'), functionName: z.string() }),
  z.strictObject({
    fault: z.literal('disturb'),
    functionName: z.string(),
    service: z.enum(disturbedServices),
    disturbance: z.strictObject({
      throttled: share,
      dropped: share,
      unanswered: share,
      slow: share,
      slowMilliseconds: z.number().min(0).default(1_000),
    }),
    seed: z.number(),
  }),
  z.strictObject({ fault: z.literal('stop-disturbing'), id: z.int() }),
  z.strictObject({ fault: z.enum(['crash-database', 'watch-database', 'stop-watching']) }),
]);
export type ReadFaultRequest = z.infer<typeof faultRequestSchema>;
type FaultRequest = z.input<typeof faultRequestSchema>;

const killedSchema = z.object({ killed: z.int() });
const disturbanceSchema = z.object({ id: z.int() });
const crashSchema = z.object({ returnedAt: z.number() });
const watchSchema = z.object({ most: z.int(), limit: z.int(), clients: z.int(), pinned: z.int(), samples: z.int() });
const disturbedCallsSchema = z.object({
  calls: z.int(),
  throttled: z.int(),
  dropped: z.int(),
  unanswered: z.int(),
  slow: z.int(),
});

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
    async disturb(functionName, service, disturbance, seed) {
      const { id } = await ask({ fault: 'disturb', functionName, service, disturbance, seed }, disturbanceSchema);
      return () => ask({ fault: 'stop-disturbing', id }, disturbedCallsSchema);
    },
    crashDatabase: () => ask({ fault: 'crash-database' }, crashSchema),
    async watchDatabase() {
      await ask({ fault: 'watch-database' }, z.object({}));
      return () => ask({ fault: 'stop-watching' }, watchSchema);
    },
  };
}
