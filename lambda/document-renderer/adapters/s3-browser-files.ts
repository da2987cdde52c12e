import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { createHash } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';

export interface BrowserFiles {
  /** Folder of the layer. */
  readonly layerFolder: string;
  /** The browser, unpacked, with its drawing libraries beside it. */
  readonly executable: string;
  /** Key prefix of the files, without a slash at the end. */
  readonly folder: string;
}

/**
 * Puts the files of a browser as S3 Files takes them: owned by root, and the browser executable
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-files-posix-permissions.html). S3 verifies the digest of each.
 *
 * @returns SHA-256 of the executable, in Base64
 */
export async function putBrowserFiles(
  { client, bucketName }: { readonly client: Pick<S3Client, 'send'>; readonly bucketName: string },
  { layerFolder, executable, folder }: BrowserFiles,
): Promise<string> {
  const besides = filesIn(dirname(executable)).filter(([, file]) => file !== executable);
  const others = ['lib', 'fonts', 'fonts.conf'].flatMap((name) => filesIn(join(layerFolder, name), name));
  const put = async (name: string, file: string, permissions: string): Promise<string> => {
    const body = await readFile(file);
    const sha256 = createHash('sha256').update(body).digest('base64');
    await client.send(
      new PutObjectCommand({
        ...{ Bucket: bucketName, Key: `${folder}/${name}`, Body: body, ChecksumSHA256: sha256 },
        Metadata: { 'file-owner': '0', 'file-group': '0', 'file-permissions': permissions },
      }),
    );
    return sha256;
  };
  // One after another: the largest has 209 MB, which are held in memory.
  for (const [name, file] of [...besides, ...others]) await put(name, file, '0100644');
  return put('chromium', executable, '0100755');
}

/** Files of a folder, or the file itself: names below it, after a prefix, and paths. Links count as what they name. */
function filesIn(path: string, prefix = ''): [name: string, file: string][] {
  if (!statSync(path).isDirectory()) return [[prefix, path]];
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .map((name) => join(path, name))
    .filter((file) => statSync(file).isFile())
    .map((file) => [join(prefix, relative(path, file)), file]);
}
