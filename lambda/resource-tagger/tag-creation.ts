import { clientTokenOf } from './created-resources';
import { UnusableEventError, type CreationEvent } from './creation-event';
import { noticeOf, type Notice } from './notice';
import type { TagStore } from './tag-store';
import type { TaggerSettings } from './tagger-settings';
import { tagAll, type TaggedResource } from './tagging';
import { wantedTags } from './wanted-tags';

/** Not everything could be tagged yet: the message comes back. */
export class NotYetTaggedError extends Error {
  override readonly name = 'NotYetTaggedError';
}

export interface TagCreationDependencies {
  readonly settings: TaggerSettings;
  readonly stores: readonly TagStore[];
  readonly now: () => Date;
  /** Returns the ARNs of what was created with the instances of a launch, as far as it is attached. */
  readonly findAttachments: (event: CreationEvent) => Promise<string[]>;
  readonly report: (event: CreationEvent, tagged: readonly TaggedResource[]) => void;
  /** Sends a message to the queue once more, after `lookAgainSeconds`. */
  readonly sendLater: (message: object) => Promise<void>;
  readonly publish: (notice: Notice) => Promise<void>;
}

/**
 * Tags what one event created, and tells people.
 *
 * @throws NotYetTaggedError where another attempt is due
 * @throws UnusableEventError where the record names no resource: it has another form than the table knows
 */
export async function tagCreation(event: CreationEvent, dependencies: TagCreationDependencies): Promise<void> {
  const { settings, stores, now } = dependencies;
  const named = event.kind.arns(event.call);
  const isLaunch = event.call.eventName === 'RunInstances';
  if (named.length === 0) {
    // The instances of a very large launch are looked up: new ones may be invisible, and those of an old one have ended.
    if (!isLaunch || clientTokenOf(event.call) === undefined)
      throw new UnusableEventError('a record that names no resource');
    const isYoung = now().getTime() - event.time.getTime() < settings.consistencySeconds * 1_000;
    if (isYoung) throw new NotYetTaggedError('no instance of the launch is visible');
    dependencies.report(event, []);
    return;
  }
  const attachments = isLaunch ? await dependencies.findAttachments(event) : [];
  const arns = [...(event.isSecondLook ? [] : named), ...attachments];
  const tagged = await tagAll(arns, event, {
    stores,
    wanted: wantedTags(event, settings.tagKeys, settings.costCenters),
    requiredTags: settings.requiredTags,
    consistencyMilliseconds: settings.consistencySeconds * 1_000,
    now,
  });
  dependencies.report(event, tagged);
  const later = tagged.filter(({ outcome }) => outcome === 'later');
  if (later.length > 0) throw new NotYetTaggedError(`${later.length} of ${tagged.length}: ${later[0]?.reason ?? ''}`);
  // Volumes are attached after the answer to the launch.
  if (isLaunch && !event.isSecondLook) {
    await dependencies.sendLater({ ...event.source, resourceTagger: { notify: event.notify, look: 'again' } });
  }
  const notice = noticeOf(event, tagged);
  if (notice !== undefined) await dependencies.publish(notice);
}
