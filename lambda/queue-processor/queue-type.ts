/**
 * Tells whether a queue is FIFO, from its URL, ARN or name. A message's group does not tell: standard queues have groups too, for
 * fairness between tenants (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues.html).
 */
export function isFifo(queue: string): boolean {
  return queue.endsWith('.fifo');
}
