/**
 * Errors of AWS APIs that pass during a deployment, besides faults of the service: a new permission takes seconds to be known,
 * a new function's network interfaces minutes, and a throttled request had no effect.
 * https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#API_Invoke_Errors
 */
const transientCalls = [
  'AccessDeniedException',
  'EC2AccessDeniedException',
  'EC2ThrottledException',
  'EC2UnexpectedException',
  'ENILimitReachedException',
  'KMSAccessDeniedException',
  'OperationAbortedException',
  'ResourceConflictException',
  'ResourceNotReadyException',
  'SubnetIPAddressLimitReachedException',
  'ThrottlingException',
  'TimeoutError',
  'TooManyRequestsException',
];

export function isTransientCall(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  const isServerFault = '$fault' in error && error.$fault === 'server';
  // Node's network errors have a code in place of a name.
  const isNetworkError = 'code' in error && typeof error.code === 'string' && /^E[A-Z_]+$/.test(error.code);
  return isServerFault || isNetworkError || transientCalls.includes(error.name);
}
