import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { DatabaseServer } from './database-server';
import type { RunningProxy } from './proxy';

export const controlRequestSchema = z.strictObject({ do: z.enum(['crash', 'watch', 'watched']) });
export type ControlRequest = z.infer<typeof controlRequestSchema>;

export const crashedSchema = z.object({ returnedAt: z.number() });
export const watchedSchema = z.object({
  most: z.int(),
  limit: z.int(),
  clients: z.int(),
  pinned: z.int(),
  samples: z.int(),
});

const everyMilliseconds = 10;

type ControlledServer = Pick<DatabaseServer, 'crash' | 'connections'>;
type ControlledProxy = Pick<RunningProxy, 'limit' | 'clients' | 'pinned'>;

export interface DatabaseControl {
  /** Contains a secret: whoever knows the URL can kill the server. */
  readonly url: string;
  readonly stop: () => void;
}

/** Starts an HTTP server on the loopback interface by which the run kills the database and counts connections. */
export async function startDatabaseControl(server: ControlledServer, proxy: ControlledProxy): Promise<DatabaseControl> {
  const token = randomBytes(24).toString('base64url');
  const watch = new Watch(server, proxy);
  const control = createServer((request, response) => {
    const answer = async (): Promise<object> => {
      if (request.url !== `/${token}` || request.method !== 'POST') throw new Error('unknown');
      const { do: what } = controlRequestSchema.parse(JSON.parse(await text(request)));
      return act(what, server, watch);
    };
    answer().then(
      (body) => response.end(JSON.stringify(body)),
      (error: unknown) => response.writeHead(400).end(String(error)),
    );
  });
  await new Promise<void>((resolve) => control.listen(0, '127.0.0.1', resolve));
  // A server that listens on TCP has an address with a port.
  const url = `http://127.0.0.1:${(control.address() as AddressInfo).port}/${token}`;
  return { url, stop: () => void control.close() };
}

async function act(what: ControlRequest['do'], server: ControlledServer, watch: Watch): Promise<object> {
  switch (what) {
    case 'crash':
      await server.crash();
      return { returnedAt: Date.now() } satisfies z.infer<typeof crashedSchema>;
    case 'watch':
      watch.begin();
      return {};
    case 'watched':
      return watch.end() satisfies z.infer<typeof watchedSchema>;
  }
}

/** Counts the server's connections repeatedly and keeps the maximum. */
class Watch {
  private most = 0;
  private clients = 0;
  private pinnedBefore = 0;
  private samples = 0;
  private isOn = false;

  constructor(
    private readonly server: ControlledServer,
    private readonly proxy: ControlledProxy,
  ) {}

  begin(): void {
    this.most = 0;
    this.clients = 0;
    this.pinnedBefore = this.proxy.pinned();
    this.samples = 0;
    if (this.isOn) return;
    this.isOn = true;
    void this.look();
  }

  end(): z.infer<typeof watchedSchema> {
    this.isOn = false;
    const { most, clients, samples, proxy } = this;
    return { most, limit: proxy.limit, clients, pinned: proxy.pinned() - this.pinnedBefore, samples };
  }

  private async look(): Promise<void> {
    while (this.isOn) {
      // A server that is down has no connections.
      const count = await this.server.connections().catch(() => 0);
      this.most = Math.max(this.most, count);
      this.clients = Math.max(this.clients, await this.proxy.clients());
      this.samples += 1;
      await sleep(everyMilliseconds);
    }
  }
}
