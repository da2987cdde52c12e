import type { Stage } from './config';

/**
 * A stack's name in CloudFormation. It carries the stage in prod: a deploy that forgets `-c stage=prod` makes another stack
 * and never turns a prod stack into a sandbox one.
 */
export function stackName(id: string, stage: Stage): string {
  return stage === 'prod' ? `${id}-prod` : id;
}

/** Slug of a stack's id or name: `image-resize` of both `ImageResize` and `ImageResize-prod`. */
export function slugOf(name: string): string {
  return name
    .replace(/-prod$/, '')
    .replace(/(?<=[a-z0-9])(?=[A-Z])/g, '-')
    .toLowerCase();
}
