import sharp from 'sharp';

/**
 * Takes back what `guarded-sharp` blocks: libvips keeps that for the process, so a test of the handler that ran in the
 * same worker before would forbid these tests to read what no handler may.
 */
sharp.unblock({ operation: ['VipsForeignLoad'] });
