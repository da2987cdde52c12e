import { ownerUser, processorUser } from '../../lambda/database-access/database-schema';
import type { Check } from '../shared/scenario';
import { Deployment } from './deployment';
import { knock } from './direct';
import { signToken, type TokenRequest } from './tokens';

interface Refusal {
  readonly name: string;
  readonly title: string;
  /** What is wrong with an otherwise good token or connection. */
  readonly wrong: Partial<TokenRequest> & { readonly password?: string; readonly tls?: boolean };
  readonly said: RegExp;
}

const hour = 3_600_000;

const refusals: readonly Refusal[] = [
  {
    name: 'refused-without-tls',
    title: 'a client that does not speak TLS is refused, whatever its token',
    wrong: { tls: false },
    said: /requires TLS|insecure|TLS connections/i,
  },
  {
    name: 'refused-forged-token',
    title: 'a token that is signed with another key is refused',
    wrong: { secretAccessKey: 'made-up' },
    said: /signature is wrong/,
  },
  {
    name: 'refused-expired-token',
    title: 'a token that has expired is refused',
    wrong: { signedAt: new Date(Date.now() - hour) },
    said: /has expired/,
  },
  {
    name: 'refused-token-of-another-user',
    title: "another user's token is refused",
    wrong: { user: ownerUser },
    said: /another user/,
  },
  {
    name: 'refused-password',
    title: 'a password is refused, since the proxy takes tokens alone',
    wrong: { password: 'secret' },
    said: /no IAM token/,
  },
];

/** Each kind of refusal beside the same client with nothing wrong, who is let in. */
export const refusalProofs: readonly Check[] = refusals.map(({ name, title, wrong, said }) => ({
  name,
  title,
  // From outside of the VPC nobody reaches the proxy of an account.
  needs: 'faults',
  async run(run) {
    const deployment = await Deployment.read(run);
    const { host, port } = deployment;
    const good = {
      ...{ host, port, user: processorUser, signedAt: new Date() },
      accessKeyId: process.env['AWS_ACCESS_KEY_ID'] ?? '',
      secretAccessKey: process.env['AWS_SECRET_ACCESS_KEY'] ?? '',
      region: process.env['AWS_REGION'] ?? '',
    };
    const letIn = await knock(deployment, { user: processorUser, password: signToken(good), tls: true });
    run.assert(letIn === undefined, 'a client with a good token is let in', letIn);
    const { password, tls = true, ...token } = wrong;
    const answer = await knock(deployment, {
      user: processorUser,
      password: password ?? signToken({ ...good, ...token }),
      tls,
    });
    run.assert(answer !== undefined && said.test(answer), 'the other is refused, for this reason', answer ?? 'let in');
  },
}));
