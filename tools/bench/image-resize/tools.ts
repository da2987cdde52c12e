import { buildSync } from 'esbuild';
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import type { Command } from '../measuring/measured-process';
import { peersFolder, versionOf } from '../measuring/peers';
import { widths } from './photos';

const run = promisify(execFile);

/** A program that resizes all photos, in one process or in several, one after the other. */
export interface Tool {
  readonly name: string;
  readonly version?: string;
  readonly command: Command;
  /** Folder to which it writes `<photo>-<width>.jpg`. */
  readonly output: string;
}

export interface Tools {
  readonly tools: readonly Tool[];
  /** Names, and how to install them. */
  readonly missing: readonly (readonly [string, string])[];
}

/** `convert` may be another program or a wrapper, so the one in /usr/bin is tried first. */
const imageMagicks = ['magick', '/usr/bin/convert', 'convert'];

/** Returns the installed tools, ours first, each with its own folder below `folder`. */
export async function findTools(root: string, folder: string, photos: readonly string[]): Promise<Tools> {
  const output = (name: string): string => {
    const made = join(folder, name.replaceAll(' ', '-'));
    mkdirSync(made, { recursive: true });
    return made;
  };
  const script = (name: string, start: readonly string[], version?: string): Tool => ({
    name,
    ...(version === undefined ? {} : { version }),
    command: { file: process.execPath, arguments: [...start, output(name), widths.join(), ...photos] },
    output: output(name),
  });
  const shell = (name: string, version: string, lines: readonly string[]): Tool => ({
    name,
    version,
    command: { file: 'sh', arguments: ['-ec', lines.join('\n')] },
    output: output(name),
  });
  const ours = bundle(root, folder, 'ours.ts');
  const bare = bundle(root, folder, 'bare.ts');
  const tools = [
    script('ours', [ours]),
    script('bare sharp', [bare]),
    script('jimp', [join(__dirname, 'with-jimp.mjs'), peersFolder(root)], versionOf(root, 'jimp')),
  ];
  const missing: [string, string][] = [];
  const vips = await versionFrom('vipsthumbnail', /vips-([\d.]+)/);
  if (vips === undefined) missing.push(['vipsthumbnail', 'apt-get install libvips-tools']);
  else tools.push(shell('vipsthumbnail', vips, vipsLines(output('vipsthumbnail'), photos)));
  const magick = await firstOf(imageMagicks, /ImageMagick ([\d.-]+)/);
  if (magick === undefined) missing.push(['ImageMagick', 'apt-get install imagemagick']);
  else tools.push(shell('ImageMagick', magick.version, magickLines(magick.name, output('ImageMagick'), photos)));
  return { tools, missing };
}

/** Bundles a script, as a function is, so that no compiler is measured. */
function bundle(root: string, folder: string, source: string): string {
  const outfile = join(folder, source.replace(/\.ts$/, '.js'));
  buildSync({
    entryPoints: [join(__dirname, source)],
    outfile,
    absWorkingDir: root,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    external: ['sharp'],
    logLevel: 'error',
  });
  return outfile;
}

function vipsLines(output: string, photos: readonly string[]): string[] {
  const options = '[Q=82,interlace,strip]';
  return widths.map((width) => {
    const files = photos.map((photo) => `'${photo}'`).join(' ');
    return `vipsthumbnail ${files} --size ${width}x -o '${output}/%s-${width}.jpg${options}'`;
  });
}

/** One call a photo, which is decoded once, at half its size where that is enough, and copied for each size. */
function magickLines(command: string, output: string, photos: readonly string[]): string[] {
  return photos.map((photo) => {
    const name = basename(photo, '.jpg');
    const sizes = widths.map(
      (width) => `\\( +clone -resize ${width} -write '${output}/${name}-${width}.jpg' +delete \\)`,
    );
    const options = '-auto-orient -strip -interlace JPEG -sampling-factor 4:2:0 -quality 82';
    return `${command} -define jpeg:size=${Math.max(...widths)}x '${photo}' ${options} ${sizes.join(' ')} null:`;
  });
}

async function firstOf(names: readonly string[], version: RegExp) {
  for (const name of names) {
    if (name.startsWith('/') && !existsSync(name)) continue;
    const found = await versionFrom(name, version);
    if (found !== undefined) return { name, version: found };
  }
  return undefined;
}

/** Returns undefined where the program is missing, or another one has its name. */
async function versionFrom(command: string, pattern: RegExp): Promise<string | undefined> {
  try {
    const { stdout } = await run(command, [command === 'vipsthumbnail' ? '--version' : '-version']);
    return pattern.exec(stdout)?.[1];
  } catch {
    return undefined;
  }
}
