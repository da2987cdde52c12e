/** Result of an invocation. */
export interface InvocationResult {
  readonly requestId: string;
  readonly status: 'success' | 'error';
  readonly durationMilliseconds: number;
  readonly memoryMegabytes: number;
  readonly maxMemoryMegabytes: number;
}

/**
 * Line that Lambda writes to the function's log at the end of every invocation.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html#platform-report
 *
 * @param format `JSON` or `Text`
 */
export function platformReport(invoked: InvocationResult, format: string, now: Date): string {
  const { requestId, status, memoryMegabytes: memorySizeMB, maxMemoryMegabytes: maxMemoryUsedMB } = invoked;
  const durationMs = Number(invoked.durationMilliseconds.toFixed(3));
  const billedDurationMs = Math.ceil(durationMs);
  if (format === 'JSON') {
    const metrics = { durationMs, billedDurationMs, memorySizeMB, maxMemoryUsedMB };
    return `${JSON.stringify({ time: now.toISOString(), type: 'platform.report', record: { requestId, metrics, status } })}\n`;
  }
  const fields = [
    `Duration: ${durationMs.toFixed(2)} ms`,
    `Billed Duration: ${billedDurationMs} ms`,
    `Memory Size: ${memorySizeMB} MB`,
    `Max Memory Used: ${maxMemoryUsedMB} MB`,
  ];
  return `REPORT RequestId: ${requestId}\t${fields.join('\t')}\n`;
}
