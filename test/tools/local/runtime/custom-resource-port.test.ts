import https from 'node:https';
import { restoreResponsePort } from '../../../../tools/local/runtime/custom-resource-port';

test("a custom resource's response goes to the emulator's port, other requests are unchanged", () => {
  const asked: unknown[] = [];
  const original = https.request;
  https.request = ((options: unknown) => asked.push(options)) as unknown as typeof https.request;
  restoreResponsePort('https://127.0.0.1:4567');
  const answer = { hostname: '127.0.0.1', path: '/_ministack/cfn-response/token', method: 'PUT' };
  https.request(answer);
  https.request({ ...answer, port: 99 });
  https.request({ hostname: 'example.com', path: '/' });
  https.request(new URL('https://127.0.0.1/_ministack/cfn-response/token'));
  https.request = original;
  expect(asked.slice(0, 3)).toEqual([
    { ...answer, port: '4567' },
    { ...answer, port: 99 },
    { hostname: 'example.com', path: '/' },
  ]);
  expect(asked[3]).toBeInstanceOf(URL);
});
