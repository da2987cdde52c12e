import { GetParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';

/** Values of the parameter: writes are accepted, or refused until an operator accepts them again. */
export const writesValues = ['accepted', 'paused'] as const;

export interface WritesParameter {
  readonly client: Pick<SSMClient, 'send'>;
  readonly name: string;
  /** Time after which an execution environment reads the value again. */
  readonly cachedMilliseconds: number;
  /** In milliseconds. */
  readonly now: () => number;
  readonly warn: (errorName: string) => void;
}

/**
 * Returns a function that tells whether writes are accepted. Needs `ssm:GetParameter`.
 *
 * Where the parameter cannot be read, or has another value, the value before it stays, and writes are accepted without one: an
 * outage of Parameter Store is none of this API. It is tried again after the same time, so that an outage slows no more
 * requests than an ordinary reading does.
 */
export function writesAcceptedBy(parameter: WritesParameter): () => Promise<boolean> {
  const { client, name, cachedMilliseconds, now, warn } = parameter;
  let accepted = true;
  let readAt = Number.NEGATIVE_INFINITY;
  return async () => {
    if (now() - readAt < cachedMilliseconds) return accepted;
    const at = now();
    try {
      const { Parameter } = await client.send(new GetParameterCommand({ Name: name }));
      const value = writesValues.find((one) => one === Parameter?.Value);
      if (value === undefined) warn('UnknownValue');
      else accepted = value === 'accepted';
    } catch (error) {
      warn(error instanceof Error ? error.name : 'unknown');
    }
    readAt = at;
    return accepted;
  };
}
