import type { Deployment } from './deployment';

type InputPrefix = Pick<Deployment, 'inputPrefix'>;
type OutputPrefix = Pick<Deployment, 'outputPrefix'>;

/** The folder, without a slash at its end, where uploads are resized; a run's own is named by its id. */
export function sourceFolder({ inputPrefix }: InputPrefix, folder: string): string {
  return `${inputPrefix}${folder}`;
}

/** The key of a photo in such a folder. */
export function sourceKey(of: InputPrefix, folder: string, name: string): string {
  return `${sourceFolder(of, folder)}/${name}`;
}

/** What is left of a source's key without the deployment's prefix and its folder, for people. */
export function sourceName(of: InputPrefix, key: string): string {
  const inFolder = keyInFolder(of, key);
  // A folder's name may start with a slash.
  return inFolder.slice(inFolder.indexOf('/', 1) + 1);
}

/** A source's key without the deployment's prefix, which may hold characters that events encode. */
export function keyInFolder({ inputPrefix }: InputPrefix, key: string): string {
  return key.slice(inputPrefix.length);
}

/** The key of an output of this source; of a folder of sources, that of an output folder. */
export function outputKey({ outputPrefix }: OutputPrefix, source: string, name: string): string {
  return `${outputPrefix}${source}/${name}`;
}

export function manifestKey(of: OutputPrefix, source: string): string {
  return outputKey(of, source, 'manifest.json');
}
