import type { Logger } from '@aws-lambda-powertools/logger';
import type { Outcome } from './fulfilment';
import type { FailedMessage, Recorder } from './process-message';
import type { OrderMessage } from './sqs-orders';

const metricNames = { fulfilled: 'Fulfilled', backordered: 'Backordered', duplicate: 'Duplicate' } as const;

/**
 * Writes one log line and adds to one metric for each message; of a message, only the fields named here are logged.
 *
 * The order id is logged only after the message was parsed as an order, which limits its characters and length.
 */
export class MessageRecorder implements Recorder {
  constructor(
    private readonly logger: Pick<Logger, 'info' | 'warn'>,
    /** Adds to a metric. */
    private readonly count: (name: string, value?: number) => void,
  ) {}

  processed({ messageId, receiveCount }: OrderMessage, orderId: string, outcome: Outcome): void {
    this.count(metricNames[outcome]);
    this.logger.info('order processed', { messageId, orderId, outcome, receiveCount });
  }

  failed({ messageId, orderId, reason, detail, receiveCount }: FailedMessage, delaySeconds: number): void {
    this.count('Failed');
    this.logger.warn('order failed', {
      messageId,
      orderId,
      outcome: 'failed',
      reason,
      detail,
      receiveCount,
      delaySeconds,
    });
  }

  secondaryFailure({ messageId, receiveCount }: OrderMessage, what: string, thrown: unknown): void {
    this.count('SecondaryFailures');
    const errorName = thrown instanceof Error ? thrown.name : typeof thrown;
    this.logger.warn(`the ${what} of a failed message was not written`, { messageId, receiveCount, errorName });
  }

  untried(messages: readonly OrderMessage[]): void {
    if (messages.length === 0) return;
    this.count('Untried', messages.length);
    this.logger.info('messages returned untried', { messages: messages.length });
  }
}
