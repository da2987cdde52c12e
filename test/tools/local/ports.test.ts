import { createServer } from 'node:net';
import { freePort } from '../../../tools/local/ports';

test('the port can be listened on', async () => {
  const port = await freePort();
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  expect(port).toBeGreaterThan(1023);
  server.close();
});
