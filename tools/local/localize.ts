import { cpSync, rmSync } from 'node:fs';
import { apiUrls } from './localize/api-urls';
import { Assembly } from './localize/assembly';
import { bootstrapRoles } from './localize/bootstrap-roles';
import { containerImages } from './localize/container-images';
import { customResources } from './localize/custom-resources';
import { databaseProxy } from './localize/database-proxy';
import { ec2Permissions } from './localize/ec2-permissions';
import { eventSources } from './localize/event-sources';
import { fileSystems } from './localize/file-systems';
import { functionUrls } from './localize/function-urls';
import { hostBrowser } from './localize/host-browser';
import { layers } from './localize/layers';
import { logGroupArns } from './localize/log-group-arns';
import { mathAlarms } from './localize/math-alarms';
import { nativePackages } from './localize/native-packages';
import { newHashes } from './localize/new-hashes';
import { publicParameters } from './localize/public-parameters';
import { refusedTypes } from './localize/refused-types';
import type { AppliedRule, Host, Rule } from './localize/rule';
import { runtimeClient } from './localize/runtime-client';
import { scheduleGroups } from './localize/schedule-groups';
import { scheduledTime } from './localize/scheduled-time';
import { secretReference } from './localize/secret-reference';
import { sqsBatches } from './localize/sqs-batches';
import { streamMappings } from './localize/stream-mappings';
import { taskCallbacks } from './localize/task-callbacks';

/** All rules in order: removals, then functions, then hashes. */
export const rules: readonly Rule[] = [
  bootstrapRoles,
  customResources,
  databaseProxy,
  refusedTypes,
  mathAlarms,
  apiUrls,
  functionUrls,
  logGroupArns,
  ec2Permissions,
  secretReference,
  sqsBatches,
  streamMappings,
  taskCallbacks,
  scheduleGroups,
  publicParameters,
  scheduledTime,
  eventSources,
  fileSystems,
  layers,
  containerImages,
  hostBrowser,
  nativePackages,
  runtimeClient,
  newHashes,
];

/**
 * Copies a synthesized assembly and adapts the copy to the emulator.
 *
 * @returns the rules that changed something, with the names of the changed resources
 */
export function localize(folders: { from: string; to: string }, host: Host): AppliedRule[] {
  rmSync(folders.to, { recursive: true, force: true });
  cpSync(folders.from, folders.to, { recursive: true });
  const assembly = Assembly.read(folders.to);
  const applied = rules.map((rule) => ({ name: rule.name, reason: rule.reason, touched: rule.apply(assembly, host) }));
  assembly.write();
  return applied.filter((rule) => rule.touched.length > 0);
}
