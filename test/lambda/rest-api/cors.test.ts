import { captureOutput } from '../../fakes/captured-output';
import { TestApi } from './test-api';

const origin = 'https://app.example.com';
let api: TestApi;
const open = async (origins: string): Promise<TestApi> => (api = await new TestApi().open({ CORS_ORIGINS: origins }));
beforeEach(() => captureOutput());
afterEach(async () => {
  await api.close();
  jest.restoreAllMocks();
});

it('lets pages of configured origins read answers and refusals', async () => {
  await open(`https://other.example.com,${origin}`);
  for (const request of [{}, { claims: {} }, { resource: '/{proxy+}' }, { query: { limit: ['0'] } }]) {
    const { headers } = await api.send({ ...request, headers: { Origin: origin } });
    expect(headers).toMatchObject({ 'Access-Control-Allow-Origin': origin, Vary: 'Origin' });
    expect(headers['Access-Control-Expose-Headers']).toContain('ETag, Location, Retry-After');
    expect(headers).not.toHaveProperty('Access-Control-Allow-Credentials');
  }
});

it.each(['https://evil.example.com', 'null', `${origin}.evil.com`, undefined])(
  'lets no page of %s read any',
  async (other) => {
    await open(origin);
    const { headers } = await api.send({ headers: other === undefined ? {} : { Origin: other } });
    expect(headers).not.toHaveProperty('Access-Control-Allow-Origin');
    expect(headers['Vary']).toBe('Origin');
  },
);

it('answers the question before a request without a token, with the methods of the resource', async () => {
  await open(origin);
  const request = { method: 'OPTIONS', resource: '/documents/{id}', id: 'x', claims: {}, headers: { Origin: origin } };
  const { status, headers } = await api.send(request);
  expect(status).toBe(204);
  expect(headers).toMatchObject({
    'Access-Control-Allow-Origin': origin,
    'Access-Control-Allow-Methods': 'GET, PATCH, DELETE',
    'Access-Control-Allow-Headers': 'Authorization, Content-Type, Idempotency-Key, If-Match, X-Api-Key',
  });
});

it('has no such headers where no origin is configured', async () => {
  await open('');
  expect((await api.send({ headers: { Origin: origin } })).headers).not.toHaveProperty('Vary');
  expect((await api.send({ method: 'OPTIONS', claims: {} })).status).toBe(405);
});
