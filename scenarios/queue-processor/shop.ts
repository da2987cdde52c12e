import { DeleteObjectCommand, ListObjectVersionsCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import type { Order } from '../../lambda/queue-processor/order';
import type { ScenarioRun } from '../shared/scenario';
import { readDeployment, type Deployment } from './deployment';
import { claimCheckOf, type Outgoing } from './orders';
import { awaitEmptyQueue, deadLetters, messagesIn, removeDeadLetters, sendMessages } from './queues';
import { deleteItems, fulfilmentsOf, putStock, stockOf, type Fulfilment } from './tables';

/** SQS counts about: an empty queue is taken for empty once it has said so for this long (milliseconds). */
const longEmpty = 45_000;

/** What one check puts into the stack, and what it finds there; all of it is gone at the end. */
export class Shop {
  private readonly orderIds = new Set<string>();
  private readonly messageIds = new Set<string>();

  private constructor(
    private readonly run: ScenarioRun,
    readonly deployment: Deployment,
    /** Units of each SKU at the start. */
    readonly stock: ReadonlyMap<string, number>,
  ) {}

  /** Opens with stock that belongs to this check alone. */
  static async open(run: ScenarioRun, units: readonly number[]): Promise<Shop> {
    const deployment = await readDeployment(run);
    const stock = new Map(units.map((available, index) => [`${run.runId}-sku-${index}`, available]));
    const shop = new Shop(run, deployment, stock);
    run.cleanUp('orders, stock, messages and payloads', () => shop.clear());
    await putStock(deployment, stock);
    return shop;
  }

  get skus(): string[] {
    return [...this.stock.keys()];
  }

  /** Gives the messages' ids, in the order of the messages. */
  async send(messages: readonly Outgoing[]): Promise<string[]> {
    const ids = await sendMessages(this.deployment, this.run, messages);
    for (const id of ids) this.messageIds.add(id);
    return ids;
  }

  /** A claim check for an order whose payload is not there yet. */
  claimCheck(order: Order): Outgoing {
    return claimCheckOf(order, this.deployment.payloadBucket, this.payloadKey(order));
  }

  async putPayload(order: Order): Promise<void> {
    const [Bucket, Key] = [this.deployment.payloadBucket, this.payloadKey(order)];
    await this.deployment.s3.send(new PutObjectCommand({ Bucket, Key, Body: JSON.stringify(order) }));
  }

  /** Waits until each of the orders has been decided upon, or the queue has long been empty and never will be. */
  async decided(orders: readonly Order[]): Promise<Fulfilment[]> {
    for (const { orderId } of orders) this.orderIds.add(orderId);
    const found = new Map<string, Fulfilment>();
    let emptySince: number | undefined;
    await this.run.eventually(
      `${orders.length} orders to be decided upon`,
      async () => {
        const waiting = orders.map(({ orderId }) => orderId).filter((id) => !found.has(id));
        for (const one of await fulfilmentsOf(this.deployment, waiting)) found.set(one.orderId, one);
        if (found.size === orders.length) return true;
        const isEmpty = (await messagesIn(this.deployment, this.deployment.ordersQueueUrl)) === 0;
        emptySince = isEmpty ? (emptySince ?? Date.now()) : undefined;
        if (emptySince !== undefined && Date.now() - emptySince > longEmpty) return true;
        throw new Error(`${orders.length - found.size} are still waiting`);
      },
      { withinSeconds: 900, everyMilliseconds: 1_000 },
    );
    return [...found.values()];
  }

  fulfilments(orderIds: readonly string[]): Promise<Fulfilment[]> {
    return fulfilmentsOf(this.deployment, orderIds);
  }

  available(): Promise<Map<string, number>> {
    return stockOf(this.deployment, this.skus);
  }

  /** The bodies of this check's dead letters, sorted. */
  async setAside(): Promise<string[]> {
    const letters = await deadLetters(this.deployment, this.run);
    for (const { MessageId = '' } of letters) this.messageIds.add(MessageId);
    return letters.map(({ Body = '' }) => Body).sort();
  }

  /** The same, taken out of the queue: with FIFO a customer's next one shows only then. */
  async takeSetAside(): Promise<string[]> {
    const letters = await removeDeadLetters(this.deployment, this.run);
    for (const { MessageId = '' } of letters) this.messageIds.add(MessageId);
    return letters.map(({ Body = '' }) => Body).sort();
  }

  private payloadKey({ orderId }: Order): string {
    return `${this.run.runId}/${orderId}.json`;
  }

  private async clear(): Promise<void> {
    const { deployment, run } = this;
    // What is still under way would write after all was removed.
    await awaitEmptyQueue(run, deployment, 300);
    for (const { MessageId = '' } of await removeDeadLetters(deployment, run)) this.messageIds.add(MessageId);
    await deleteItems(deployment, deployment.fulfilmentsTable, 'orderId', [...this.orderIds]);
    await deleteItems(deployment, deployment.stockTable, 'sku', this.skus);
    await deleteItems(deployment, deployment.failureReasonsTable, 'messageId', [...this.messageIds]);
    await this.removePayloads();
  }

  private async removePayloads(): Promise<void> {
    const { s3, payloadBucket: Bucket } = this.deployment;
    const listed = await s3.send(new ListObjectVersionsCommand({ Bucket, Prefix: `${this.run.runId}/` }));
    for (const { Key, VersionId } of [...(listed.Versions ?? []), ...(listed.DeleteMarkers ?? [])]) {
      await s3.send(new DeleteObjectCommand({ Bucket, Key, VersionId }));
    }
  }
}
