import { DeleteObjectCommand, ListObjectVersionsCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import type { Order } from '../../lambda/queue-processor/order';
import type { ScenarioRun } from '../shared/scenario';
import { readDeployment, type Deployment } from './deployment';
import { claimCheckOf, type Outgoing } from './orders';
import { messagesIn } from '../shared/queue-messages';
import { awaitEmptyQueue, deadLetters, removeDeadLetters, sendMessages } from './queues';
import { deleteItems, fulfilmentsOf, putStock, stockOf, type Fulfilment } from './tables';

/** Counts of SQS are approximate: a queue is empty once its counts were zero for so long (milliseconds). */
const emptyMilliseconds = 45_000;

/** Orders, stock and payloads of one check; all of them are deleted at its end. */
export class OrderFixture {
  private readonly orderIds = new Set<string>();
  private readonly messageIds = new Set<string>();

  private constructor(
    private readonly run: ScenarioRun,
    readonly deployment: Deployment,
    /** Units of each SKU at the start. */
    readonly stock: ReadonlyMap<string, number>,
  ) {}

  /** Creates SKUs that only this check uses. */
  static async create(run: ScenarioRun, units: readonly number[]): Promise<OrderFixture> {
    const deployment = await readDeployment(run);
    const stock = new Map(units.map((available, index) => [`${run.runId}-sku-${index}`, available]));
    const fixture = new OrderFixture(run, deployment, stock);
    run.cleanUp('orders, stock, messages and payloads', () => fixture.deleteAll());
    await putStock(deployment, stock);
    return fixture;
  }

  get skus(): string[] {
    return [...this.stock.keys()];
  }

  /** Returns the messages' ids, in the order of the messages. */
  async send(messages: readonly Outgoing[]): Promise<string[]> {
    const ids = await sendMessages(this.deployment, this.run, messages);
    for (const id of ids) this.messageIds.add(id);
    return ids;
  }

  /** Returns the claim check of an order; its payload is not written. */
  claimCheck(order: Order): Outgoing {
    return claimCheckOf(order, this.deployment.payloadBucket, this.payloadKey(order));
  }

  async putPayload(order: Order): Promise<void> {
    const [Bucket, Key] = [this.deployment.payloadBucket, this.payloadKey(order)];
    await this.deployment.s3.send(new PutObjectCommand({ Bucket, Key, Body: JSON.stringify(order) }));
  }

  /** Waits until each order has its fulfilment, or until the queue has been empty for long enough. */
  async awaitFulfilments(orders: readonly Order[]): Promise<Fulfilment[]> {
    for (const { orderId } of orders) this.orderIds.add(orderId);
    const found = new Map<string, Fulfilment>();
    let emptySince: number | undefined;
    await this.run.eventually(
      `the fulfilments of ${orders.length} orders`,
      async () => {
        const waiting = orders.map(({ orderId }) => orderId).filter((id) => !found.has(id));
        for (const one of await fulfilmentsOf(this.deployment, waiting)) found.set(one.orderId, one);
        if (found.size === orders.length) return true;
        const isEmpty = (await messagesIn(this.deployment, this.deployment.ordersQueueUrl)) === 0;
        emptySince = isEmpty ? (emptySince ?? Date.now()) : undefined;
        if (emptySince !== undefined && Date.now() - emptySince > emptyMilliseconds) return true;
        throw new Error(`got ${found.size}`);
      },
      { withinSeconds: 900, everyMilliseconds: 1_000 },
    );
    return [...found.values()];
  }

  fulfilments(orderIds: readonly string[]): Promise<Fulfilment[]> {
    return fulfilmentsOf(this.deployment, orderIds);
  }

  availableStock(): Promise<Map<string, number>> {
    return stockOf(this.deployment, this.skus);
  }

  /** Returns the bodies of this check's dead letters, sorted. */
  async deadLetterBodies(): Promise<string[]> {
    const letters = await deadLetters(this.deployment, this.run);
    for (const { MessageId = '' } of letters) this.messageIds.add(MessageId);
    return letters.map(({ Body = '' }) => Body).sort();
  }

  /** Deletes this check's dead letters and returns their bodies, sorted: with FIFO a customer's next one is visible then. */
  async removeDeadLetters(): Promise<string[]> {
    const letters = await removeDeadLetters(this.deployment, this.run);
    for (const { MessageId = '' } of letters) this.messageIds.add(MessageId);
    return letters.map(({ Body = '' }) => Body).sort();
  }

  private payloadKey({ orderId }: Order): string {
    return `${this.run.runId}/${orderId}.json`;
  }

  private async deleteAll(): Promise<void> {
    const { deployment, run } = this;
    // A message that is still being processed would write after the clean-up.
    await awaitEmptyQueue(run, deployment, 300);
    for (const { MessageId = '' } of await removeDeadLetters(deployment, run)) this.messageIds.add(MessageId);
    await deleteItems(deployment, deployment.fulfilmentsTable, 'orderId', [...this.orderIds]);
    await deleteItems(deployment, deployment.stockTable, 'sku', this.skus);
    await deleteItems(deployment, deployment.failureReasonsTable, 'messageId', [...this.messageIds]);
    await this.deletePayloads();
  }

  private async deletePayloads(): Promise<void> {
    const { s3, payloadBucket: Bucket } = this.deployment;
    const listed = await s3.send(new ListObjectVersionsCommand({ Bucket, Prefix: `${this.run.runId}/` }));
    for (const { Key, VersionId } of [...(listed.Versions ?? []), ...(listed.DeleteMarkers ?? [])]) {
      await s3.send(new DeleteObjectCommand({ Bucket, Key, VersionId }));
    }
  }
}
