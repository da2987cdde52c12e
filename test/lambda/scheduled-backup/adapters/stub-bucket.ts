import { S3ServiceException } from '@aws-sdk/client-s3';

const signal = new AbortController().signal;

/** Bucket whose answers a test gives, with the inputs that it received. */
export function bucket(answer: (input: Record<string, unknown>) => object) {
  const sent: Record<string, unknown>[] = [];
  const send = async ({ input }: { input: Record<string, unknown> }): Promise<object> => {
    sent.push(input);
    return answer(input);
  };
  return { access: { client: { send } as never, bucket: 'b', signal }, sent };
}

export const s3Error = (status: number, name = 'Some'): never => {
  throw new S3ServiceException({ name, message: 'm', $fault: 'client', $metadata: { httpStatusCode: status } });
};
