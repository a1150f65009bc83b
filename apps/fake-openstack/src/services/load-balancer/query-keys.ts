// Fields by which Octavia's database filters and the fake does not.

const ciphers = ['tls_ciphers', 'tls_versions', 'alpn_protocols']

export const unmodelledLoadBalancerKeys: readonly string[] = [
  ...['topology', 'vip', 'listeners', 'pools', 'amphorae', 'vrrp_group', 'server_group_id', 'additional_vips'],
  'vip_qos_policy_id',
]

export const unmodelledListenerKeys: readonly string[] = [
  ...ciphers,
  ...['peer_port', 'insert_headers', 'sni_container_refs', 'allowed_cidrs', 'l7policies', 'pools', 'stats'],
  ...['client_ca_tls_container_ref', 'client_crl_container_ref', 'default_pool', 'load_balancer'],
]

export const unmodelledPoolKeys: readonly string[] = [
  ...ciphers,
  ...['members', 'session_persistence', 'healthmonitor_id', 'healthmonitor', 'listeners', 'l7policies'],
  ...['tls_container_ref', 'ca_tls_container_ref', 'crl_container_ref', 'load_balancer'],
]

export const unmodelledPolicyKeys: readonly string[] = ['listener', 'redirect_pool', 'l7rules']

/** Query keys that are 501, by path. */
export const unmodelledQueryKeys: Readonly<Record<string, readonly string[]>> = {
  '/loadbalancers': unmodelledLoadBalancerKeys,
  '/listeners': unmodelledListenerKeys,
  '/pools': unmodelledPoolKeys,
  '/l7policies': unmodelledPolicyKeys,
}
