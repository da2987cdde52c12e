import type { LambdaClient } from '@aws-sdk/client-lambda';
import { fetchSigned } from '../../operations/command-line/signed-request';

/** Posts to a function URL with the credentials of a client. */
export async function postSigned({ config }: LambdaClient, url: string, body: string): Promise<Response> {
  const [credentials, region] = await Promise.all([config.credentials(), config.region()]);
  return fetchSigned({ credentials, region }, { url, method: 'POST', body });
}
