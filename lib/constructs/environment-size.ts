/**
 * Bytes that Lambda accepts as the environment of a function.
 * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
export const maximumEnvironmentBytes = 4_096;

/** Allowance for a value that only a deployment knows: about the longest ARN of this app. */
const unknownValue = 'x'.repeat(160);

/** Bytes of an environment as Lambda counts: those of the JSON text, in which a quotation mark inside a value is two. */
export function environmentBytes(variables: object): number {
  return Buffer.byteLength(JSON.stringify(variables, (_, value: unknown) => (isToken(value) ? unknownValue : value)));
}

function isToken(value: unknown): boolean {
  return typeof value === 'object' && value !== null && ['Ref', 'Fn::GetAtt', 'Fn::Join'].some((key) => key in value);
}
