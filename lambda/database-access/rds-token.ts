import { Signer } from '@aws-sdk/rds-signer';

export interface TokenBearer {
  readonly host: string;
  readonly port: number;
  readonly user: string;
}

/**
 * Gives what is used as the password of a connection: a request to connect, signed with the function's credentials.
 *
 * It is signed here, by no call to AWS, holds for 15 minutes and is looked at when a connection is opened alone. So each
 * connection gets one of its own, and none is ever old.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.html
 */
export function tokenSource({ host, port, user }: TokenBearer): () => Promise<string> {
  const signer = new Signer({ hostname: host, port, username: user });
  return () => signer.getAuthToken();
}
