import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { RuntimeApi } from '../../../../tools/local/runtime/runtime-api';
import { FakeRuntimeApi } from './fake-runtime-api';

test('an event is read with request id, deadline, function and trace id', async () => {
  const server = await FakeRuntimeApi.start();
  server.send({ a: 'ü' });
  const invocation = await new RuntimeApi(server.address).next();
  server.stop();
  expect(invocation).toMatchObject({
    requestId: 'request-1',
    traceId: 'Root=1-trace',
    event: '{"a":"ü"}',
    clientContext: undefined,
  });
  expect(invocation.deadlineMilliseconds).toBeGreaterThan(Date.now());
});

test('an error type with characters that a header cannot have is sent', async () => {
  const server = await FakeRuntimeApi.start();
  await new RuntimeApi(server.address).fail('r-1', { errorType: 'Übel\n', errorMessage: 'ü', trace: [] });
  server.stop();
  expect(server.responses).toMatchObject([{ errorType: '?bel?', body: { errorType: 'Übel\n', errorMessage: 'ü' } }]);
});

test('an error of the API names the request', async () => {
  const server: Server = createServer((_request, response) => response.writeHead(500).end('stopped'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const api = new RuntimeApi(`127.0.0.1:${(server.address() as AddressInfo).port}`);
  await expect(api.next()).rejects.toThrow('/runtime/invocation/next answered 500: stopped');
  server.close();
  server.closeAllConnections();
  await expect(api.next()).rejects.toThrow('/runtime/invocation/next cannot be reached');
});
