import manifest from '../package.json' with { type: 'json' }

/** The version of this executable, as published. */
export const { version } = manifest
