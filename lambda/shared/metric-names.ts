/**
 * Metric of errors that a function throws and that need nobody: an answer to a malformed request, or an attempt that is
 * repeated anyway. Its alarm on errors leaves them out.
 */
export const expectedErrorsMetric = 'ExpectedErrors';

/** Dimension of it beside the service: Lambda's own, by which an alarm of the same template names the function. */
export const functionDimension = 'FunctionName';
