import type { State } from '../constructs/asl';
import { compensation } from './states/compensation';
import { endings } from './states/endings';
import { entry } from './states/entry';
import { fulfilment } from './states/fulfilment';
import { payment } from './states/payment';
import type { DefinitionProps } from './states/step';

export interface Definition {
  readonly Comment: string;
  readonly QueryLanguage: 'JSONata';
  readonly StartAt: string;
  readonly TimeoutSeconds: number;
  readonly States: Readonly<Record<string, State>>;
}

/**
 * The states of an order, from its validation to its end.
 *
 *     entry -> payment -> fulfilment -> confirmed
 *       |         |           |
 *       |         +-----------+-> compensation -> needs-attention
 *       |         |                    |
 *       +---------+--------------------+-> endings -> rejected, failed
 *
 * Executions carry the order's id and never the order: what it says stays in the table, out of the history and the logs.
 * JSONata variables carry why it ends: `ending`, `reason`, and whether stock may have been taken.
 */
export function orderDefinition(props: DefinitionProps): Definition {
  return {
    Comment: 'An order from receipt to confirmation, with approval, retried payment and compensation',
    QueryLanguage: 'JSONata',
    StartAt: 'Validate the order',
    TimeoutSeconds: props.timeoutSeconds,
    States: {
      ...entry(props),
      ...payment(props),
      ...fulfilment(props),
      ...compensation(props),
      ...endings(props),
    },
  };
}
