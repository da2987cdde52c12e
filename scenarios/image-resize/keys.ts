import type { Deployment } from './deployment';

type InputPrefix = Pick<Deployment, 'inputPrefix'>;
type OutputPrefix = Pick<Deployment, 'outputPrefix'>;

/** Returns the key of a folder of uploads, without a slash at its end; a run's own folder is named by its id. */
export function sourceFolder({ inputPrefix }: InputPrefix, folder: string): string {
  return `${inputPrefix}${folder}`;
}

/** Returns the key of a photo in a folder of uploads. */
export function sourceKey(of: InputPrefix, folder: string, name: string): string {
  return `${sourceFolder(of, folder)}/${name}`;
}

/** Returns a source's key without the deployment's prefix and its folder, for display. */
export function sourceName(of: InputPrefix, key: string): string {
  const inFolder = keyInFolder(of, key);
  // A folder's name may start with a slash.
  return inFolder.slice(inFolder.indexOf('/', 1) + 1);
}

/** Returns a source's key without the deployment's prefix, which may contain characters that events encode. */
export function keyInFolder({ inputPrefix }: InputPrefix, key: string): string {
  return key.slice(inputPrefix.length);
}

/** Returns the key of an output of this source or, for a folder of sources, of an output folder. */
export function outputKey({ outputPrefix }: OutputPrefix, source: string, name: string): string {
  return `${outputPrefix}${source}/${name}`;
}

export function manifestKey(of: OutputPrefix, source: string): string {
  return outputKey(of, source, 'manifest.json');
}
