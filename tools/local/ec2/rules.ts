import { ClientTokens } from './client-tokens';
import { describeActions, type DescribeAction } from './describe-actions';
import { dryRunError, type IsAllowed } from './dry-run';
import { Ec2Error, filtersOf, type AskEmulator, type Ec2Request, type Ec2Response } from './ec2-request';
import { applyFilters } from './filters';
import { checkLaunch } from './launch-checks';
import { pageOf } from './pages';
import { isInstanceAction, Transitions } from './transitions';
import { VolumeSettings } from './volume-settings';
import { childOf, escapeXml, formatXml, parseXml, setChild, textElement, textsAt, type Element } from './xml';

export interface Ec2RulesOptions {
  readonly account: string;
  readonly ask: AskEmulator;
  readonly isAllowed: IsAllowed;
  readonly now: () => number;
  /** Time that a resource spends in each state that the emulator skips. */
  readonly transitionMilliseconds: number;
}

/** Rules of EC2 that the emulator does not have, around the requests that it answers. */
export class Ec2Rules {
  /** Zones and instance types without capacity, as proofs set them. */
  noCapacity: ReadonlySet<string> = new Set();
  readonly transitions: Transitions;
  readonly #tokens = new ClientTokens();
  readonly #volumes = new VolumeSettings();
  /** Requests with the same client token one after the other. */
  #creating: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: Ec2RulesOptions) {
    this.transitions = new Transitions(options.transitionMilliseconds, options.now);
  }

  /** @param forward passes the request to the emulator unchanged, with its signature */
  async answer(request: Ec2Request, forward: () => Promise<Ec2Response>): Promise<Ec2Response> {
    try {
      if (request.params.get('DryRun') === 'true') {
        throw await dryRunError(request, this.options.account, this.options.isAllowed);
      }
      if (request.action === 'RunInstances' || request.action === 'CreateVolume') {
        const created = this.#creating.then(() => this.create(request, forward));
        this.#creating = created.catch(() => undefined);
        return await created;
      }
      const described = describeActions[request.action];
      if (described !== undefined) return await this.describe(request, described, forward);
      return await this.change(request, forward);
    } catch (error) {
      if (error instanceof Ec2Error) return errorResponse(error);
      throw error;
    }
  }

  private async create(request: Ec2Request, forward: () => Promise<Ec2Response>): Promise<Ec2Response> {
    const { ask } = this.options;
    const isLaunch = request.action === 'RunInstances';
    const zone = isLaunch
      ? await checkLaunch(request, ask, this.noCapacity)
      : (request.params.get('AvailabilityZone') ?? '');
    const known = this.#tokens.idsOf(request, zone);
    if (known !== undefined) return this.repeated(request, known);
    const response = await forward();
    if (response.status !== 200) return response;
    const created = parseXml(response.body);
    const ids = textsAt(created, isLaunch ? 'instancesSet/item/instanceId' : 'volumeId');
    this.#tokens.remember(request, zone, ids);
    if (!isLaunch) {
      this.#volumes.remember(ids, request.params);
      this.#volumes.show(created);
      return { status: 200, body: formatXml(created) };
    }
    this.transitions.begin('RunInstances', ids);
    for (const instance of childOf(created, 'instancesSet')?.children ?? [])
      this.transitions.showInstance(instance, 'instanceState');
    return { status: 200, body: formatXml(created) };
  }

  /** Answers a repeated request with the current state of what the first one made. */
  private async repeated({ action, region }: Ec2Request, ids: readonly string[]): Promise<Ec2Response> {
    const isLaunch = action === 'RunInstances';
    const [describe, name] = isLaunch ? ['DescribeInstances', 'InstanceId'] : ['DescribeVolumes', 'VolumeId'];
    const params = Object.fromEntries(ids.map((id, index) => [`${name}.${index + 1}`, id]));
    const described = await this.options.ask(describe, params, region);
    const [set] = described.children;
    for (const item of set?.children ?? []) this.show(describe, item);
    const current = isLaunch
      ? set?.children.flatMap((reservation) => childOf(reservation, 'instancesSet')?.children ?? []).map(formatXml)
      : set?.children.flatMap(({ children }) => children.map(formatXml));
    const content = (current ?? []).join('');
    return {
      status: 200,
      body: `<${action}Response>${isLaunch ? `<instancesSet>${content}</instancesSet>` : content}</${action}Response>`,
    };
  }

  private async describe(
    { action, params, region }: Ec2Request,
    described: DescribeAction,
    forward: () => Promise<Ec2Response>,
  ): Promise<Ec2Response> {
    const filters = filtersOf(params);
    const response = await forward();
    if (response.status !== 200) return response;
    // The emulator compares filters with states that the proxy shows differently, and without wildcards.
    const ids = [...params].filter(([name]) => name.startsWith(`${described.ids}.`) || name.startsWith('Owner.'));
    const document =
      filters.length === 0 ? parseXml(response.body) : await this.options.ask(action, Object.fromEntries(ids), region);
    const set = childOf(document, described.set);
    if (set === undefined) return response;
    for (const item of set.children) this.show(action, item);
    const page = pageOf(applyFilters(set.children, filters, described), params, described);
    set.children = page.items;
    if (page.nextToken !== undefined) document.children.push(textElement('nextToken', page.nextToken));
    return { status: 200, body: formatXml(document) };
  }

  /** Shows a described item as it is on AWS. */
  private show(action: string, item: Element): void {
    if (action === 'DescribeVolumes') this.#volumes.show(item);
    if (action === 'DescribeSnapshots') this.transitions.showSnapshot(item);
    if (action !== 'DescribeInstances') return;
    for (const instance of childOf(item, 'instancesSet')?.children ?? []) {
      this.transitions.showInstance(instance, 'instanceState');
      const token = this.#tokens.tokenOf(textsAt(instance, 'instanceId')[0] ?? '');
      if (token !== undefined) setChild(instance, 'clientToken', token);
    }
  }

  private async change({ action }: Ec2Request, forward: () => Promise<Ec2Response>): Promise<Ec2Response> {
    const response = await forward();
    if (response.status !== 200) return response;
    if (action === 'CreateSnapshot') {
      const snapshot = parseXml(response.body);
      this.transitions.beginSnapshot(textsAt(snapshot, 'snapshotId')[0] ?? '');
      this.transitions.showSnapshot(snapshot);
      return { status: 200, body: formatXml(snapshot) };
    }
    if (!isInstanceAction(action)) return response;
    const changed = parseXml(response.body);
    this.transitions.begin(action, textsAt(changed, 'instancesSet/item/instanceId'));
    for (const instance of childOf(changed, 'instancesSet')?.children ?? [])
      this.transitions.showInstance(instance, 'currentState');
    return { status: 200, body: formatXml(changed) };
  }
}

function errorResponse({ code, message, status }: Ec2Error): Ec2Response {
  const error = `<Error><Code>${escapeXml(code)}</Code><Message>${escapeXml(message)}</Message></Error>`;
  return { status, body: `<Response><Errors>${error}</Errors><RequestID>local</RequestID></Response>` };
}
