import { buildSync } from 'esbuild';
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import type { Command } from '../measuring/measured-process';
import { peersFolder, versionOf } from '../measuring/peers';
import { widths } from './photos';

const run = promisify(execFile);

/** What makes the pictures of all photos, as one process or several after each other. */
export interface Tool {
  readonly name: string;
  readonly version?: string;
  readonly command: Command;
  /** It writes `<photo>-<width>.jpg` there. */
  readonly output: string;
}

export interface Tools {
  readonly tools: readonly Tool[];
  /** By name, with what to do. */
  readonly missing: readonly (readonly [string, string])[];
}

/** Where `convert` is some other program's name, or a wrapper's, the one in /usr/bin is asked first. */
const imageMagicks = ['magick', '/usr/bin/convert', 'convert'];

/** The tools that are there, ours first, each with a folder of its own below `folder`. */
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

/** Compiled before, as a function is: what is measured is no compiler. */
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

/** One call a photo, which is decoded once, at half its size where that is enough: each size is a copy of it. */
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

/** Undefined where there is no such program, or it is another one of that name. */
async function versionFrom(command: string, pattern: RegExp): Promise<string | undefined> {
  try {
    const { stdout } = await run(command, [command === 'vipsthumbnail' ? '--version' : '-version']);
    return pattern.exec(stdout)?.[1];
  } catch {
    return undefined;
  }
}
