import type { DynamicNetwork, JsonObject, ManualNetwork, VipNetwork } from '@openstack-cpi/cpi-core'

/** A manual network of a test, with `net-1` and an address unless told otherwise. */
export function manual(name: string, given: Partial<Omit<ManualNetwork, 'name' | 'type'>> = {}): ManualNetwork {
  const base = { ip: '10.0.0.7', dns: [], default: [], cloudProperties: { net_id: 'net-1' }, ...given }
  return { type: 'manual', name, ...base, raw: given.raw ?? rawOf('manual', base.ip, base.cloudProperties) }
}

/** A dynamic network of a test, with `net-1` unless told otherwise. */
export function dynamic(name: string, given: Partial<Omit<DynamicNetwork, 'name' | 'type'>> = {}): DynamicNetwork {
  const base = { dns: [], default: [], cloudProperties: { net_id: 'net-1' }, ...given }
  return {
    type: 'dynamic',
    name,
    ...base,
    raw: given.raw ?? { type: 'dynamic', cloud_properties: base.cloudProperties },
  }
}

/** A vip network of a test. */
export function vip(name: string, given: Partial<Omit<VipNetwork, 'name' | 'type'>> = {}): VipNetwork {
  const base = { ip: '203.0.113.9', cloudProperties: {}, ...given }
  return { type: 'vip', name, ...base, raw: given.raw ?? rawOf('vip', base.ip, base.cloudProperties) }
}

function rawOf(type: string, ip: string, cloudProperties: JsonObject): JsonObject {
  return { type, ip, cloud_properties: cloudProperties }
}
