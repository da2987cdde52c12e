/** The function's credentials are not in its environment. */
export class MissingCredentialsError extends Error {
  override readonly name = 'MissingCredentialsError';
}

interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

/**
 * Returns the provider of the execution role's credentials, which reads the environment whenever a client asks.
 *
 * The bundler puts this module in place of `@aws-sdk/credential-provider-node`, hence the name: a function with neither
 * SnapStart nor managed instances has its credentials in these variables and nowhere else
 * (https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime, docs/adr/0017).
 * The same bundle in a container of ECS has them at an address.
 */
export function defaultProvider(): () => Promise<Credentials> {
  return () => {
    const {
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_SESSION_TOKEN: sessionToken,
      AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: ofTask,
    } = process.env;
    if (ofTask !== undefined) return credentialsOfTask(ofTask);
    if (!accessKeyId || !secretAccessKey) {
      return Promise.reject(
        new MissingCredentialsError(
          'AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set: bundles read credentials from the environment alone; ' +
            'outside of Lambda set both, or run the sources (docs/adr/0017-credentials-from-the-environment.md)',
        ),
      );
    }
    return Promise.resolve({ accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) });
  };
}

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html */
async function credentialsOfTask(path: string): Promise<Credentials> {
  const response = await fetch(`http://169.254.170.2${path}`, { signal: AbortSignal.timeout(2_000) });
  if (!response.ok)
    throw new MissingCredentialsError(`the address of the task's credentials answered ${response.status}`);
  // ECS's own format.
  const { AccessKeyId, SecretAccessKey, Token, Expiration } = (await response.json()) as Record<string, string>;
  return {
    accessKeyId: AccessKeyId ?? '',
    secretAccessKey: SecretAccessKey ?? '',
    ...(Token === undefined ? {} : { sessionToken: Token }),
    // The SDK asks again before that time.
    expiration: new Date(Expiration ?? 0),
  };
}
