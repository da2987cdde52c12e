import { ownerUser, processorUser } from '../../lambda/database-access/database-schema';
import type { Check } from '../shared/scenario';
import { Deployment } from './deployment';
import { tryLogin } from './direct-connection';
import { signToken, type TokenRequest } from './tokens';

interface Refusal {
  readonly name: string;
  readonly title: string;
  /** Defect of an otherwise valid token or connection. */
  readonly wrong: Partial<TokenRequest> & { readonly password?: string; readonly tls?: boolean };
  readonly expectedError: RegExp;
}

const hour = 3_600_000;

const refusals: readonly Refusal[] = [
  {
    name: 'refused-without-tls',
    title: 'refuses a client without TLS, whatever its token',
    wrong: { tls: false },
    expectedError: /requires TLS|insecure|TLS connections/i,
  },
  {
    name: 'refused-forged-token',
    title: 'refuses a token that is signed with another key',
    wrong: { secretAccessKey: 'made-up' },
    expectedError: /signature is wrong/,
  },
  {
    name: 'refused-expired-token',
    title: 'refuses an expired token',
    wrong: { signedAt: new Date(Date.now() - hour) },
    expectedError: /has expired/,
  },
  {
    name: 'refused-token-of-another-user',
    title: 'refuses a token of another user',
    wrong: { user: ownerUser },
    expectedError: /another user/,
  },
  {
    name: 'refused-password',
    title: 'refuses a password, since the proxy accepts only tokens',
    wrong: { password: 'secret' },
    expectedError: /not an IAM token/,
  },
];

/** Proofs of one refusal each; the same client without the defect must be accepted. */
export const refusalProofs: readonly Check[] = refusals.map(({ name, title, wrong, expectedError }) => ({
  name,
  title,
  // The proxy of an account cannot be reached from outside its VPC.
  needs: 'faults',
  async run(run) {
    const deployment = await Deployment.read(run);
    const { host, port } = deployment;
    const valid = {
      ...{ host, port, user: processorUser, signedAt: new Date() },
      accessKeyId: process.env['AWS_ACCESS_KEY_ID'] ?? '',
      secretAccessKey: process.env['AWS_SECRET_ACCESS_KEY'] ?? '',
      region: process.env['AWS_REGION'] ?? '',
    };
    const validError = await tryLogin(deployment, { user: processorUser, password: signToken(valid), tls: true });
    run.assert(validError === undefined, 'a client with a valid token is accepted', validError);
    const { password, tls = true, ...token } = wrong;
    const answer = await tryLogin(deployment, {
      user: processorUser,
      password: password ?? signToken({ ...valid, ...token }),
      tls,
    });
    run.assert(
      answer !== undefined && expectedError.test(answer),
      `the defective one is refused with ${expectedError}`,
      answer ?? 'accepted',
    );
  },
}));
