import manifest from '../package.json' with { type: 'json' }

/** The version of this executable, as published. */
export const { version } = manifest

/** How the CPI names itself in requests to OpenStack. */
export const userAgent = `openstack-cpi/${version}`
