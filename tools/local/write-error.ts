const codes = ['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT'];

/**
 * One line for an error of a machine that lets us not write, or has no room; undefined for every other error.
 *
 * @param folder is named where the error itself names no file
 */
export function describeWriteError(error: unknown, folder: string): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code = '', path = folder } = error as NodeJS.ErrnoException;
  if (!codes.includes(code)) return undefined;
  return `cannot write ${path}: ${error.message}: make room, or run this in a folder that is yours`;
}
