import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { faultRequestSchema, type ReadFaultRequest } from '../../scenario-runner/remote-faults';
import type { DatabaseWatch, DisturbedCalls, FaultInjector } from '../../../scenarios/shared/faults/fault-injector';

export interface FaultControl {
  /** Value of the scenario runner's `--faults`; it contains a secret, since its holder can kill functions. */
  readonly url: string;
  stop(): void;
}

/** Starts an HTTP server on the loopback interface through which another process injects faults. */
export async function startFaultControl(faults: FaultInjector): Promise<FaultControl> {
  const token = randomBytes(24).toString('base64url');
  const disturbances = new Map<number, () => Promise<DisturbedCalls>>();
  let stopWatching: (() => Promise<DatabaseWatch>) | undefined;
  const server = createServer((request, response) => {
    void answer(request).then(
      (body) => response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(body)),
      (error: unknown) => response.writeHead(400).end(String(error)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  server.unref();

  async function answer(request: IncomingMessage): Promise<object> {
    if (request.url !== `/${token}` || request.method !== 'POST') throw new Error('unknown');
    return act(faultRequestSchema.parse(JSON.parse(await text(request))));
  }

  async function act(fault: ReadFaultRequest): Promise<object> {
    switch (fault.fault) {
      case 'kill':
        return { killed: await faults.kill(fault.functionName) };
      case 'disturb': {
        const { functionName, service, disturbance, seed } = fault;
        const stop = await faults.disturb(functionName, service, disturbance, seed);
        const id = disturbances.size + 1;
        disturbances.set(id, stop);
        return { id };
      }
      case 'stop-disturbing': {
        const stop = disturbances.get(fault.id);
        if (stop === undefined) throw new Error(`no disturbance ${fault.id}`);
        return stop();
      }
      case 'crash-database':
        return faults.crashDatabase();
      case 'watch-database':
        stopWatching = await faults.watchDatabase();
        return {};
      case 'stop-watching':
        if (stopWatching === undefined) throw new Error('the database is not watched');
        return stopWatching();
    }
  }

  return {
    // A server that listens on TCP has an address with a port.
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/${token}`,
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}
