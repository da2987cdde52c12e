import { defaultProvider, MissingCredentialsError } from '../../../lambda/shared/environment-credentials';

const names = [
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
] as const;
const before = names.map((name) => [name, process.env[name]] as const);

beforeEach(() => names.forEach((name) => Reflect.deleteProperty(process.env, name)));
afterAll(() => before.forEach(([name, value]) => value !== undefined && Object.assign(process.env, { [name]: value })));

it('reads the variables when a client asks, not when it is created', async () => {
  const provider = defaultProvider();
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: 'AKIA',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_SESSION_TOKEN: 'token',
  });
  expect(await provider()).toEqual({ accessKeyId: 'AKIA', secretAccessKey: 'secret', sessionToken: 'token' });
});

it('credentials without a session token have none', async () => {
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: 'secret' });
  expect(await defaultProvider()()).toEqual({ accessKeyId: 'AKIA', secretAccessKey: 'secret' });
});

it.each([{}, { AWS_ACCESS_KEY_ID: 'AKIA' }, { AWS_SECRET_ACCESS_KEY: 'secret' }, { AWS_ACCESS_KEY_ID: '' }])(
  'missing credentials (%j) are an error that names the variables',
  async (variables) => {
    Object.assign(process.env, variables);
    await expect(defaultProvider()()).rejects.toThrow(MissingCredentialsError);
    await expect(defaultProvider()()).rejects.toThrow(/AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY/);
  },
);

describe('in a task of ECS', () => {
  afterEach(() => jest.restoreAllMocks());
  const answer = (response: Response) => {
    process.env['AWS_CONTAINER_CREDENTIALS_RELATIVE_URI'] = '/v2/credentials/1';
    return jest.spyOn(globalThis, 'fetch').mockResolvedValue(response);
  };

  it('asks the address of ECS, and says when the credentials end', async () => {
    const fetched = answer(
      Response.json({
        AccessKeyId: 'ASIA',
        SecretAccessKey: 'secret',
        Token: 'token',
        Expiration: '2026-11-27T10:00:00Z',
      }),
    );
    expect(await defaultProvider()()).toEqual({
      accessKeyId: 'ASIA',
      secretAccessKey: 'secret',
      sessionToken: 'token',
      expiration: new Date('2026-11-27T10:00:00Z'),
    });
    expect(fetched.mock.calls[0]?.[0]).toBe('http://169.254.170.2/v2/credentials/1');
  });

  it('an address that has none is an error', async () => {
    answer(new Response('', { status: 404 }));
    await expect(defaultProvider()()).rejects.toThrow('answered 404');
  });
});
