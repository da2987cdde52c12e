import sharp from 'sharp';

// Every photo is different: what libvips would keep of the last one is memory that the next one lacks.
sharp.cache(false);

// libvips decodes SVG by default, which reads files and fetches addresses. So nothing is decoded but what is listed.
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
