import type { CancellationReasons, FulfilmentStore } from '../../../lambda/queue-processor/fulfilment';
import { linesOf, type Order } from '../../../lambda/queue-processor/order';

export interface Fulfilment {
  readonly status: 'fulfilled' | 'backordered';
  readonly fingerprint: string;
  readonly order: Order;
}

/** Fault of one call. */
export type Fault = 'none' | 'busy' | 'lost-answer' | 'throws';

/**
 * The two tables in memory, with DynamoDB's transactions: all conditions are evaluated at one moment, and the writes happen
 * at that moment or not at all. `yieldTo` decides what other calls do before and after it.
 */
export class TableModel implements FulfilmentStore {
  readonly fulfilments = new Map<string, Fulfilment>();
  readonly stock: Map<string, number>;

  constructor(
    stock: Readonly<Record<string, number>>,
    private readonly yieldTo: (what: string) => Promise<void> = async () => undefined,
    private readonly nextFault: () => Fault = () => 'none',
  ) {
    this.stock = new Map(Object.entries(stock));
  }

  async writeFulfilment(order: Order, fingerprint: string) {
    const lines = linesOf(order);
    return this.#write(order, fingerprint, 'fulfilled', lines);
  }

  async writeBackorder(order: Order, fingerprint: string) {
    return this.#write(order, fingerprint, 'backordered', []);
  }

  async #write(
    order: Order,
    fingerprint: string,
    status: Fulfilment['status'],
    lines: readonly { sku: string; quantity: number }[],
  ): Promise<CancellationReasons | undefined> {
    const { orderId } = order;
    await this.yieldTo(`${status} ${orderId}: before`);
    const fault = this.nextFault();
    if (fault === 'throws') throw new Error('the service is unavailable');
    if (fault === 'busy') return [{ code: 'None' }, ...lines.map(() => ({ code: 'TransactionConflict' }))];

    const existing = this.fulfilments.get(orderId);
    const short = lines.map(({ sku, quantity }) => !((this.stock.get(sku) ?? -1) >= quantity));
    const failed = (is: boolean) => (is ? 'ConditionalCheckFailed' : 'None');
    if (existing || short.some(Boolean)) {
      return [
        { code: failed(existing !== undefined), fingerprint: existing?.fingerprint },
        ...short.map((is) => ({ code: failed(is) })),
      ];
    }
    this.fulfilments.set(orderId, { status, fingerprint, order });
    for (const { sku, quantity } of lines) this.stock.set(sku, (this.stock.get(sku) ?? 0) - quantity);

    await this.yieldTo(`${status} ${orderId}: after`);
    if (fault === 'lost-answer') throw new Error('the connection was cut after the write');
    return undefined;
  }
}
