/**
 * Compares image-resize with other tools on the same photos and the same three sizes: whole processes for JPEG, which all of
 * them write, and renderPhoto with a bare sharp script in this process, at the default settings.
 *
 * The bare script decodes the photo once for each size and checks nothing: it is sharp's baseline.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { growthTable } from './image-resize/in-process';
import { compareImages, type Comparison } from './image-resize/compare-images';
import { findTools, type Tool } from './image-resize/tools';
import { height, makePhoto, photographs, widths, width } from './image-resize/photos';
import { measureInTurn } from './measuring/in-turn';
import { measureProcess, type Usage } from './measuring/measured-process';
import { installPeers, versionOf } from './measuring/peers';
import { progress, runBench } from './measuring/run-bench';
import { medianOf, paragraphs, table } from './measuring/section';

const root = join(__dirname, '..', '..');
const folder = join(root, '.build', 'bench', 'image-resize');

/** A tool with its resource usage and its output. */
interface Result {
  readonly tool: Tool;
  readonly usages: readonly Usage[];
  readonly comparison: Comparison;
}

void runBench(async ({ quick }) => {
  const turns = quick ? 1 : 5;
  installPeers(root);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  progress('photos');
  const photos: string[] = [];
  for (const name of photographs) {
    const file = join(folder, `${name}.jpg`);
    writeFileSync(file, await makePhoto(name, width, height));
    photos.push(file);
  }
  const { tools, missing } = await findTools(root, folder, photos);
  const contestants = tools.map((tool) => ({ name: tool.name, act: () => measureProcess(tool.command) }));
  const onTurn = (turn: number): void => progress(`turn ${turn + 1} of ${turns}, ${tools.length} tools`);
  const usages = await measureInTurn(contestants, { turns, warmUps: quick ? 0 : 1, onTurn });
  progress('similarity of the output');
  const results: Result[] = [];
  for (const tool of tools) {
    results.push({ tool, usages: usages[tool.name] ?? [], comparison: await compareImages(root, photos, tool.output) });
  }
  return {
    body: paragraphs(
      `Two photos of ${((width * height) / 1e6).toFixed(1)} megapixels, each to progressive JPEG of quality 82, ${widths.join(', ')} ` +
        `pixels wide. Whole processes, in turn, medians of ${turns}; ours is the function's core as it is bundled for ` +
        'deployment. SSIM is the mean of the six images against the whole photo scaled by Lanczos, uncompressed.',
      processTable(results, missing),
      'All but jimp decode a JPEG at a half or less of its size where that is enough. Ours decodes it once for all sizes, ' +
        'the bare script once for each.',
      await growthTable(quick),
    ),
    versions: {
      sharp: versionOf(root, 'sharp'),
      ...Object.fromEntries(tools.flatMap(({ name, version }) => (version === undefined ? [] : [[name, version]]))),
    },
  };
});

function processTable(results: readonly Result[], missing: readonly (readonly [string, string])[]): string {
  const wallOf = ({ usages }: Result): number => medianOf(usages, (usage) => usage.wallSeconds);
  const bare = results.find(({ tool }) => tool.name === 'bare sharp');
  const limit = bare === undefined ? Number.NaN : wallOf(bare);
  const rows = results.map((result) => {
    const { tool, usages, comparison } = result;
    const peak = medianOf(usages, (usage) => usage.peakBytes) / 1024 ** 2;
    const processor = medianOf(usages, (usage) => usage.processorSeconds);
    const figures = [wallOf(result), wallOf(result) / limit, processor, Math.round(peak), comparison.bytes];
    return [tool.name, ...figures, comparison.similarity.toFixed(4)];
  });
  const absent = missing.map(([name, fix]) => [`${name}: not installed (${fix})`, '', '', '', '', '', '']);
  return table(
    ['tool', 'wall s', 'against bare sharp', 'processor s', 'peak MB', 'bytes out', 'SSIM'],
    [...rows, ...absent],
  );
}
