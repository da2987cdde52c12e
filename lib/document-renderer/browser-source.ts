import { join } from 'node:path';
import { nativeVersions } from '../bundling/native-source';

/** Lockfile of the browser and its fonts, and the Dockerfile that installs them in an image. */
export const nativeSource = join(__dirname, '..', '..', 'lambda', 'document-renderer', 'native');

/** Path of the browser's files, in a layer as in an image. */
export const browserFolder = '/opt/chromium';

/** Versions of browser and fonts: a document rendered with others is another one. */
export const browserVersion = Object.values(nativeVersions(nativeSource)).join(' ');
