/** The function's credentials are not in its environment. */
export class MissingCredentialsError extends Error {
  override readonly name = 'MissingCredentialsError';
}

interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/**
 * Returns the provider of the execution role's credentials, which reads the environment whenever a client asks.
 *
 * The bundler puts this module in place of `@aws-sdk/credential-provider-node`, hence the name: a function with neither
 * SnapStart nor managed instances has its credentials in these variables and nowhere else
 * (https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime, docs/adr/0017).
 */
export function defaultProvider(): () => Promise<Credentials> {
  return () => {
    const {
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_SESSION_TOKEN: sessionToken,
    } = process.env;
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
