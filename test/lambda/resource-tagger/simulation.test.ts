import type { Notice } from '../../../lambda/resource-tagger/notice';
import { delaySeconds } from '../../../lambda/resource-tagger/adapters/sqs-records';
import { launchedInstances } from '../../../lambda/resource-tagger/created-resources';
import { parseCreationEvent } from '../../../lambda/resource-tagger/creation-event';
import { tagCreation } from '../../../lambda/resource-tagger/tag-creation';
import type { TagStore, WriteFailure } from '../../../lambda/resource-tagger/tag-store';
import { roleSession } from '../../../scenarios/resource-tagger/events';
import { account, anEvent } from './creation-events';

const launches = 1_000;
const hour = 3_600_000;
const start = Date.parse('2026-11-02T10:00:00Z');
const settings = {
  tagKeys: { creator: 'created-by', createdAt: 'created-at', eventId: 'creation-event', costCenter: 'cost-center' },
  costCenters: {},
  requiredTags: ['team'],
  consistencySeconds: 300,
  lookAgainSeconds: 120,
};

interface Resource {
  readonly tags: Map<string, string>;
  /** Time from which the APIs for tags know it. */
  readonly visibleAt: number;
  /** Tags that people set, which must stay. */
  readonly own: Map<string, string>;
  /** Tags that a person sets between the next read and the write. */
  late?: Readonly<Record<string, string>>;
  readonly expected: Readonly<Record<string, string>>;
  /** Writes of the function by key. */
  readonly writes: Map<string, number>;
}

interface Message {
  readonly at: number;
  readonly body: string;
  readonly receives: number;
}

/** Numbers from 0 to below 1; the same seed gives the same numbers. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const named = (name: string): Error => Object.assign(new Error(name), { name });
const instanceArn = (id: string) => `arn:aws:ec2:eu-west-1:${account}:instance/${id}`;
const volumeArn = (id: string) => `arn:aws:ec2:eu-west-1:${account}:volume/${id}`;

/** Account with launches whose events come twice, late, in any order, and with everything that goes wrong meanwhile. */
class World {
  now = start;
  readonly resources = new Map<string, Resource>();
  readonly attachedAt = new Map<string, number>();
  readonly notices: Notice[] = [];
  readonly deadLetters: Message[] = [];
  readonly #queue: Message[] = [];
  throttled = 0;
  killed = 0;
  denied = 0;

  constructor(readonly random: () => number) {
    for (let index = 0; index < launches; index++) this.#launch(index);
  }

  async run(): Promise<void> {
    while (this.#queue.length > 0) {
      const message = this.#queue.pop() as Message;
      this.now = Math.max(this.now, message.at);
      await this.#process(message);
    }
  }

  /** Keeps the queue in order, the next message at its end. */
  #enqueue(message: Message): void {
    let [low, high] = [0, this.#queue.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#queue[middle]?.at ?? 0) > message.at) low = middle + 1;
      else high = middle;
    }
    this.#queue.splice(low, 0, message);
  }

  #launch(index: number): void {
    const time = start + Math.floor(this.random() * hour);
    const eventId = `launch-${index}`;
    const ids = Array.from({ length: 1 + (index % 3) }, (_, number) => `i-${index}-${number}`);
    const expected = {
      'created-by': `role/Launcher/person-${index}`,
      'created-at': new Date(time).toISOString().replace(/\.\d+Z$/, 'Z'),
      'creation-event': eventId,
    };
    for (const id of ids) {
      this.#create(instanceArn(id), time, expected);
      this.#create(volumeArn(`vol-${id}`), time, expected);
      this.attachedAt.set(volumeArn(`vol-${id}`), time + this.random() * 100_000);
    }
    const event = anEvent({
      eventId,
      eventName: 'RunInstances',
      time: new Date(time),
      identity: roleSession(account, 'Launcher', `person-${index}`),
      response: { instancesSet: { items: ids.map((instanceId) => ({ instanceId })) } },
    });
    const copies = this.random() < 0.3 ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) {
      // One in ten is up to a day late.
      const delay = this.random() * (this.random() < 0.1 ? 24 * hour : 60_000);
      this.#enqueue({ at: time + delay, body: JSON.stringify(event), receives: 0 });
    }
  }

  #create(arn: string, time: number, expected: Resource['expected']): void {
    const own = new Map(this.random() < 0.1 ? [['created-by', 'a person']] : []);
    const late = this.random() < 0.05 ? { 'created-at': 'by hand', team: 'blue' } : undefined;
    const visibleAt = time + this.random() * 120_000;
    const resource = { tags: new Map(own), own, visibleAt, expected, writes: new Map<string, number>() };
    this.resources.set(arn, late === undefined ? resource : { ...resource, late });
  }

  async #process(message: Message): Promise<void> {
    const again = (at: number, body: string, receives: number): void => this.#enqueue({ at, body, receives });
    const receives = message.receives + 1;
    try {
      const event = parseCreationEvent(message.body);
      await tagCreation(event, {
        settings,
        stores: [this.#store()],
        now: () => new Date(this.now),
        findAttachments: ({ call }) =>
          Promise.resolve(
            launchedInstances(call)
              .map((id) => volumeArn(`vol-${id}`))
              .filter((arn) => (this.attachedAt.get(arn) ?? Infinity) <= this.now),
          ),
        report: () => {
          if (this.random() >= 0.03) return;
          this.killed += 1;
          throw named('Killed');
        },
        sendLater: (body) => {
          again(this.now + settings.lookAgainSeconds * 1_000, JSON.stringify(body), 0);
          return Promise.resolve();
        },
        publish: (notice) => Promise.resolve(void this.notices.push(notice)),
      });
    } catch {
      if (receives >= 12) this.deadLetters.push(message);
      else again(this.now + delaySeconds(receives, 10, this.random()) * 1_000, message.body, receives);
    }
  }

  /** EC2 with the denial of the role: it refuses a write of a key that the resource has. */
  #store(): TagStore {
    return {
      holds: () => true,
      read: (arns) =>
        Promise.resolve(
          new Map(
            arns.flatMap((arn) => {
              const { tags, visibleAt } = this.#at(arn);
              return visibleAt <= this.now ? [[arn, Object.fromEntries(tags)] as const] : [];
            }),
          ),
        ),
      write: async (arns, tags) => {
        if (this.random() < 0.05) {
          this.throttled += 1;
          throw named('RequestLimitExceeded');
        }
        return Promise.resolve(arns.flatMap((arn) => this.#write(arn, tags)));
      },
    };
  }

  #write(arn: string, tags: Readonly<Record<string, string>>): WriteFailure[] {
    const resource = this.#at(arn);
    if (resource.visibleAt > this.now) return [{ arn, name: 'InvalidInstanceID.NotFound', message: '' }];
    for (const [key, value] of Object.entries(resource.late ?? {})) {
      resource.tags.set(key, value);
      resource.own.set(key, value);
    }
    delete resource.late;
    if (Object.keys(tags).some((key) => resource.tags.has(key))) {
      this.denied += 1;
      return [{ arn, name: 'UnauthorizedOperation', message: '' }];
    }
    for (const [key, value] of Object.entries(tags)) {
      resource.tags.set(key, value);
      resource.writes.set(key, (resource.writes.get(key) ?? 0) + 1);
    }
    return [];
  }

  #at(arn: string): Resource {
    const resource = this.resources.get(arn);
    if (resource === undefined) throw new Error(`nobody created ${arn}`);
    return resource;
  }
}

it('1,000 launches, repeated, reordered, late, throttled and killed: each resource has its tags once', async () => {
  const world = new World(randomFrom(1));
  await world.run();
  expect(world.deadLetters).toEqual([]);
  const wrong = [...world.resources].filter(([, { tags, expected, own }]) => {
    const due = Object.entries({ ...expected, ...Object.fromEntries(own) });
    return tags.size !== due.length || due.some(([key, value]) => tags.get(key) !== value);
  });
  expect(wrong.slice(0, 3)).toEqual([]);
  const repeated = [...world.resources.values()].filter(({ writes }) => [...writes.values()].some((n) => n > 1));
  expect(repeated).toEqual([]);
  // People read of each launch.
  expect(new Set(world.notices.map(({ id }) => id.replace('/again', ''))).size).toBe(launches);
  expect(world.resources.size).toBeGreaterThan(3_900);
  expect(Math.min(world.throttled, world.killed, world.denied)).toBeGreaterThan(30);
});
