import * as z from 'zod/mini';

const channel = z.object({ queueUrl: z.string(), secretName: z.string() });

/** Channels that the stack passes to the function as JSON. */
export const channelsSchema = z.object({ slack: z.optional(channel), teams: z.optional(channel) });

export type Channels = z.output<typeof channelsSchema>;

/** Receiver of digests. */
export type ChannelName = keyof Channels;

/** Returns the channel whose queue an event source mapping reads. */
export function channelOf(channels: Channels, queueArn: string) {
  const queueName = queueArn.slice(queueArn.lastIndexOf(':') + 1);
  for (const name of ['slack', 'teams'] as const) {
    const found = channels[name];
    if (found?.queueUrl.endsWith(`/${queueName}`)) return { name, ...found };
  }
  throw new Error(`no channel has the queue '${queueName}'`);
}
