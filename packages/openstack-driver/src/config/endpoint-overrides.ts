/** The services an endpoint can be overridden for, named as in the catalog. */
export type ServiceName = 'identity' | 'compute' | 'image' | 'network' | 'block-storage' | 'load-balancer'

/** The names operators know the services by. */
const serviceNames: Readonly<Record<string, ServiceName>> = {
  compute: 'compute',
  image: 'image',
  network: 'network',
  'block-storage': 'block-storage',
  block_storage: 'block-storage',
  volume: 'block-storage',
  volumev3: 'block-storage',
  'load-balancer': 'load-balancer',
  load_balancer: 'load-balancer',
}

/** Checks `endpoint_overrides`: known services, http or https URLs. */
export function readEndpointOverrides(overrides: Readonly<Record<string, string>>): {
  readonly value: Readonly<Partial<Record<ServiceName, string>>>
  readonly problems: readonly string[]
} {
  const value: Partial<Record<ServiceName, string>> = {}
  const problems: string[] = []
  for (const [name, url] of Object.entries(overrides)) {
    const service = Object.hasOwn(serviceNames, name) ? serviceNames[name] : undefined
    if (service === undefined) {
      problems.push(`endpoint_overrides.${name} is no known service, only ${Object.keys(serviceNames).join(', ')} are`)
    } else if (!isHttpUrl(url)) problems.push(`endpoint_overrides.${name} must be an http or https URL`)
    else value[service] = url
  }
  return { value, problems }
}

/** An absolute URL that the driver can talk to. */
export const isHttpUrl = (text: string): boolean => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)
