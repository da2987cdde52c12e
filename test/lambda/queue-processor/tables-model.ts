import type { ActionResult, Fulfilments } from '../../../lambda/queue-processor/fulfilment';
import { linesOf, type Order } from '../../../lambda/queue-processor/order';

export interface Fulfilment {
  readonly status: 'fulfilled' | 'backordered';
  readonly content: string;
  readonly order: Order;
}

/** What the model does beside what DynamoDB promises: an answer for each call, in the order of calls. */
export type Trouble = 'none' | 'busy' | 'lost-answer' | 'throws';

/**
 * The two tables in memory, with the transactions of DynamoDB: all conditions are judged at one moment, and the writes
 * happen at that moment or not at all. Around that moment anything may happen, which `yieldTo` decides.
 */
export class TablesModel implements Fulfilments {
  readonly fulfilments = new Map<string, Fulfilment>();
  readonly stock: Map<string, number>;

  constructor(
    stock: Readonly<Record<string, number>>,
    private readonly yieldTo: (what: string) => Promise<void> = async () => undefined,
    private readonly trouble: () => Trouble = () => 'none',
  ) {
    this.stock = new Map(Object.entries(stock));
  }

  async fulfil(order: Order, content: string) {
    const lines = linesOf(order);
    return this.#write(order, content, 'fulfilled', lines);
  }

  async backorder(order: Order, content: string) {
    return this.#write(order, content, 'backordered', []);
  }

  async #write(
    order: Order,
    content: string,
    status: Fulfilment['status'],
    lines: readonly { sku: string; quantity: number }[],
  ): Promise<readonly [ActionResult, ...ActionResult[]] | undefined> {
    const { orderId } = order;
    await this.yieldTo(`${status} ${orderId}: before`);
    const trouble = this.trouble();
    if (trouble === 'throws') throw new Error('the service is out of order');
    if (trouble === 'busy') return [{ code: 'None' }, ...lines.map(() => ({ code: 'TransactionConflict' }))];

    const standing = this.fulfilments.get(orderId);
    const short = lines.map(({ sku, quantity }) => !((this.stock.get(sku) ?? -1) >= quantity));
    const failed = (is: boolean) => (is ? 'ConditionalCheckFailed' : 'None');
    if (standing || short.some(Boolean)) {
      return [
        { code: failed(standing !== undefined), content: standing?.content },
        ...short.map((is) => ({ code: failed(is) })),
      ];
    }
    this.fulfilments.set(orderId, { status, content, order });
    for (const { sku, quantity } of lines) this.stock.set(sku, (this.stock.get(sku) ?? 0) - quantity);

    await this.yieldTo(`${status} ${orderId}: after`);
    if (trouble === 'lost-answer') throw new Error('the connection was cut after the write');
    return undefined;
  }
}
