import { defaultProvider, MissingCredentialsError } from '../../../lambda/shared/environment-credentials';

const names = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'] as const;
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
