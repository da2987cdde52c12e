import sharp from 'sharp';

/**
 * Allows again what `guarded-sharp` blocks. libvips keeps the block for the process, so a handler's test that ran in the
 * same worker would otherwise forbid these tests to read other formats.
 */
sharp.unblock({ operation: ['VipsForeignLoad'] });
