import { integration, type State } from '../../constructs/asl';
import { orderId, retry, taskSeconds, type DefinitionProps } from './step';

/**
 * Gives an order its end state, by DynamoDB itself.
 *
 * Conditional and repeatable: an order that has another end state keeps it. `needs-attention` may still end otherwise, once
 * somebody has mended it and redriven the execution.
 */
export function mark(props: DefinitionProps, to: { status: string; reason: string; next: string }): State {
  const attention = to.status === 'needs-attention';
  return {
    Type: 'Task',
    Resource: integration('dynamodb:updateItem'),
    Arguments: {
      TableName: props.ordersTableName,
      Key: { orderId: { S: orderId } },
      UpdateExpression: `SET #status = :status, reason = :reason, timeline.#status_is = if_not_exists(timeline.#status_is, :entry)${
        attention ? ', watch = :status, watchedSince = :at' : ' REMOVE watch, watchedSince'
      }`,
      ConditionExpression: '#status IN (:status, :received, :awaiting, :stuck)',
      ExpressionAttributeNames: { '#status': 'status', '#status_is': to.status },
      ExpressionAttributeValues: {
        ':status': { S: to.status },
        ':reason': { S: to.reason },
        ':entry': { M: { at: { S: '{% $states.context.State.EnteredTime %}' }, detail: { S: to.reason } } },
        ':received': { S: 'received' },
        ':awaiting': { S: 'awaiting-approval' },
        ':stuck': { S: 'needs-attention' },
        ...(attention ? { ':at': { S: '{% $states.context.State.EnteredTime %}' } } : {}),
      },
    },
    TimeoutSeconds: taskSeconds,
    Retry: [{ ErrorEquals: ['DynamoDB.ConditionalCheckFailedException'], MaxAttempts: 0 }, retry(['States.ALL'], 5)],
    Output: {},
    Next: to.next,
  };
}

/** Tells other systems, by EventBridge itself: the order's id and how it ended. */
export function announce(props: DefinitionProps, event: { type: string; detail: object; next: string }): State {
  return {
    Type: 'Task',
    Resource: integration('events:putEvents'),
    Arguments: {
      Entries: [
        { EventBusName: props.eventBusName, Source: 'order-workflow', DetailType: event.type, Detail: event.detail },
      ],
    },
    TimeoutSeconds: taskSeconds,
    Retry: [retry(['States.ALL'], 5)],
    Output: {},
    Next: event.next,
  };
}
