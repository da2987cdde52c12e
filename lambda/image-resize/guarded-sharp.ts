import sharp from 'sharp';

// Photos differ: what libvips would cache of the last one is memory that the next one lacks.
sharp.cache(false);

// libvips decodes SVG by default, which reads files and fetches URLs. So only the listed formats are allowed.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: [
    'VipsForeignLoadJpegBuffer',
    'VipsForeignLoadPngBuffer',
    'VipsForeignLoadWebpBuffer',
    'VipsForeignLoadNsgifBuffer',
    'VipsForeignLoadHeifBuffer',
    'VipsForeignLoadTiffBuffer',
  ],
});

/** sharp that decodes JPEG, PNG, WebP, GIF, AVIF and TIFF from memory and refuses everything else. */
export { sharp };
