/**
 * RenderDocument's core against a browser that is started for each document, and against pdf-lib, which draws the same invoice:
 * the first document of a process and each further one, pages a second, and peak memory.
 */
import { join } from 'node:path';
import { nativeVersions } from '../../lib/bundling/native-source';
import type { Sample, Way } from './document-renderer/measure';
import { forkedSamples } from './measuring/forked-samples';
import { measureInTurn } from './measuring/in-turn';
import { installPeers, versionOf } from './measuring/peers';
import { progress, runBench } from './measuring/run-bench';
import { medianOf, paragraphs, table } from './measuring/section';

const root = join(__dirname, '..', '..');
const ways = ['ours', 'ours, unpacked before', 'a browser for each', 'pdf-lib'] as const;
/** Lines of the invoices: two pages, and a hundred. */
const sizes = [40, 2_900] as const;

void runBench(async ({ quick }) => {
  installPeers(root);
  const tables: string[] = [];
  for (const lines of quick ? sizes.slice(0, 1) : sizes) {
    const [turns, documents] = lines > 100 ? [1, 3] : quick ? [1, 3] : [3, 11];
    const samples = await measureInTurn(
      ways.map((way) => ({ name: way, act: () => documentsOf({ way, documents, lines }) })),
      { turns, onTurn: (turn) => progress(`${lines} lines, turn ${turn + 1} of ${turns}`) },
    );
    tables.push(tableOf(samples));
  }
  return {
    body: paragraphs(
      `An invoice with ${sizes.join(' and with ')} lines, in processes of their own in turn, medians of three processes of eleven documents, and of one of three for the large; the first document of each ` +
        'process, the median of the others, and the peak of the process and its browser together. Ours unpacks the browser for the first ' +
        'document, as a layer needs it; an image, S3 Files or EFS have it unpacked. Starting Node.js and a Lambda environment is not included.',
      ...tables,
      'pdf-lib draws what its program says, with Open Sans embedded: no template, no Markdown, no line breaks, no right-to-left text.',
    ),
    versions: {
      ...nativeVersions(join(root, 'lambda', 'document-renderer', 'native')),
      'pdf-lib': versionOf(root, 'pdf-lib'),
    },
  };
});

function documentsOf(way: Way): Promise<Sample[]> {
  return forkedSamples<Sample>(join(__dirname, 'document-renderer', 'measure.ts'), {
    arguments: [JSON.stringify(way)],
    env: { ...process.env, NODE_OPTIONS: '--import tsx' },
  });
}

function tableOf(samples: Readonly<Record<Way['way'], readonly (readonly Sample[])[]>>): string {
  const further = (way: Way['way']): number =>
    medianOf(samples[way], ([, ...others]) => medianOf(others, ({ milliseconds }) => milliseconds));
  const rows = ways.map((way) => {
    const pages = samples[way][0]?.[0]?.pages ?? Number.NaN;
    return [
      way,
      pages,
      medianOf(samples[way], ([first]) => first?.milliseconds ?? Number.NaN),
      further(way),
      further(way) / further('ours'),
      (1_000 * pages) / further(way),
      Math.round(medianOf(samples[way], (run) => Math.max(...run.map(({ megabytes }) => megabytes)))),
      Math.round((samples[way][0]?.[0]?.bytes ?? Number.NaN) / 1_000),
    ];
  });
  return table(['way', 'pages', 'first ms', 'further ms', 'to ours', 'pages/s', 'peak MB', 'kB'], rows);
}
