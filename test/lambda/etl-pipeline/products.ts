import type { Dataset } from '../../../lambda/etl-pipeline/dataset';
import type { EtlFile } from '../../../lambda/etl-pipeline/file';
import { etlPipelineSettings } from '../../../lib/etl-pipeline/etl-pipeline-settings';

/** The default dataset. */
export const products: Dataset = etlPipelineSettings.parse({}).datasets[0]!;

export const header = ['sku', 'name', 'price', 'currency', 'stock', 'discontinued', 'available_from', 'updated_at'];

/** Dataset with these columns. */
export function datasetOf(more: object): Dataset {
  return etlPipelineSettings.parse({ datasets: [{ name: 'things', prefix: 'things/', ...more }] }).datasets[0]!;
}

export function fileOf(more: Partial<EtlFile> = {}): EtlFile {
  return {
    fileId: 'f1',
    bucket: 'incoming',
    key: 'incoming/products/a.csv',
    versionId: 'v1',
    bytes: 100,
    order: '2026-11-26T10:00:00.000Z/01',
    uploadedAt: '2026-11-26T10:00:00.000Z',
    generation: 1,
    dataset: products,
    ...more,
  };
}
