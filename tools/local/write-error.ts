const codes = ['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT'];

/**
 * Returns one line for an error of a read-only, full or foreign folder, undefined for every other error.
 *
 * @param folder named where the error names no file
 */
export function describeWriteError(error: unknown, folder: string): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code = '', path = folder } = error as NodeJS.ErrnoException;
  if (!codes.includes(code)) return undefined;
  return `cannot write ${path}: ${error.message}: free disk space, or run this in a folder that you own`;
}
