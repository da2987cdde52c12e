import { SignCommand, VerifyCommand, type KMSClient } from '@aws-sdk/client-kms';
import { ArtifactRefusedError, signedDigest } from '../statement';

export interface SigningKey {
  readonly client: Pick<KMSClient, 'send'>;
  readonly keyArn: string;
}

/** The digest is signed, not the message, which KMS limits to 4,096 bytes. */
const algorithm = { MessageType: 'DIGEST', SigningAlgorithm: 'ECDSA_SHA_256' } as const;

/** Needs `kms:Sign`. */
export async function signStatement({ client, keyArn }: SigningKey, statement: string): Promise<Uint8Array> {
  const sign = new SignCommand({ KeyId: keyArn, Message: signedDigest(statement), ...algorithm });
  const { Signature } = await client.send(sign);
  if (Signature === undefined) throw new Error('KMS returned no signature');
  return Signature;
}

/**
 * Needs `kms:Verify`.
 *
 * @throws ArtifactRefusedError
 */
export async function verifyStatement(
  { client, keyArn }: SigningKey,
  statement: string,
  signature: Uint8Array,
): Promise<void> {
  const refused = new ArtifactRefusedError('the statement is not signed by the key of the pipeline');
  const verify = new VerifyCommand({
    KeyId: keyArn,
    Message: signedDigest(statement),
    Signature: signature,
    ...algorithm,
  });
  try {
    const { SignatureValid } = await client.send(verify);
    if (SignatureValid !== true) throw refused;
  } catch (error) {
    if (error instanceof Error && error.name === 'KMSInvalidSignatureException') throw refused;
    throw error;
  }
}
