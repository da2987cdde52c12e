import { setChild, childOf, textsAt, type Element } from './xml';

/** States through which resources pass on AWS, which the emulator skips, with the codes of instances. */
const passing = {
  RunInstances: { name: 'pending', code: 0 },
  StartInstances: { name: 'pending', code: 0 },
  StopInstances: { name: 'stopping', code: 64 },
  TerminateInstances: { name: 'shutting-down', code: 32 },
} as const;

export type InstanceAction = keyof typeof passing;

export function isInstanceAction(action: string): action is InstanceAction {
  return action in passing;
}

/** End of the snapshots that are made from now on. */
export type SnapshotFate = 'completed' | 'pending' | 'error';

/** Delays resources' states as on AWS: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-lifecycle.html */
export class Transitions {
  /** Applies to snapshots that are not completed yet. */
  snapshotFate: SnapshotFate = 'completed';
  /** Days by which snapshots are shown as older than they are. */
  snapshotAgeDays = 0;
  readonly #instances = new Map<string, { readonly action: InstanceAction; readonly until: number }>();
  readonly #snapshots = new Map<string, number>();

  /** @param milliseconds that each transition takes */
  constructor(
    private readonly milliseconds: number,
    private readonly now: () => number,
  ) {}

  /** Begins the transition of the instances that a response names. */
  begin(action: InstanceAction, ids: readonly string[]): void {
    for (const id of ids) this.#instances.set(id, { action, until: this.now() + this.milliseconds });
  }

  beginSnapshot(id: string): void {
    this.#snapshots.set(id, this.now() + this.milliseconds);
  }

  /** Shows an instance in the state that it passes through. */
  showInstance(instance: Element, state: 'instanceState' | 'currentState'): void {
    const [id = ''] = textsAt(instance, 'instanceId');
    const transition = this.#instances.get(id);
    const shown = childOf(instance, state);
    if (transition === undefined || shown === undefined || this.now() >= transition.until) return;
    const { name, code } = passing[transition.action];
    setChild(shown, 'name', name);
    setChild(shown, 'code', String(code));
  }

  /** Shows a snapshot as pending until it has had its time, and for as long as a proof holds it; and as old as a proof wants it. */
  showSnapshot(snapshot: Element): void {
    const [id = ''] = textsAt(snapshot, 'snapshotId');
    const started = Date.parse(textsAt(snapshot, 'startTime')[0] ?? '');
    if (this.snapshotAgeDays > 0)
      setChild(snapshot, 'startTime', new Date(started - this.snapshotAgeDays * 86_400_000).toISOString());
    const until = this.#snapshots.get(id);
    if (until === undefined) return;
    if (this.snapshotFate === 'completed' && this.now() >= until) {
      this.#snapshots.delete(id);
      return;
    }
    setChild(snapshot, 'status', this.snapshotFate === 'error' ? 'error' : 'pending');
    setChild(snapshot, 'progress', '0%');
  }
}
