import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { ClientSettings } from './client-settings';

/**
 * Source of a stand-in's events: the emulator, like AWS, accepts no event of a source `aws.…` from outside, and a rule of the
 * localization lets rules match both.
 */
export function localSource(service: string): string {
  return `local.${service}`;
}

export interface ServiceEvent {
  readonly service: 'codebuild' | 'codecommit';
  readonly detailType: string;
  readonly resources: readonly string[];
  readonly detail: object;
}

/** Sends events of stand-ins to the emulator's default bus; a proof can have them lost, as best-effort delivery permits. */
export class ServiceEvents {
  private readonly client: EventBridgeClient;
  private readonly losing = new Set<string>();

  constructor(settings: ClientSettings) {
    this.client = new EventBridgeClient(settings);
  }

  /** Loses all events of a service until the returned function is called. */
  lose(service: ServiceEvent['service']): () => void {
    this.losing.add(service);
    return () => this.losing.delete(service);
  }

  async send({ service, detailType, resources, detail }: ServiceEvent): Promise<void> {
    if (this.losing.has(service)) return;
    await this.client.send(
      new PutEventsCommand({
        Entries: [
          {
            Source: localSource(service),
            DetailType: detailType,
            Resources: [...resources],
            Detail: JSON.stringify(detail),
          },
        ],
      }),
    );
  }
}
