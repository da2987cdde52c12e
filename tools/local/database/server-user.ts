import { chmodSync, chownSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/** Who the server runs as: database servers refuse to be root, so root starts them as the user that owns nothing. */
export interface ServerUser {
  readonly uid?: number;
  readonly gid?: number;
}

/** `nobody`, on Linux and macOS alike. */
const nobody = { linux: 65_534, darwin: 4_294_967_294 } as const;

export function serverUser(uid = process.getuid?.()): ServerUser {
  if (uid !== 0) return {};
  const id = process.platform === 'darwin' ? nobody.darwin : nobody.linux;
  return { uid: id, gid: id };
}

/** Makes a folder that is the server user's own, and lets that user get to it. */
export function ownFolder(folder: string, user: ServerUser): void {
  mkdirSync(folder, { recursive: true });
  if (user.uid === undefined || user.gid === undefined) return;
  chmodSync(dirname(folder), 0o711);
  chownSync(folder, user.uid, user.gid);
}
