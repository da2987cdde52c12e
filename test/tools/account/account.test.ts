import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import {
  AccountError,
  checkBootstrap,
  connect,
  credentialsProblem,
  type Account,
} from '../../../tools/account/account';
import { FakeCloudFormation } from '../../fakes/fake-cloudformation';

const errorOf = (name: string, message: string): Error => Object.assign(new Error(message), { name });

it.each([
  [
    'TokenProviderError',
    'Token is expired. To refresh this SSO session run aws sso login',
    /run aws sso login --profile dev$/,
  ],
  [
    'CredentialsProviderError',
    'Profile dev requires multi-factor authentication, but no MFA code callback was provided.',
    /export-credentials --profile dev/,
  ],
  ['ExpiredToken', 'The security token included in the request is expired', /get new credentials/],
  ['CredentialsProviderError', 'Could not load credentials from any providers', /aws configure --profile dev or/],
  ['AccessDenied', 'no', /^AccessDenied: no$/],
])('%s: the message has the fix', (name, message, expected) => {
  expect(credentialsProblem(errorOf(name, message), ' --profile dev')).toMatch(expected);
});

describe('bootstrap', () => {
  function accountWith(version: string | undefined): Account {
    const outputs = version === undefined ? {} : { BootstrapVersion: version };
    const toolkit = { name: 'CDKToolkit', id: 'arn:toolkit', status: 'CREATE_COMPLETE', resources: [], outputs };
    const fake = new FakeCloudFormation(version === undefined ? [] : [toolkit]);
    const cloudFormation = new CloudFormationClient(fake.clientConfig);
    return { cloudFormation, account: '123456789012', region: 'eu-west-1' } as Account;
  }

  it('an account without it, or with an old one, is refused with the command that bootstraps', async () => {
    const fix = 'run npx cdk bootstrap aws://123456789012/eu-west-1';
    await expect(checkBootstrap(accountWith(undefined), 6)).rejects.toThrow(`is not bootstrapped: ${fix}`);
    await expect(checkBootstrap(accountWith('5'), 6)).rejects.toThrow(
      `has bootstrap version 5, and 6 is needed: ${fix}`,
    );
    await expect(checkBootstrap(accountWith('5'), 6)).rejects.toThrow(AccountError);
  });

  it('a new enough one will do, and none is needed where the assembly asks for none', async () => {
    await expect(checkBootstrap(accountWith('31'), 6)).resolves.toBeUndefined();
    await expect(checkBootstrap(accountWith(undefined), 0)).resolves.toBeUndefined();
  });
});

describe('connecting', () => {
  const saved = { ...process.env };
  beforeEach(() => {
    for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) Reflect.deleteProperty(process.env, name);
    Object.assign(process.env, { AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null' });
    process.env['AWS_EC2_METADATA_DISABLED'] = 'true';
  });
  afterEach(() => {
    process.env = { ...saved };
  });

  it('without a region the message says how to set one', async () => {
    await expect(connect(undefined, process.env)).rejects.toThrow(
      'no region: set AWS_REGION, or run aws configure set',
    );
  });

  it('a profile of the command line goes before keys of the environment', async () => {
    Object.assign(process.env, { AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' });
    await expect(connect('dev', process.env)).rejects.toThrow('aws configure --profile dev');
    expect(process.env).toMatchObject({ AWS_PROFILE: 'dev' });
    expect(process.env).not.toHaveProperty('AWS_ACCESS_KEY_ID');
  });
});
