import { nearestName } from '@openstack-cpi/cpi-core'

/** What operators bring along from other OpenStack tools. */
const synonyms: Readonly<Record<string, string>> = {
  password: 'api_key',
  user: 'username',
  user_name: 'username',
  project_name: 'project',
  tenant_name: 'tenant',
  tenant_id: 'project_id',
  domain_name: 'domain',
  region_name: 'region',
  interface: 'endpoint_type',
  security_groups: 'default_security_groups',
  key_name: 'default_key_name',
  cacert: 'connection_options.ca_cert',
  ca_cert: 'connection_options.ca_cert',
  insecure: 'connection_options.ssl_verify_peer',
}

/** The known name that was probably meant, also by a name of another OpenStack tool; undefined when none is near. */
export const closestName = (name: string, known: readonly string[]): string | undefined =>
  synonyms[name.toLowerCase().replaceAll('-', '_')] ?? nearestName(name, known)
