import { childOf, setChild, textsAt, type Element } from './xml';

/** Settings of volumes that the emulator does not return: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Volume.html */
export class VolumeSettings {
  readonly #settings = new Map<string, { readonly throughput?: string; readonly kmsKeyId?: string }>();

  remember(ids: readonly string[], params: URLSearchParams): void {
    const throughput = params.get('Throughput');
    const kmsKeyId = params.get('KmsKeyId');
    const settings = { ...(throughput === null ? {} : { throughput }), ...(kmsKeyId === null ? {} : { kmsKeyId }) };
    for (const id of ids) this.#settings.set(id, settings);
  }

  show(volume: Element): void {
    const settings = this.#settings.get(textsAt(volume, 'volumeId')[0] ?? '');
    // Only gp3 volumes have a throughput of their own: 125 MiB/s unless it is set.
    if (textsAt(volume, 'volumeType')[0] === 'gp3') setChild(volume, 'throughput', settings?.throughput ?? '125');
    if (settings?.kmsKeyId !== undefined) setChild(volume, 'kmsKeyId', settings.kmsKeyId);
    const iops = childOf(volume, 'iops');
    if (iops?.text.trim() === '0') volume.children = volume.children.filter((child) => child !== iops);
  }
}
