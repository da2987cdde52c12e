import { Signer } from '@aws-sdk/rds-signer';

export interface TokenTarget {
  readonly host: string;
  readonly port: number;
  readonly user: string;
}

/**
 * Returns a function that signs an IAM authentication token, used as the password of one connection.
 *
 * Signing is local, without a call to AWS. A token is valid for 15 minutes and checked only when a connection opens, so
 * each connection gets a fresh one.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.html
 */
export function createTokenSource({ host, port, user }: TokenTarget): () => Promise<string> {
  const signer = new Signer({ hostname: host, port, username: user });
  return () => signer.getAuthToken();
}
