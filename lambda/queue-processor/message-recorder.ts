import type { Logger } from '@aws-lambda-powertools/logger';
import { MetricUnit, type Metrics } from '@aws-lambda-powertools/metrics';
import type { Outcome } from './fulfilment';
import type { FailedMessage, MessageReports } from './settle-message';
import type { OrderMessage } from './sqs-event';

const metricNames = { fulfilled: 'Fulfilled', backordered: 'Backordered', duplicate: 'Duplicate' } as const;

/**
 * Writes one log line and counts one metric for each message; of a message, only the fields named here are ever logged.
 *
 * An order's id is logged once the message has been read as an order, which bounds what it can hold.
 */
export class MessageRecorder implements MessageReports {
  constructor(
    private readonly logger: Pick<Logger, 'info' | 'warn'>,
    private readonly metrics: Pick<Metrics, 'addMetric' | 'hasStoredMetrics' | 'publishStoredMetrics'>,
  ) {}

  settled({ messageId, receiveCount }: OrderMessage, orderId: string, outcome: Outcome): void {
    this.count(metricNames[outcome]);
    this.logger.info('order settled', { messageId, orderId, outcome, receiveCount });
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

  mishap({ messageId, receiveCount }: OrderMessage, what: string, thrown: unknown): void {
    this.count('Mishaps');
    const errorName = thrown instanceof Error ? thrown.name : typeof thrown;
    this.logger.warn(`the ${what} of a failed message was not written`, { messageId, receiveCount, errorName });
  }

  untried(messages: readonly OrderMessage[]): void {
    if (messages.length === 0) return;
    this.metrics.addMetric('Untried', MetricUnit.Count, messages.length);
    this.logger.info('messages returned untried', { messages: messages.length });
  }

  /** Metrics are log lines too: without this they would be written with the next invocation, or never. */
  flush(): void {
    if (this.metrics.hasStoredMetrics()) this.metrics.publishStoredMetrics();
  }

  private count(name: string): void {
    this.metrics.addMetric(name, MetricUnit.Count, 1);
  }
}
