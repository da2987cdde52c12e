import { chmodSync, chownSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/** User of the server's process: database servers refuse to run as root, so root starts them as `nobody`. */
export interface ServerUser {
  readonly uid?: number;
  readonly gid?: number;
}

/** User id of `nobody`. */
const nobody = { linux: 65_534, darwin: 4_294_967_294 } as const;

export function serverUser(uid = process.getuid?.()): ServerUser {
  if (uid !== 0) return {};
  const id = process.platform === 'darwin' ? nobody.darwin : nobody.linux;
  return { uid: id, gid: id };
}

/** Creates a folder that the server's user owns and can reach. */
export function createOwnedFolder(folder: string, user: ServerUser): void {
  mkdirSync(folder, { recursive: true });
  if (user.uid === undefined || user.gid === undefined) return;
  chmodSync(dirname(folder), 0o711);
  chownSync(folder, user.uid, user.gid);
}
