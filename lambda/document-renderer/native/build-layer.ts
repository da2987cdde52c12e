/**
 * Builds the content of RenderDocument's layer beside the installed packages, as `opt/` there: run by `npm ci`, since the
 * archives take seconds to unpack and synthesis reads the folder as it is.
 *
 * The browser stays compressed: unpacked it has 209 MB of the 250 MB that a function may have with its layers. Libraries and
 * fonts are unpacked here, so that a cold start has only the browser to unpack. For an image, which has 10 GB, `unpacked` leaves
 * nothing to unpack.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';

const [installed = '', form] = process.argv.slice(2);
const packages = join(installed, 'node_modules');
const archives = join(packages, '@sparticuz', 'chromium', 'bin');
const target = join(installed, 'opt', 'chromium');

const fonts = [
  'noto-color-emoji/400Regular/NotoColorEmoji_400Regular.ttf',
  'noto-sans-arabic/400Regular/NotoSansArabic_400Regular.ttf',
  'noto-sans-arabic/700Bold/NotoSansArabic_700Bold.ttf',
  'noto-sans-hebrew/400Regular/NotoSansHebrew_400Regular.ttf',
  'noto-sans-hebrew/700Bold/NotoSansHebrew_700Bold.ttf',
];

/** The fonts beside this file and no others; the cache goes to XDG_CACHE_HOME. */
const fontsConfig = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir prefix="relative">fonts</dir><cachedir prefix="xdg">fontconfig</cachedir></fontconfig>
`;

function unpack(archive: string, folder: string): void {
  mkdirSync(folder, { recursive: true });
  const tar = brotliDecompressSync(readFileSync(join(archives, archive)));
  execFileSync('tar', ['--extract', '--file=-', `--directory=${folder}`, '--no-same-owner'], { input: tar });
}

rmSync(join(installed, 'opt'), { recursive: true, force: true });
unpack('al2023.tar.br', target);
unpack('swiftshader.tar.br', join(target, 'beside'));
unpack('fonts.tar.br', target);
for (const font of fonts)
  cpSync(join(packages, '@expo-google-fonts', font), join(target, 'fonts', font.replace(/^.*\//, '')));
writeFileSync(join(target, 'fonts.conf'), fontsConfig);
if (form === 'unpacked') {
  const browser = brotliDecompressSync(readFileSync(join(archives, 'chromium.br')));
  writeFileSync(join(target, 'chromium'), browser, { mode: 0o755 });
  cpSync(join(target, 'beside'), target, { recursive: true });
} else renameSync(join(archives, 'chromium.br'), join(target, 'chromium.br'));
// All that is needed of them is in the layer.
rmSync(packages, { recursive: true });
