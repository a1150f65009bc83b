import type { FaultRule } from '../kernel/fault-rule.ts'

/** A fault that real OpenStack clouds are known for. */
export interface FaultPreset {
  /** What an operator sees, and where it comes from. */
  about: string
  /** The rule; `now` is the cloud's time in epoch milliseconds. */
  rule: (now: number) => FaultRule
}

const fixed = (about: string, rule: FaultRule): FaultPreset => ({ about, rule: () => rule })

const noValidHost = 'No valid host was found. There are not enough hosts available.'
const bindingFailed = 'Binding failed for port, please check neutron logs for more information.'

/** WebOb's page, in which Glance refuses. */
const page = (title: string, message: string): string =>
  `<html>\n <head>\n  <title>${title}</title>\n </head>\n <body>\n  <h1>${title}</h1>\n  ${message}<br /><br />\n\n\n\n </body>\n</html>`

const overLimit = { overLimit: { code: 429, message: 'This request was rate-limited.', details: 'Too many requests.' } }

const hold = (transition: string): FaultRule => ({ match: { transition }, do: { hold: true } })

/** Failure presets by name. Add one by `cloud.addPreset('no-valid-host')`, over HTTP by `{"preset": …}`. */
export const faultPresets = {
  'no-valid-host': fixed('The scheduler finds no host: the server is accepted (202) and goes to ERROR.', {
    match: { service: 'compute', operation: 'servers.create' },
    do: { state: { to: 'ERROR', message: noValidHost } },
  }),
  'port-binding-failed': fixed('Neutron cannot bind the port on the host: the server goes to ERROR while building.', {
    match: { service: 'compute', operation: 'servers.create' },
    do: { state: { to: 'ERROR', message: bindingFailed } },
  }),
  'server-stuck-building': fixed(
    'A lost message: the server stays in BUILD until released.',
    hold('servers.build.active'),
  ),
  'server-stuck-deleting': fixed(
    'A dead compute host: the delete is accepted, the server stays there deleting.',
    hold('servers.delete.deleted'),
  ),
  'server-gone-late': fixed('The deleted server still answers for a minute before it is 404.', {
    match: { transition: 'servers.delete.gone' },
    do: { delay: '1m' },
  }),
  'volume-stuck-creating': fixed(
    'The backend does not answer: the volume stays in creating.',
    hold('volumes.create.available'),
  ),
  'volume-create-fails': fixed('The backend refuses: the volume is accepted (202) and goes to error.', {
    match: { service: 'block-storage', operation: 'volumes.create' },
    do: { state: { to: 'error', message: noValidHost } },
  }),
  'volume-stuck-attaching': fixed(
    'The host does not see the volume: it stays in attaching.',
    hold('volumes.attach.in-use'),
  ),
  'volume-stuck-detaching': fixed(
    'The guest does not let go: the volume stays in detaching.',
    hold('volumes.detach.available'),
  ),
  'volume-stuck-deleting': fixed(
    'The backend does not answer: the volume stays in deleting.',
    hold('volumes.delete.gone'),
  ),
  'image-stuck-saving': fixed('The store hangs after the upload: 204, and the image stays in saving.', {
    match: { service: 'image', operation: 'images.upload' },
    do: { state: { to: 'saving', message: '' } },
  }),
  'address-taken': fixed('Another port took the address in between: 409 of Neutron.', {
    match: { service: 'network', operation: 'ports.create' },
    do: {
      respond: {
        status: 409,
        body: {
          NeutronError: {
            type: 'IpAddressAlreadyAllocated',
            message: 'IP address already allocated in subnet',
            detail: '',
          },
        },
      },
    },
  }),
  'load-balancer-immutable': fixed('Another change of the load balancer is under way: 409 of Octavia.', {
    match: { service: 'load-balancer', operation: 'members.create' },
    do: {
      respond: {
        status: 409,
        body: {
          faultcode: 'Client',
          faultstring: 'Load Balancer is immutable and cannot be updated.',
          debuginfo: null,
        },
      },
    },
  }),
  'quota-compute': fixed('Nova says a used-up quota with 403.', {
    match: { service: 'compute', operation: 'servers.create' },
    do: {
      respond: {
        status: 403,
        body: {
          forbidden: {
            code: 403,
            message: 'Quota exceeded for instances: Requested 1, but already used 200 of 200 instances',
          },
        },
      },
    },
  }),
  'quota-volume': fixed('Cinder says a used-up quota with 413 and Retry-After: 0, though no retry will help.', {
    match: { service: 'block-storage', operation: 'volumes.create' },
    do: {
      respond: {
        status: 413,
        headers: { 'retry-after': '0' },
        body: {
          overLimit: {
            code: 413,
            message: "VolumeLimitExceeded: Maximum number of volumes allowed (300) exceeded for quota 'volumes'.",
            retryAfter: '0',
          },
        },
      },
    },
  }),
  'quota-network': fixed('Neutron says a used-up quota with 409.', {
    match: { service: 'network', operation: 'ports.create' },
    do: {
      respond: {
        status: 409,
        body: { NeutronError: { type: 'OverQuota', message: "Quota exceeded for resources: ['port'].", detail: '' } },
      },
    },
  }),
  'quota-image': fixed('Glance says a used-up quota with 413, when the bytes arrive.', {
    match: { service: 'image', operation: 'images.upload' },
    do: {
      respond: {
        status: 413,
        body: page(
          '413 Request Entity Too Large',
          'Image storage quota exceeded: The size of the data 1048576 will exceed the limit. 0 bytes remaining.',
        ),
      },
    },
  }),
  'quota-load-balancer': fixed('Octavia says a used-up quota with 403.', {
    match: { service: 'load-balancer', operation: 'loadbalancers.create' },
    do: {
      respond: {
        status: 403,
        body: {
          faultcode: 'Client',
          faultstring: 'Quota has been met for resources: Load Balancer',
          debuginfo: null,
        },
      },
    },
  }),
  'token-expired': fixed('The token ends between two calls: 401 of every service, until there is a new login.', {
    match: { service: 'compute' },
    do: { expireToken: true },
  }),
  'rate-limited': fixed('A proxy limits the rate and says how many seconds to wait.', {
    match: { service: 'compute' },
    do: { respond: { status: 429, headers: { 'retry-after': '2' }, body: overLimit } },
  }),
  'rate-limited-until': {
    about: 'A proxy limits the rate and says until when to wait, as an HTTP date.',
    rule: (now) => ({
      match: { service: 'compute' },
      do: {
        respond: { status: 429, headers: { 'retry-after': new Date(now + 2000).toUTCString() }, body: overLimit },
      },
    }),
  },
  'bad-gateway': fixed('The load balancer in front of the API has no backend: a page of HTML.', {
    match: { service: 'compute' },
    do: {
      respond: {
        status: 502,
        body: '<html><body><h1>502 Bad Gateway</h1>\nThe server returned an invalid response.\n</body></html>\n',
      },
    },
  }),
  'answer-lost': fixed('The server is created, and the connection breaks before the answer arrives.', {
    match: { service: 'compute', operation: 'servers.create' },
    when: 'after',
    do: { reset: true },
  }),
  'request-lost': fixed('The connection breaks before the request has any effect.', {
    match: { service: 'compute', operation: 'servers.create' },
    when: 'before',
    do: { reset: true },
  }),
} as const satisfies Record<string, FaultPreset>

export type FaultPresetName = keyof typeof faultPresets

/** True for names of presets, for input that comes as text. */
export const isPresetName = (name: string): name is FaultPresetName => Object.hasOwn(faultPresets, name)

/** A preset's rule, with parts of it replaced (another operation, more times). */
export const presetRule = (
  name: FaultPresetName,
  now: number,
  changes: Partial<Omit<FaultRule, 'do'>> = {},
): FaultRule => ({ ...faultPresets[name].rule(now), ...changes })
